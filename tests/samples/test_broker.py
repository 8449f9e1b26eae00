"""Checks of the samples in the section `broker`."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any, Final

import pytest
from celery import Celery
from celery.exceptions import ImproperlyConfigured, TimeLimitExceeded
from kombu.exceptions import OperationalError
from redis.exceptions import OutOfMemoryError

from tests.samples.harness import Harness, Running
from tests.samples.servers import free_port, wait_until

REPORTS: Final = """
from sample import app
from shop import reports


@app.task(acks_late=True)
def write(number):
    reports.write(number)
"""


def _patience(app: Any) -> list[str]:
    """Last arguments of a worker with a very fast clock.

    To it Redis seems to be dead for long, and new child processes to take hours to start.
    """
    options = app.conf.broker_transport_options | {"health_check_interval": 1000000}
    told = f"broker.transport_options=(dict){json.dumps(options)}"
    return ["--", told, "worker.proc_alive_timeout=100000"]


def _address(harness: Harness) -> str:
    """The broker that the sample names, in place of which there is ours."""
    return str(harness.load().app.conf.get("broker_url"))


def _around_a_power_cut(harness: Harness) -> tuple[list[int], int]:
    """What happens when a worker is killed amid task 1, and the next one is sent task 2 as well.

    Returns:
        the tasks that were run, and how many workers answer to `celery inspect` afterwards.
    """
    harness.write("shop_worker.py", REPORTS)
    harness.shop.on("reports.write", {"sleep": 600}, {})
    write = harness.load("shop_worker").write
    write.delay(1)
    with harness.worker("-c", "1", app="shop_worker", speed=20) as worker:
        harness.shop.wait_for("reports.write")
        worker.kill()
    write.delay(2)
    with harness.worker("-c", "1", app="shop_worker", speed=20) as worker:
        runs: list[int] = []
        while 2 not in runs:
            number = len(runs) + 1
            runs = [call.args[0] for call in harness.shop.wait_for("reports.write", number)]
        worker.wait_for("succeeded in")
        answers = write.app.control.ping(timeout=1, limit=1)
    return sorted(runs), len(answers)


@pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")  # of SQLAlchemy, to Kombu
@pytest.mark.verifies("production-broker/database-as-broker")
def test_a_database_never_delivers_again_what_a_killed_worker_had(prefork: Harness) -> None:
    transport, plus, _ = _address(prefork).partition("+")
    database = prefork.folder / "queue.db"
    prefork.broker_url = f"{transport}{plus}sqlite:///{database}"
    prefork.enter()
    assert _around_a_power_cut(prefork) == ([1, 2], 0)
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT visible FROM kombu_message ORDER BY id").fetchall()
    assert rows == [(0,), (0,)]  # hidden, as is the message whose task has run


@pytest.mark.verifies("production-broker/message-broker")
def test_rabbitmq_delivers_again_what_a_killed_worker_had(rabbitmq: Harness) -> None:
    assert _address(rabbitmq).partition(":")[0] == rabbitmq.broker_url.partition(":")[0]
    assert _around_a_power_cut(rabbitmq) == ([1, 1, 2], 1)


@pytest.mark.verifies("redelivery-deadline/default-deadline")
def test_after_an_hour_a_second_run_starts_while_the_first_goes_on(prefork: Harness) -> None:
    prefork.shop.on("reports.write_orders", sleep=80 * 60)
    sample = prefork.load()
    sample.export_orders.delay(2026)
    with prefork.worker(*_patience(sample.app), speed=2500) as worker:
        first, second = prefork.shop.wait_for("reports.write_orders", 2)
        worker.wait_for("succeeded in")
    assert first.args == second.args == [2026]
    assert 3600 < second.at - first.at < 4800  # before the first run is over
    assert first.pid != second.pid


@pytest.mark.verifies("redelivery-deadline/deadline-above-limit")
def test_even_a_run_up_to_the_time_limit_is_the_only_one(prefork: Harness) -> None:
    prefork.shop.on("reports.write_orders", {"sleep": 3 * 3600}, {})
    sample = prefork.load()
    results = [sample.export_orders.delay(year) for year in (2025, 2026)]
    with prefork.worker("-c", "1", *_patience(sample.app), speed=2500) as worker:
        prefork.shop.wait_for("reports.write_orders")
        assert prefork.redis.hlen("unacked") == 1
        assert prefork.redis.llen("celery") == 1  # waits where it has no deadline
        with pytest.raises(TimeLimitExceeded):
            results[0].get(timeout=15)
        results[1].get(timeout=15)
        assert worker.log.count("received") == 2
    first, second = prefork.shop.calls("reports.write_orders")
    assert (first.args, second.args) == ([2025], [2026])
    assert second.at - first.at > 2 * 3600


@contextmanager
def _redis(harness: Harness) -> Iterator[tuple[Running, Celery]]:
    """A Redis server with the sample's configuration and, to fill it soon, 8 MB; a caller's app."""
    harness.write("redis.conf", harness.sample.code)
    port = str(free_port())
    command = ["redis-server", "redis.conf", "--bind", "127.0.0.1", "--port", port]
    with harness.command([*command, "--maxmemory", "8mb"]) as server:
        server.wait_for("Ready to accept connections")
        os.environ["CELERY_BROKER_URL"] = f"redis://127.0.0.1:{port}"
        yield server, Celery("shop")


def _waiting(app: Celery) -> int:
    """How many tasks wait in the queue."""
    with app.connection_for_read() as connection:
        return int(connection.default_channel.client.llen("celery"))


def _fill(app: Celery, number: int) -> None:
    """Store so many times 50 kB beside the queue."""
    with app.connection_for_write() as connection:
        client = connection.default_channel.client
        wait_until(lambda: client.object("idletime", "celery"), "the queue is unused for a second")
        for each in range(number):
            client.set(f"cache:{each}", bytes(50_000))


@pytest.mark.verifies("redis-persistence-and-eviction/cache-server")
def test_a_full_server_deletes_the_queue_and_a_restart_empties_it(prefork: Harness) -> None:
    with _redis(prefork) as (server, app):
        for _ in range(50):
            app.send_task("shop.report")
        assert _waiting(app) == 50
        _fill(app, 1000)
        assert _waiting(app) == 0
    with _redis(prefork) as (server, app):
        app.send_task("shop.report")
        assert _waiting(app) == 1
        server.stop()
    with _redis(prefork) as (server, app):
        assert _waiting(app) == 0


@pytest.mark.verifies("redis-persistence-and-eviction/broker-server")
def test_a_full_server_refuses_new_tasks_and_keeps_the_others(prefork: Harness) -> None:
    sent: list[object] = []

    def send() -> None:
        for _ in range(10000):
            sent.append(app.send_task("shop.report"))

    with _redis(prefork) as (server, app):
        app.send_task("shop.report")
        with pytest.raises(OutOfMemoryError):
            _fill(app, 1000)
        with pytest.raises(OperationalError, match="maxmemory"):
            send()
        assert _waiting(app) == 1 + len(sent)
        server.kill()
    with _redis(prefork) as (server, app):
        assert _waiting(app) == 1 + len(sent)


def _vhost(rabbitmq: Harness) -> str:
    """The virtual host that the check has to itself."""
    return rabbitmq.broker_url.rpartition("/")[2]


def _queue_type(rabbitmq: Harness, name: str) -> str:
    """Type of a queue as RabbitMQ says it."""
    return str(rabbitmq.api.api("GET", f"queues/{_vhost(rabbitmq)}/{name}")["type"])


def _let_the_queue_refuse_messages(rabbitmq: Harness) -> None:
    refusal = {"max-length": 1, "overflow": "reject-publish"}
    policy = {"pattern": "^reports$", "definition": refusal, "apply-to": "queues"}
    rabbitmq.api.api("PUT", f"policies/{_vhost(rabbitmq)}/full", policy)


def _send_a_hundred(task: Any) -> None:
    for year in range(2100, 2200):
        task.delay(year)


@pytest.mark.verifies("rabbitmq-quorum-queues/default-queue-only", versions=">=5.5")
def test_delayed_tasks_hold_up_the_others_in_a_classic_queue(rabbitmq: Harness) -> None:
    export = rabbitmq.load().export_orders
    with rabbitmq.worker("-c", "1", "-Q", "celery,reports", speed=10) as worker:
        assert _queue_type(rabbitmq, "celery") == "quorum"
        assert _queue_type(rabbitmq, "reports") == "classic"
        for year in range(2021, 2025):
            export.apply_async((year,), countdown=30)
        wait_until(lambda: worker.log.count("received") == 4, "all delayed tasks are received")
        export.delay(2026)
        runs = rabbitmq.shop.wait_for("reports.write_orders", 5)
    assert runs[0].args == [2021]  # which was due after half a minute


@pytest.mark.verifies("rabbitmq-quorum-queues/quorum-throughout", versions=">=5.6", limit=40)
def test_delayed_tasks_wait_in_rabbitmq(rabbitmq: Harness) -> None:
    sample = rabbitmq.load()
    with rabbitmq.worker("-c", "1", "-Q", "celery,reports") as worker:
        assert _queue_type(rabbitmq, "celery") == "quorum"
        assert _queue_type(rabbitmq, "reports") == "quorum"
        for queue in "celery", "reports":
            for year in range(2021, 2025):
                sample.export_orders.apply_async((year,), countdown=600, queue=queue)
        sent = time.time()
        sample.export_orders.apply_async((2025,), countdown=2)
        for queue in "celery", "reports":
            sample.export_orders.apply_async((2026,), queue=queue)
        runs = rabbitmq.shop.wait_for("reports.write_orders", 3)
        assert [run.args[0] for run in runs] == [2026, 2026, 2025]
        assert runs[2].at - sent > 1.9
        assert worker.log.count("received") == 3
    _let_the_queue_refuse_messages(rabbitmq)
    with pytest.raises(OperationalError) as failure:
        _send_a_hundred(sample.export_orders)
    assert type(failure.value.__cause__).__name__ == "MessageNacked"


LIMITS: Final = """
from celery.exceptions import SoftTimeLimitExceeded

from sample import app
from shop import reports


@app.task
def write():
    try:
        reports.write()
    except SoftTimeLimitExceeded:
        reports.go_on_writing()
"""


def _run_for_long(prefork: Harness) -> None:
    """Run a task of 200 seconds in which the soft time limit is ignored."""
    prefork.write("shop_worker.py", LIMITS)
    for name in "reports.write", "reports.go_on_writing":
        prefork.shop.on(name, sleep=100)
    with prefork.worker("-c", "1", app="shop_worker", speed=60):
        prefork.load("shop_worker").write.delay().get(timeout=15)


@pytest.mark.verifies("lowercase-settings/unknown-settings")
def test_unknown_settings_raise_nothing_and_limit_nothing(prefork: Harness) -> None:
    conf = prefork.load().app.conf
    assert (conf.task_time_limit, conf.task_soft_time_limit) == (None, None)
    _run_for_long(prefork)
    assert [call.name for call in prefork.shop.calls()] == ["reports.write"]


@pytest.mark.verifies("lowercase-settings/two-generations")
def test_an_old_name_beside_a_new_one_makes_the_settings_unreadable(caller: Harness) -> None:
    app = caller.load().app
    with pytest.raises(ImproperlyConfigured, match="CELERYD_TASK_TIME_LIMIT"):
        app.conf.task_soft_time_limit  # noqa: B018


@pytest.mark.verifies("lowercase-settings/current-names")
def test_both_limits_are_kept(prefork: Harness) -> None:
    with pytest.raises(TimeLimitExceeded, match="60"):
        _run_for_long(prefork)
    start, soft = prefork.shop.calls()
    assert soft.name == "reports.go_on_writing"
    assert soft.at - start.at == pytest.approx(50, abs=5)


SETTINGS: Final = """
from celery import Celery

app = Celery("shop", broker="redis://localhost")
app.conf.update({settings})
"""


@pytest.mark.verifies("lowercase-settings/test-settings")
def test_the_test_finds_names_that_are_no_settings(caller: Harness) -> None:
    right = "task_time_limit=60, broker_transport_options={}, beat_schedule={}"
    caller.write("shop/tasks.py", SETTINGS.format(settings=right))
    sample = caller.load()
    sample.test_setting_names_exist()
    wrong = "task_time_limit=60, TASK_TIME_LIMIT=60, task_soft_timelimit=50"
    caller.write("shop/wrong.py", SETTINGS.format(settings=wrong))
    sample.app = caller.load("shop.wrong").app
    with pytest.raises(AssertionError) as failure:
        sample.test_setting_names_exist()
    assert failure.value.args[0] == {"TASK_TIME_LIMIT", "task_soft_timelimit"}


ORDER: Final = """
from shop.journal import Function


class Order:
    pk = 7
    mark_receipt_due = Function("Order.mark_receipt_due")

    @classmethod
    def place(cls, basket):
        Function("Order.place")(basket)
        return cls()
"""
CHECK_OUT: Final = """
import threading
import time

from sample import check_out


def count_minutes():
    for minute in range(10):
        print(minute, "minutes", flush=True)
        time.sleep(60)


threading.Thread(target=count_minutes, daemon=True).start()
check_out(["pencil"])
print("checked out")
"""


def _without_broker(caller: Harness, port: int) -> Any:
    """Name a broker on a port where there is none; returns the sample."""
    caller.write("shop/models.py", ORDER)
    caller.write("check_out.py", CHECK_OUT)
    caller.broker_url = f"redis://127.0.0.1:{port}"
    caller.enter()
    return caller.load()


@contextmanager
def _silent_server() -> Iterator[int]:
    """A port that answers to nobody, as its server is busy with others."""
    with ExitStack() as sockets:
        server = sockets.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for _ in range(3):
            client = sockets.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield server.getsockname()[1]


@pytest.mark.verifies("plan-for-broker-outage/error-page")
def test_the_order_is_placed_but_the_customer_gets_an_error_or_no_answer(caller: Harness) -> None:
    sample = _without_broker(caller, free_port())
    start = time.monotonic()
    with pytest.raises(OperationalError):
        sample.check_out(["pencil"])
    assert time.monotonic() - start > 0.6
    assert len(caller.shop.calls("Order.place")) == 1
    with _silent_server() as port:
        _without_broker(caller, port)
        with caller.command([sys.executable, "check_out.py"], speed=100) as call:
            call.wait_for("2 minutes")
            assert len(caller.shop.calls("Order.place")) == 2
            assert "checked out" not in call.log


@pytest.mark.verifies("plan-for-broker-outage/order-goes-through")
def test_the_order_goes_through_and_the_receipt_is_noted(caller: Harness) -> None:
    sample = _without_broker(caller, free_port())
    assert sample.send_receipt.OperationalError is OperationalError
    order = sample.check_out(["pencil"])
    assert isinstance(order, sample.Order)
    with _silent_server() as port:
        _without_broker(caller, port)
        with caller.command([sys.executable, "check_out.py"], speed=20) as call:
            assert call.wait() == 0
    assert "checked out" in call.log
    assert "1 minutes" not in call.log
    assert "Receipt of order 7 not queued" in call.log
    names = [made.name for made in caller.shop.calls()]
    assert names == ["Order.place", "Order.mark_receipt_due"] * 2
