"""Checks of the samples in the section `task-design`."""

from __future__ import annotations

import json
import os
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

import pytest
from celery.exceptions import TimeLimitExceeded, WorkerLostError
from celery.signals import after_task_publish, before_task_publish, task_failure, task_unknown
from kombu.exceptions import EncodeError

from tests.samples.clocks import PATIENT
from tests.samples.harness import Call, Harness, Running
from tests.samples.servers import wait_until
from tests.samples.with_django import SET_UP, set_up_django

TWO_HOURS_LATER: Final = {"FAKETIME": "+2h x10"}
"""Variables of a worker that starts when what the last one left behind is overdue on Redis."""


@pytest.mark.verifies("pass-ids-not-objects/model-instance")
def test_an_order_cannot_be_sent(caller: Harness) -> None:
    sample = caller.load()
    with pytest.raises(EncodeError, match="Order is not JSON serializable"):
        sample.pay(1)
    assert not caller.shop.calls()


def _pay_and_correct_the_address(prefork: Harness, *, runs: int) -> list[Call]:
    """The parcels that are picked up ten minutes after the payment."""
    prefork.shop.add("Order", 1, address="Old Street")
    prefork.load().pay(1)
    prefork.shop.add("Order", 1, address="New Street")
    (paid, _) = prefork.shop.calls("Order.save")
    with prefork.worker(*PATIENT, speed=500) as worker:
        wait_until(lambda: worker.log.count("succeeded in") == runs, "all tasks have run")
    parcels = prefork.shop.calls("carrier.pick_up")
    assert all(parcel.at - paid.at > 595 for parcel in parcels)
    return parcels


@pytest.mark.verifies("pass-ids-not-objects/copied-fields")
def test_the_parcel_goes_to_an_address_that_has_changed(prefork: Harness) -> None:
    (parcel,) = _pay_and_correct_the_address(prefork, runs=1)
    assert parcel.args == [1, "Old Street"]


@pytest.mark.verifies("pass-ids-not-objects/primary-key")
def test_the_parcel_goes_to_the_present_address_unless_the_order_is_gone(prefork: Harness) -> None:
    prefork.load().pay(2)
    prefork.shop.delete("Order", 2)
    (parcel,) = _pay_and_correct_the_address(prefork, runs=2)
    assert parcel.args == [1, "New Street"]


PHOTO: Final = bytes(range(250)) * 4000
"""A megabyte."""


def _size_of_the_message(prefork: Harness) -> int:
    """Size on Redis of the message that a photo leads to."""
    prefork.load().upload(1, PHOTO)
    (message,) = prefork.redis.lrange("celery", 0, -1)
    return len(message)


@pytest.mark.verifies("small-payloads/bytes-in-message")
def test_the_photo_swells_the_message(prefork: Harness) -> None:
    assert 1.75e6 < _size_of_the_message(prefork) < 1.85e6


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of redis, to Celery
@pytest.mark.verifies("small-payloads/key-in-message")
def test_the_message_has_only_the_key_under_which_the_photo_is_stored(prefork: Harness) -> None:
    prefork.shop.on("storage.save", returns="photos/1")
    prefork.shop.on("storage.load", returns="the photo")

    def note(**others: object) -> None:
        prefork.write("stored", str(len(prefork.shop.calls("storage.save"))))

    before_task_publish.connect(note)
    assert 900 < _size_of_the_message(prefork) < 1100
    assert (prefork.folder / "stored").read_text() == "1"  # before the message left
    prefork.start_thread_worker(prefork.load().app)
    (thumbnail,) = prefork.shop.wait_for("photos.save_thumbnail")
    assert thumbnail.args == [1, "the photo"]
    (load,) = prefork.shop.calls("storage.load")
    assert load.args == ["photos/1"]


CARD: Final = {"card_token": "tok_1"}


def _charges_around_a_power_cut(prefork: Harness) -> list[Call]:
    """What is charged if the worker is killed before the order is saved, and the next runs it."""
    prefork.shop.add("Order", 1, total=50, paid=False, **CARD)
    prefork.shop.on("Order.save", {}, {"sleep": 60}, {})
    result = prefork.load().charge.delay(1)
    with prefork.worker("-c", "1") as worker:
        prefork.shop.wait_for("Order.save", 2)
        worker.kill()
    assert not prefork.shop.row("Order", 1)["paid"]
    with prefork.worker("-c", "1", speed=10, environment=TWO_HOURS_LATER):
        result.get(timeout=15)
        prefork.load().charge.delay(1).get(timeout=15)
    assert prefork.shop.row("Order", 1)["paid"]
    return prefork.shop.calls("payments.charge")


@pytest.mark.verifies("idempotent-tasks/charge-twice")
def test_the_second_delivery_charges_again(prefork: Harness) -> None:
    charges = _charges_around_a_power_cut(prefork)
    assert [call.args for call in charges] == [["tok_1", 50]] * 3
    assert not any(call.kwargs for call in charges)


@pytest.mark.verifies("idempotent-tasks/idempotency-key")
def test_the_second_delivery_has_the_same_key_and_a_third_does_nothing(prefork: Harness) -> None:
    charges = _charges_around_a_power_cut(prefork)
    assert [call.args for call in charges] == [["tok_1", 50]] * 2
    assert [call.kwargs for call in charges] == [{"idempotency_key": "order-1"}] * 2


STOCK: Final = """
from django.db import models

from shop import warehouse


class Order(models.Model):
    status = models.CharField(max_length=20, default="paid")
    stock_id = models.IntegerField()

    def save(self, **options):
        warehouse.about_to_save(self.pk)
        super().save(**options)

    class Meta:
        app_label = "shop"


class Stock(models.Model):
    left = models.IntegerField()

    class Meta:
        app_label = "shop"
"""


@dataclass
class _Store:
    """Two orders, each of one piece, and the stocks of ten pieces that they are taken from."""

    models: Any

    def __post_init__(self) -> None:
        self.models.Order.objects.bulk_create(
            self.models.Order(pk=pk, stock_id=pk) for pk in (1, 2, 3)
        )
        self.models.Stock.objects.bulk_create(self.models.Stock(pk=pk, left=10) for pk in (1, 2, 3))

    def state(self, pk: int) -> tuple[int, str]:
        """What is left of the stock, and the status of the order."""
        left = self.models.Stock.objects.get(pk=pk).left
        return left, self.models.Order.objects.get(pk=pk).status


@pytest.mark.verifies("atomic-side-effects/separate-writes")
def test_a_retry_takes_from_the_stock_again_and_a_crash_leaves_half(prefork: Harness) -> None:
    store = _Store(set_up_django(prefork, STOCK))
    prefork.shop.on("carrier.pick_up", {"raises": "ConnectionError"}, {}, {"kill": "SIGKILL"}, {})
    prefork.write("shop_worker.py", f"{SET_UP}from sample import app\n")
    ship = prefork.load().ship
    with prefork.worker("-c", "1", app="shop_worker", speed=20):
        ship.delay(1).get(timeout=15)
        assert store.state(1) == (8, "packed")
        with pytest.raises(WorkerLostError):
            ship.delay(2).get(timeout=15)
        assert store.state(2) == (9, "paid")


@pytest.mark.verifies("atomic-side-effects/one-transaction")
def test_stock_and_status_change_together_and_only_the_call_is_repeated(prefork: Harness) -> None:
    store = _Store(set_up_django(prefork, STOCK))
    prefork.shop.on("carrier.pick_up", {"raises": "ConnectionError"}, {})
    prefork.shop.on("warehouse.about_to_save", {}, {"kill": "SIGKILL"}, {})
    prefork.write("shop_worker.py", f"{SET_UP}from sample import app\n")
    ship = prefork.load().ship
    with prefork.worker("-c", "1", app="shop_worker", speed=20):
        ship.delay(1).get(timeout=15)
        assert store.state(1) == (9, "packed")
        with pytest.raises(WorkerLostError):
            ship.delay(2).get(timeout=15)
        assert store.state(2) == (10, "paid")
    calls = prefork.shop.calls("carrier.pick_up")
    assert [(call.args, call.kwargs) for call in calls] == [
        ([1], {"idempotency_key": "order-1"})
    ] * 2


def _effects_if_the_mail_fails_once(prefork: Harness) -> list[str]:
    """The external effects of an order in the end."""
    prefork.shop.on("mailer.send_receipt", {"raises": "ConnectionError"}, {})
    sample = prefork.load()
    run = getattr(sample.fulfil, "delay", sample.fulfil)
    run(1)
    with prefork.worker("-c", "1", speed=20) as worker:
        prefork.shop.wait_for("mailer.send_receipt", 2)
        wait_until(lambda: not prefork.redis.exists("celery", "unacked"), "nothing is left to do")
        assert worker.log.count("retry: Retry in 5s") == 1
    calls = prefork.shop.calls()
    assert all(call.args == [1] for call in calls)
    return [call.name for call in calls]


@pytest.mark.verifies("atomic-side-effects/three-effects")
def test_the_retry_captures_the_payment_and_books_the_parcel_again(prefork: Harness) -> None:
    steps = ["payments.capture", "carrier.book", "mailer.send_receipt"]
    assert _effects_if_the_mail_fails_once(prefork) == steps * 2


@pytest.mark.verifies("atomic-side-effects/one-effect-each")
def test_only_the_mail_is_sent_again(prefork: Harness) -> None:
    steps = ["payments.capture", "carrier.book", "mailer.send_receipt"]
    assert _effects_if_the_mail_fails_once(prefork) == [*steps, steps[-1]]


def _update_120_prices(prefork: Harness) -> int:
    """Have the prices of all active products updated; returns how many messages wait for that."""
    rows = {f"Product/{pk}": {"active": pk <= 120} for pk in range(1, 131)}
    prefork.write("rows.json", json.dumps(rows))
    prefork.load().update_all_prices()
    return int(prefork.redis.llen("celery"))


def _updated(prefork: Harness) -> list[int]:
    """Keys of the products in the order of their updates."""
    return [call.args[0] for call in prefork.shop.calls("Product.update_price")]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of redis, to Celery
@pytest.mark.verifies("chunk-large-fan-outs/message-per-row")
def test_each_product_costs_a_message_and_a_result(prefork: Harness) -> None:
    assert _update_120_prices(prefork) == 120
    prefork.start_thread_worker(prefork.load().app)
    prefork.shop.wait_for("Product.update_price", 120)
    wait_until(
        lambda: len(prefork.results.keys("celery-task-meta-*")) == 120, "a result for each product"
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of redis, to Celery
@pytest.mark.verifies("chunk-large-fan-outs/chunks")
def test_a_hundred_products_share_a_message_and_a_failure(prefork: Harness) -> None:
    prefork.shop.on("Product.update_price", *[{}] * 49, {"raises": "KeyError"}, {})
    assert _update_120_prices(prefork) == 2
    prefork.start_thread_worker(prefork.load().app)
    wait_until(lambda: len(prefork.results.keys("celery-task-meta-*")) == 2, "both are done")
    assert _updated(prefork) == [*range(1, 51), *range(101, 121)]


@pytest.mark.verifies("chunk-large-fan-outs/list-of-ids")
def test_a_hundred_products_share_a_message_and_a_retry(prefork: Harness) -> None:
    prefork.shop.on("Product.update_price", *[{}] * 49, {"raises": "ConnectionError"}, {})
    assert _update_120_prices(prefork) == 2
    with prefork.worker("-c", "1", speed=20) as worker:
        prefork.shop.wait_for("Product.update_price", 170)
        assert worker.log.count("retry: Retry in 5s") == 1
    assert _updated(prefork) == [*range(1, 51), *range(101, 121), *range(1, 101)]


MODELS: Final = """
from django.db import models


class Order(models.Model):
    total = models.IntegerField()

    class Meta:
        app_label = "shop"
"""
RECEIPTS: Final = """
from celery import Celery

from shop import mail
from shop.models import Order

app = Celery("shop")


@app.task
def send_receipt(order_id):
    mail.send(Order.objects.get(pk=order_id).total)
"""


@pytest.mark.verifies("enqueue-after-commit/inside-transaction")
def test_the_receipt_is_written_before_the_order_and_without_one(in_process: Harness) -> None:
    order = set_up_django(in_process, MODELS).Order
    in_process.write("shop/tasks.py", RECEIPTS)
    checkout = in_process.load().checkout
    in_process.start_thread_worker(in_process.load("shop.tasks").app)
    errors: list[Exception] = []

    def failed(exception: Exception, **others: object) -> None:
        errors.append(exception)

    task_failure.connect(failed)

    def close() -> None:
        wait_until(lambda: errors, "the receipt has failed")

    def refuse() -> None:
        raise RuntimeError("out of stock")

    checkout(SimpleNamespace(total=50, close=close))
    assert isinstance(errors[0], order.DoesNotExist)
    assert order.objects.count() == 1  # a moment later it is there
    with pytest.raises(RuntimeError, match="out of stock"):
        checkout(SimpleNamespace(total=50, close=refuse))
    assert order.objects.count() == 1
    wait_until(lambda: len(errors) == 2, "the message of the rolled-back order is there")
    assert not in_process.shop.calls("mail.send")


@pytest.mark.verifies("enqueue-after-commit/on-commit")
def test_the_receipt_is_sent_at_the_outermost_commit_and_never_else(in_process: Harness) -> None:
    order = set_up_django(in_process, MODELS).Order
    in_process.write("shop/tasks.py", RECEIPTS)
    sample = in_process.load()
    in_process.start_thread_worker(in_process.load("shop.tasks").app)
    published: list[str] = []

    def note(sender: str, **others: object) -> None:
        published.append(sender)

    after_task_publish.connect(note)

    def close() -> None:
        assert not published

    def refuse() -> None:
        raise RuntimeError("out of stock")

    with pytest.raises(RuntimeError, match="out of stock"):
        sample.checkout(SimpleNamespace(total=40, close=refuse))
    with sample.transaction.atomic():
        sample.checkout(SimpleNamespace(total=50, close=close))
        assert not published
    (receipt,) = in_process.shop.wait_for("mail.send")
    assert receipt.args == [50]
    assert published == ["shop.tasks.send_receipt"]
    assert order.objects.count() == 1


SHIPPING: Final = """
from celery import Celery
from celery.signals import before_task_publish

from shop import carrier, network
from shop.models import Order

app = Celery("shop")


@app.task
def ship(order_id):
    carrier.pick_up(order_id)
    Order.objects.filter(pk=order_id).update(status="shipped")


@before_task_publish.connect(sender=ship.name)
def about_to_publish(**others):
    network.send()
"""
ORDERS: Final = """
from django.db import models


class Order(models.Model):
    status = models.CharField(max_length=20, default="new")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "shop"
"""


def _pay_in_vain(prefork: Harness) -> Any:
    """Pay order 1, whose message is lost, and order 2 in a process that dies before it is sent.

    Returns:
        the orders.
    """
    prefork.write("shop/tasks.py", SHIPPING)
    order = set_up_django(prefork, ORDERS).Order
    order.objects.bulk_create(order(pk=pk) for pk in (1, 2, 3))
    prefork.load().pay(1)
    assert prefork.redis.llen("celery") == 1
    prefork.redis.flushdb()
    prefork.shop.on("network.send", {}, {"kill": "SIGKILL"}, {})
    pay = f"{SET_UP}import sample\nsample.pay(2)\n"
    assert prefork.run(sys.executable, "-c", pay).returncode == -signal.SIGKILL
    assert not prefork.redis.exists("celery")
    return order.objects


@contextmanager
def _worker_and_beat(prefork: Harness) -> Iterator[None]:
    """A worker with beat inside and a clock that makes a quarter of an hour of a second."""
    prefork.write("shop_worker.py", f"{SET_UP}import sample\nfrom shop.tasks import app\n")
    arguments = ("-c", "1", "-B", "-s", str(prefork.folder / "schedule"), *PATIENT)
    with prefork.worker(*arguments, app="shop_worker", speed=900):
        yield


@pytest.mark.verifies("recover-missed-work/sent-once")
def test_orders_without_a_message_stay_paid(prefork: Harness) -> None:
    orders = _pay_in_vain(prefork)
    prefork.load("shop.tasks").ship.apply_async((3,), countdown=25 * 60)
    with _worker_and_beat(prefork):
        wait_until(lambda: orders.get(pk=3).status == "shipped", "the worker works", timeout=15)
    assert [order.status for order in orders.order_by("pk")] == ["paid", "paid", "shipped"]


@pytest.mark.verifies("recover-missed-work/sweep")
def test_the_sweep_sends_what_is_overdue_once(prefork: Harness) -> None:
    orders = _pay_in_vain(prefork)
    sample = prefork.load()
    sample.send_overdue()
    assert not prefork.redis.exists("celery")  # the messages may only be late
    orders.update(sent_at=orders.get(pk=1).sent_at - sample.timedelta(minutes=15))
    sample.send_overdue()
    sample.send_overdue()
    assert prefork.redis.llen("celery") == 2
    prefork.redis.flushdb()  # lost again
    with _worker_and_beat(prefork):
        wait_until(lambda: orders.filter(status="shipped").count() == 2, "shipped", timeout=15)
    parcels = prefork.shop.calls("carrier.pick_up")
    assert sorted(parcel.args[0] for parcel in parcels) == [1, 2]


@pytest.mark.verifies("unique-task-names/copied-name")
def test_one_function_is_run_for_both_tasks_of_a_name(in_process: Harness) -> None:
    warnings.simplefilter("ignore")  # what Celery says of it since 5.7
    sample = in_process.load()
    in_process.start_thread_worker(sample.app)
    for _ in range(2):
        sample.mail_receipt.delay(1).get(timeout=10, interval=0.01)
        sample.mail_invoice.delay(1).get(timeout=10, interval=0.01)
    calls = in_process.shop.calls()
    assert len(calls) == 4
    assert len({call.name for call in calls}) == 1


def _waiting(app: Any) -> int:
    """How many messages are in the queue."""
    with app.connection_for_read() as connection:
        return int(connection.default_channel.queue_declare("celery", passive=True).message_count)


def _old_message(in_process: Harness) -> Any:
    """Have a worker in the moved module receive a message from before; returns the module."""
    in_process.write("shop/mail.py", in_process.sample.code)
    moved = in_process.load("shop.mail")
    moved.app.send_task("shop.tasks.mail_receipt", (1,))
    in_process.start_thread_worker(moved.app)
    return moved


@pytest.mark.verifies("unique-task-names/moved-module")
def test_a_message_with_the_old_name_is_discarded(in_process: Harness) -> None:
    unknown: list[str] = []

    def note(name: str, **others: object) -> None:
        unknown.append(name)

    task_unknown.connect(note)
    moved = _old_message(in_process)
    assert moved.mail_receipt.name == "shop.mail.mail_receipt"
    wait_until(lambda: unknown == ["shop.tasks.mail_receipt"], "the message is received")
    assert _waiting(moved.app) == 0
    moved.mail_receipt.delay(2).get(timeout=10, interval=0.01)
    assert [call.args for call in in_process.shop.calls("mailer.send_receipt")] == [[2]]


@pytest.mark.verifies("unique-task-names/explicit-names")
def test_every_name_old_or_new_runs_its_own_function(in_process: Harness) -> None:
    moved = _old_message(in_process)
    assert moved.mail_receipt.name == "shop.mail_receipt"
    moved.mail_receipt.delay(2).get(timeout=10, interval=0.01)
    moved.mail_invoice.delay(3).get(timeout=10, interval=0.01)
    calls = in_process.shop.calls()
    assert [(call.name, call.args) for call in calls] == [
        ("mailer.send_receipt", [1]),
        ("mailer.send_receipt", [2]),
        ("mailer.send_invoice", [3]),
    ]


def _calls_of_capture_and_refund(in_process: Harness) -> list[tuple[str, list[Any]]]:
    """What a worker calls for a capture and a refund."""
    sample = in_process.load()
    in_process.start_thread_worker(sample.app)
    sample.capture.delay(1).get(timeout=10, interval=0.01)
    sample.refund.delay(2).get(timeout=10, interval=0.01)
    return [(call.name, call.args) for call in in_process.shop.calls()]


@pytest.mark.verifies("task-decorator-outermost/decorator-on-top")
def test_the_task_is_hidden_and_runs_without_the_decorator(in_process: Harness) -> None:
    sample = in_process.load()
    with pytest.raises(AttributeError, match="'function' object has no attribute 'delay'"):
        sample.refund.delay(1)
    in_process.start_thread_worker(sample.app)
    sample.app.send_task("sample.refund", (1,)).get(timeout=10, interval=0.01)
    (call,) = in_process.shop.calls()
    assert (call.name, call.args) == ("payments.refund", [1])


@pytest.mark.verifies("task-decorator-outermost/without-wraps")
def test_two_tasks_have_one_name_and_one_function(in_process: Harness) -> None:
    warnings.simplefilter("ignore")  # what Celery says of it since 5.7
    calls = _calls_of_capture_and_refund(in_process)
    assert [args for name, args in calls if name != "audit.record"] == [[1], [2]]
    assert len({name for name, args in calls}) == 2  # the audit and one of the two functions
    assert [name for name in in_process.load().app.tasks if name.startswith("sample.")] == [
        "sample.wrapper"
    ]


@pytest.mark.verifies("task-decorator-outermost/task-on-top")
def test_each_task_keeps_its_name_and_is_audited(in_process: Harness) -> None:
    assert _calls_of_capture_and_refund(in_process) == [
        ("audit.record", ["capture", [1]]),
        ("payments.capture", [1]),
        ("audit.record", ["refund", [2]]),
        ("payments.refund", [2]),
    ]
    assert {"sample.capture", "sample.refund"} < in_process.load().app.tasks.keys()


BOOKING: Final = "sample.book_parcel"


@pytest.mark.verifies("base-task-class/copied-options")
def test_the_option_that_was_not_copied_is_missed(prefork: Harness) -> None:
    for name in "payments.refund", "carrier.book":
        prefork.shop.on(name, {"raises": "ConnectionError"}, {})
    sample = prefork.load()
    with prefork.worker("-c", "1", speed=20):
        sample.refund.delay(1).get(timeout=15)
        with pytest.raises(ConnectionError):
            sample.book_parcel.delay(1).get(timeout=15)
    assert len(prefork.shop.calls("payments.refund")) == 2
    assert len(prefork.shop.calls("carrier.book")) == 1


@pytest.mark.verifies("base-task-class/base-class")
def test_every_task_has_the_retries_the_limit_and_the_alarm(prefork: Harness) -> None:
    prefork.shop.on("payments.refund", {"raises": "ConnectionError"}, {}, {"sleep": 100})
    prefork.shop.on("carrier.book", raises="ConnectionError")
    sample = prefork.load()
    assert sample.app.tasks["celery.backend_cleanup"].time_limit == 60
    with prefork.worker("-c", "1", speed=60):
        sample.refund.delay(1).get(timeout=15)
        with pytest.raises(TimeLimitExceeded, match="60"):
            sample.refund.delay(2).get(timeout=15)
        result = sample.book_parcel.delay(3)
        with pytest.raises(ConnectionError):
            result.get(timeout=15)
        prefork.shop.wait_for("alerts.send")
    booked = [call.name for call in prefork.shop.calls() if call.args[0] in (3, BOOKING)]
    assert booked == ["carrier.book", "carrier.book", "alerts.send"]
    assert prefork.shop.calls()[-1].args == [BOOKING, result.id]


def _exports_of_two_days(prefork: Harness) -> tuple[Running, list[list[int]]]:
    """The worker that has exported two days, and the orders that each export contains."""
    for pk, day in (1, "Monday"), (2, "Monday"), (3, "Tuesday"):
        prefork.shop.add("Order", pk, day=day)
    export = prefork.load().export
    with prefork.worker("-c", "1") as worker:
        for day in "Monday", "Tuesday":
            export.delay(day).get(timeout=15)
    return worker, [call.args[1] for call in prefork.shop.calls("warehouse.write")]


@pytest.mark.verifies("base-task-class/state-on-self")
def test_the_second_export_has_the_orders_of_the_first_too(prefork: Harness) -> None:
    worker, exports = _exports_of_two_days(prefork)
    assert exports == [[1, 2], [1, 2, 3]]
    connected = {call.pid for call in prefork.shop.calls("warehouse.connect")}
    assert connected == {worker.pid, os.getpid()}  # never in the child process, where it is used


@pytest.mark.verifies("base-task-class/state-in-the-run")
def test_each_export_has_its_own_orders_and_each_process_its_connection(prefork: Harness) -> None:
    _, exports = _exports_of_two_days(prefork)
    assert exports == [[1, 2], [3]]
    (connected,) = prefork.shop.calls("warehouse.connect")
    assert connected.pid == prefork.shop.calls("warehouse.write")[0].pid


@pytest.mark.verifies("valid-task-options/unknown-names")
def test_unknown_options_are_stored_and_have_no_effect(prefork: Harness) -> None:
    prefork.shop.on("Invoice.render_pdf", sleep=120)
    task = prefork.load().render_invoice
    assert (task.task_time_limit, task.retry_limit) == (60, 5)
    assert (task.time_limit, task.max_retries) == (None, 3)
    with prefork.worker(speed=80) as worker:
        task.delay(1).get(timeout=15)
        worker.wait_for("succeeded in")


@pytest.mark.verifies("valid-task-options/known-names")
def test_known_options_have_an_effect(prefork: Harness) -> None:
    prefork.shop.on("Invoice.render_pdf", sleep=120)
    task = prefork.load().render_invoice
    assert task.max_retries == 5
    with prefork.worker(speed=80), pytest.raises(TimeLimitExceeded, match="60"):
        task.delay(1).get(timeout=15)


TASKS: Final = """
from celery import Celery

app = Celery("shop")


@app.task({options})
def render_invoice(invoice_id):
    ...
"""
READ: Final = """
autoretry_for=(OSError,), dont_autoretry_for=(KeyError,), retry_kwargs={}, retry_backoff=2,
retry_backoff_max=60, retry_jitter=False, queue="a", exchange="a", routing_key="a",
delivery_mode=1, compression="gzip", store_eager_result=True, bind=True, time_limit=60,
name="shop.render", base=None, typing=False, serializer="json", priority=5,
"""


@pytest.mark.filterwarnings("ignore::celery.exceptions.CDeprecationWarning")  # of `queue` etc.
@pytest.mark.verifies("valid-task-options/test-names")
def test_the_test_finds_names_that_are_no_options(caller: Harness) -> None:
    caller.write("shop/tasks.py", TASKS.format(options=READ))
    sample = caller.load()
    sample.test_task_options_exist()
    caller.write("shop/wrong.py", TASKS.format(options="task_time_limit=60, retry_limit=5"))
    sample.app = caller.load("shop.wrong").app
    with pytest.raises(AssertionError) as failure:
        sample.test_task_options_exist()
    assert failure.value.args[0] == (
        "shop.wrong.render_invoice",
        {"task_time_limit", "retry_limit"},
    )
