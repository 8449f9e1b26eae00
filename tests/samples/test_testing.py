"""Checks of the samples in the section `testing`, which are tests of the shop themselves."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.samples.harness import Harness
from tests.samples.servers import free_port

PAYING = """
from celery import Celery

from shop import payments
from shop.models import Order

app = Celery("shop", broker="redis://localhost")


@app.task
def pay_order(order_id):
    order = Order.objects.get(pk=order_id)
    payments.charge(order_id)
    order.paid = True
    order.save()
"""
CHECKOUT = """
from shop.tasks import pay_order


def checkout(order_id):
    pay_order.delay(order_id)
"""
CONFIRMING = """
from celery import Celery

from shop.models import Order

app = Celery("shop", broker="redis://localhost", backend="redis://localhost/1")
app.conf.task_routes = {"shop.mail.*": {"queue": "mail"}}


@app.task(name="shop.mail.confirm_order")
def confirm_order(order_id):
    order = Order.objects.get(pk=order_id)
    return order.send_confirmation() or order
"""
"""An order cannot be serialised, so the result cannot unless sending returns something."""
WRONG_QUEUE = CONFIRMING.replace('"queue": "mail"', '"queue": "mails"')
THREE_TIMES = """
import pytest
from sample import test_confirm_order as run
from sample import worker


@pytest.mark.parametrize("number", range(3))
def test_confirm_order(worker, number):
    run(worker)
"""
EXPORTING = """
from celery import Celery

from shop.models import Order

app = Celery("shop", broker="redis://localhost", backend="redis://localhost/1")


@app.task(time_limit=1)
def export_orders(year):
    Order.export(year)
"""
WITHOUT_LIMIT = EXPORTING.replace("time_limit=1", "")


def _tests(harness: Harness, **modules: str) -> Any:
    """The sample, which tests these modules of the shop, where there is no broker."""
    harness.broker_url = f"redis://127.0.0.1:{free_port()}"
    harness.enter()
    for name, code in modules.items():
        harness.write(f"shop/{name}.py", code)
        sys.modules.pop(f"shop.{name}", None)
    sys.modules.pop("sample", None)
    importlib.invalidate_caches()
    return harness.load()


@pytest.mark.verifies("test-without-eager/eager")
def test_an_eager_test_passes_although_the_task_fails(caller: Harness) -> None:
    caller.shop.on("payments.charge", raises="OSError")
    sample = _tests(caller, tasks=PAYING, checkout=CHECKOUT)
    sample.test_checkout_pays_order()
    assert len(caller.shop.calls("payments.charge")) == 1
    assert "paid" not in caller.shop.row("Order", 1)
    sample.app.conf.task_eager_propagates = True
    with pytest.raises(OSError, match="told to fail"):
        sample.test_checkout_pays_order()


@pytest.mark.verifies("test-without-eager/body-and-sending")
def test_body_and_sending_are_tested_without_broker_and_worker(caller: Harness) -> None:
    caller.shop.add("Order", 1, paid=False)
    sample = _tests(caller, tasks=PAYING, checkout=CHECKOUT)
    sample.test_checkout_sends_task()
    assert not caller.shop.calls("payments.charge")
    sample.test_pay_order()
    assert len(caller.shop.calls("payments.charge")) == 1

    caller.shop.on("payments.charge", raises="OSError")
    with pytest.raises(OSError, match="told to fail"):
        sample.test_pay_order()
    caller.shop.on("payments.charge")

    caller.shop.add("Order", 1, paid=False)
    sample = _tests(caller, tasks=PAYING.replace("    order.save()", ""), checkout=CHECKOUT)
    with pytest.raises(AssertionError):
        sample.test_pay_order()
    for wrong in "pay_order(order_id)", "pay_order.delay(order_id=2)":
        checkout = CHECKOUT.replace("pay_order.delay(order_id)", wrong)
        sample = _tests(caller, tasks=PAYING, checkout=checkout)
        with pytest.raises(AssertionError):
            sample.test_checkout_sends_task()


@pytest.mark.verifies("integration-test-real-worker/in-the-caller")
def test_it_passes_with_a_wrong_queue_and_a_result_that_cannot_be_stored(caller: Harness) -> None:
    _tests(caller, tasks=WRONG_QUEUE).test_confirm_order()
    assert len(caller.shop.calls("Order.send_confirmation")) == 1


def _pytest(harness: Harness, tasks: str, file: str = "sample.py", *, speed: float = 1) -> str:
    """What pytest prints of a file of tests, when these are the tasks of the shop."""
    harness.write("pytest.ini", "[pytest]\n")  # so that ours has no say
    harness.write("shop/tasks.py", tasks)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", file]
    with harness.command(command, speed=speed, environment=environment) as running:
        running.wait(timeout=30)
        return running.log


@pytest.mark.verifies("integration-test-real-worker/embedded-worker", limit=40)
def test_it_fails_with_a_wrong_queue_a_bad_result_or_an_error(prefork: Harness) -> None:
    prefork.shop.on("Order.send_confirmation", {"returns": "sent"}, {"raises": "OSError"}, {})
    prefork.write("three_times.py", THREE_TIMES)
    output = _pytest(prefork, CONFIRMING, "three_times.py")
    assert "= 2 failed, 1 passed" in output
    assert "OSError: told to fail" in output
    assert "Object of type Order is not JSON serializable" in output
    output = _pytest(prefork, WRONG_QUEUE, speed=10)
    assert "= 1 failed" in output
    assert "TimeoutError: The operation timed out" in output
    assert prefork.redis.llen("mails") == 1
    assert len(prefork.shop.calls("Order.send_confirmation")) == 3


@pytest.mark.verifies("integration-test-real-worker/worker-process", limit=40)
def test_it_fails_if_the_export_has_no_limit(prefork: Harness) -> None:
    prefork.shop.on("Order.export", {"sleep": 60}, {"sleep": 2})
    assert "= 1 passed" in _pytest(prefork, EXPORTING, speed=2)
    output = _pytest(prefork, WITHOUT_LIMIT, speed=2)
    assert "= 1 failed" in output
    assert "DID NOT RAISE TimeLimitExceeded" in output
    assert len(prefork.shop.calls("Order.export")) == 2
