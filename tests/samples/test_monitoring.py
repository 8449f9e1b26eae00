"""Checks of the samples in the section `monitoring`."""

from __future__ import annotations

import os
import re
import shlex
import socket
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from celery import chain, signals
from celery.exceptions import TimeLimitExceeded, WorkerLostError

from tests.samples.conftest import samples
from tests.samples.events import of_task, watched
from tests.samples.harness import Harness, Running
from tests.samples.servers import free_port, wait_until


def _log_of_a_payment(prefork: Harness) -> tuple[str, str]:
    """The worker's log of capturing an order's payment, and the id of the task."""
    prefork.shop.add("Order", 7, address="7 Harbour Lane")
    task = prefork.load().capture_payment
    with prefork.worker("-c", "1") as worker:
        result = task.delay(7)
        worker.wait_for("succeeded in")
        return worker.log, result.id


@pytest.mark.verifies("task-logger/no-task-id")
def test_the_line_has_the_whole_row_and_no_task(prefork: Harness) -> None:
    log, id = _log_of_a_payment(prefork)
    [line] = [line for line in log.splitlines() if "captured: " in line]
    assert re.search(r"INFO/ForkPoolWorker-\d+\] captured: \{", line)
    assert "'address': '7 Harbour Lane'" in line
    assert id not in line
    assert "capture_payment" not in line


@pytest.mark.verifies("task-logger/name-and-id")
def test_the_line_has_the_task_and_the_id_of_the_row(prefork: Harness) -> None:
    log, id = _log_of_a_payment(prefork)
    assert f"] sample.capture_payment[{id}]: payment of order 7 captured\n" in log
    assert "Harbour Lane" not in log


LOGGING_TASK: Final = """
import logging

from celery.utils.log import get_task_logger

from sample import app


@app.task
def capture_payment():
    get_task_logger(__name__).info("by the task logger")
    logging.getLogger("requests").info("by a library")
"""


@pytest.mark.verifies("task-logger/own-configuration")
def test_every_logger_has_the_task_and_nothing_else_is_set_up(prefork: Harness) -> None:
    prefork.write("shop_worker.py", LOGGING_TASK)
    task = prefork.load("shop_worker").capture_payment
    with prefork.worker("-c", "1", "-l", "ERROR", app="shop_worker") as worker:
        result = task.delay()
        worker.wait_for("succeeded in")
        lines = worker.log.splitlines()
    assert f"INFO shop_worker.capture_payment[{result.id}] by the task logger" in lines
    assert f"INFO shop_worker.capture_payment[{result.id}] by a library" in lines
    assert f"INFO ???[???] celery@{socket.gethostname()} ready." in lines


@pytest.mark.verifies("trace-context/first-task-only")
def test_the_second_task_does_not_get_the_id(in_process: Harness) -> None:
    sample = in_process.load()
    received = {}

    def look(task: Any, **kwargs: object) -> None:
        received[task.name] = task.request.get("request_id")

    signals.task_prerun.connect(look)
    in_process.start_thread_worker(sample.app)
    sample.checkout(7, "abc")
    [receipt] = in_process.shop.wait_for("mail.send_receipt")
    assert receipt.args == [7, None]
    assert received == {"sample.capture_payment": "abc", "sample.send_receipt": None}


RETRIED: Final = """
from sample import app, send_receipt


@app.task(bind=True)
def capture_at_second_try(self, order_id):
    if not self.request.retries:
        raise self.retry(countdown=0)
    send_receipt.delay(order_id)
"""


@pytest.mark.verifies("trace-context/passed-on")
def test_the_id_goes_with_calls_retries_and_chains_and_no_further(prefork: Harness) -> None:
    prefork.write("shop_worker.py", RETRIED)
    sample = prefork.load()
    retried = prefork.load("shop_worker").capture_at_second_try
    capture, receipt = sample.capture_payment, sample.send_receipt
    with prefork.worker("-c", "1", app="shop_worker"):
        sample.request_id.set("abc")
        capture.delay(1)
        retried.delay(2)
        chain(capture.si(3), receipt.si(4))()
        prefork.shop.wait_for("mail.send_receipt", 4)
        sample.request_id.set(None)
        capture.delay(5)
        calls = prefork.shop.wait_for("mail.send_receipt", 5)
    assert dict(call.args for call in calls) == {1: "abc", 2: "abc", 3: "abc", 4: "abc", 5: None}
    assert len({call.pid for call in calls}) == 1


@pytest.mark.verifies("failure-alerting/swallowed")
def test_the_failure_counts_as_a_success_without_a_stack_trace(prefork: Harness) -> None:
    prefork.shop.on("Order.capture_payment", raises="ConnectionError")
    task = prefork.load().capture_payment
    with prefork.worker("-c", "1") as worker:
        result = task.delay(7)
        result.get(timeout=10)
        worker.wait_for("succeeded in")
        assert result.state == "SUCCESS"
        assert "WARNING/ForkPoolWorker-1] payment failed: told to fail\n" in worker.log
        assert "Traceback" not in worker.log


@pytest.mark.verifies("failure-alerting/signals")
def test_each_way_to_fail_raises_an_alert(prefork: Harness) -> None:
    steps = {"raises": "ConnectionError"}, {"kill": "SIGKILL"}, {"sleep": 1000}
    prefork.shop.on("Order.capture_payment", *steps)
    sample = prefork.load()
    with prefork.worker("-c", "1", "--time-limit=60", speed=60):
        results = []
        for error in ConnectionError, WorkerLostError, TimeLimitExceeded:
            results.append(sample.capture_payment.delay(7))
            with pytest.raises(error):
                results[-1].get(timeout=10)
        unknown = sample.app.send_task("shop.refund", (7,))

        def alerts() -> dict[str, str]:
            return dict(call.args for call in prefork.shop.calls("alerts.send_alert"))

        wait_until(lambda: unknown.id in str(alerts()), "an alert of the unknown task")
    failed, killed, limited = [f"sample.capture_payment {result.id} failed" for result in results]
    assert {*alerts()} == {failed, killed, limited, f"Unknown task shop.refund {unknown.id}"}
    assert "Order.objects.get(pk=order_id).capture_payment()" in alerts()[failed]
    assert "ConnectionError: told to fail" in alerts()[failed]
    assert "WorkerLostError" in alerts()[killed]
    assert "TimeLimitExceeded" in alerts()[limited]


REPORTS: Final = """
from sample import app
from shop import reports


@app.task
def write(number):
    reports.write(number)
"""


@pytest.mark.filterwarnings("ignore:Call to 'get_connection'")  # of redis, to Kombu 5.4
@pytest.mark.verifies("queue-length-alerts/inspect-only")
def test_what_lies_in_the_queue_is_not_counted(prefork: Harness) -> None:
    prefork.write("shop_worker.py", REPORTS)
    prefork.shop.on("reports.write", sleep=60)
    sample, write = prefork.load(), prefork.load("shop_worker").write
    for number in range(10):
        write.delay(number)
    assert prefork.redis.llen("celery") == 10
    assert sample.queue_length() == 0
    with prefork.worker("-c", "1", app="shop_worker"):
        prefork.shop.wait_for("reports.write")
        wait_until(lambda: prefork.redis.llen("celery") == 5, "the worker has its four in reserve")
        assert sample.queue_length() == 4


@pytest.mark.verifies("queue-length-alerts/length-and-age")
def test_the_length_and_the_age_of_what_is_taken_next(prefork: Harness) -> None:
    prefork.write("shop_worker.py", REPORTS)
    sample, write = prefork.load(), prefork.load("shop_worker").write
    assert sample.queue_state("celery") == (0, 0.0)
    call = "-A", "shop_worker", "call", "shop_worker.write", "--args=[1]"
    with prefork.celery(*call, speed=2, environment={"FAKETIME": "-2h x1"}) as sender:
        assert sender.wait() == 0
    write.delay(2)
    length, age = sample.queue_state("celery")
    assert length == 2
    assert age == pytest.approx(7200, abs=30)
    # A process that has not loaded the sample sends without its header.
    signals.before_task_publish.disconnect(sample.add_sent_at)
    write.apply_async((3,), queue="mail")
    assert sample.queue_state("mail") == (1, None)
    with prefork.worker("-c", "1", app="shop_worker"):
        first, second = prefork.shop.wait_for("reports.write", 2)
        assert (first.args, second.args) == ([1], [2])
        assert sample.queue_state("celery") == (0, 0.0)


MAILS: Final = """
from celery import Celery

app = Celery("shop")
app.conf.worker_concurrency = 2


@app.task
def mail(address, text):
    return f"sent to {address}"
"""
LOOPBACK: Final = """
import runpy
import socket
import sys

bind = socket.socket.bind


def bind_to_loopback(self, address):
    if self.family == socket.AF_INET:
        print("asks for", *address, flush=True)
        address = "127.0.0.1", int(sys.argv.pop())
    return bind(self, address)


socket.has_ipv6 = False
socket.socket.bind = bind_to_loopback
runpy.run_module("celery", run_name="__main__")
"""
"""Runs a command that asks for an address, and gives it a port on loopback in its place.

A check must not open the machine to the network, whatever its sample does.
"""


class _Flower:
    """The services that a sample starts: a worker, Flower or both."""

    def __init__(self, prefork: Harness) -> None:
        self.prefork = prefork
        self.url = f"http://127.0.0.1:{free_port()}"
        prefork.write("shop/celery.py", MAILS)
        prefork.write("loopback.py", LOOPBACK)
        self.mail = prefork.load("shop.celery").mail
        self.login = "ada:analytical"

    @contextmanager
    def worker(self, command: str) -> Iterator[None]:
        """Run a worker's command."""
        with self.prefork.celery(*_arguments(command)):
            yield

    @contextmanager
    def flower(self, command: str) -> Iterator[Running]:
        """Run Flower's command, with a fast clock; its log tells where it would listen."""
        port = self.url.rpartition(":")[2]
        with self.prefork.command(
            [sys.executable, "loopback.py", *_arguments(command), port],
            speed=20,
            environment={"SHOP_FLOWER_LOGIN": self.login},
        ) as running:
            wait_until(lambda: self.get("/healthcheck")[0] == 200, "Flower answers", timeout=15)
            yield running

    def get(self, path: str, login: str = "") -> tuple[int, str]:
        """The status of a page, 0 if there is no answer, and its text."""
        headers = {"Authorization": f"Basic {b64encode(login.encode()).decode()}"} if login else {}
        request = urllib.request.Request(self.url + path, headers=headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError):
            return 0, ""


def _arguments(command: str) -> list[str]:
    """What comes after `celery` in a command."""
    program, *arguments = shlex.split(command)
    assert program == "celery"
    return arguments


@pytest.mark.filterwarnings("ignore:Call to 'get_connection'")  # of redis, to Kombu 5.4
@pytest.mark.verifies("flower-and-events/open-dashboard")
def test_flower_asks_for_no_login_and_the_first_tasks_are_missing(prefork: Harness) -> None:
    shop = _Flower(prefork)
    worker, flower = prefork.sample.code.splitlines()
    with watched(prefork) as events, shop.worker(worker):
        early = shop.mail.delay("ada@example.com", "Hello")
        early.get(timeout=15)
        with shop.flower(flower) as running:
            assert "asks for 0.0.0.0 5555" in running.log
            ids: list[str] = []

            def is_seen() -> bool:
                """Whether by now the worker tells of its tasks."""
                result = shop.mail.delay("ada@example.com", "Hello")
                result.get(timeout=10)
                ids.append(result.id)
                return bool(of_task(events, result.id))

            wait_until(is_seen, "a task's events")
            assert is_seen()  # of that one perhaps only the end was told, of this one all is
            assert not of_task(events, early.id)
            wait_until(lambda: shop.get(f"/task/{ids[-1]}")[0] == 200, "the task's page")
            wait_until(lambda: "sent to" in shop.get(f"/task/{ids[-1]}")[1], "its result")
            assert (
                "(&#x27;ada@example.com&#x27;, &#x27;Hello&#x27;)"
                in shop.get(f"/task/{ids[-1]}")[1]
            )
            assert shop.get(f"/task/{early.id}")[0] == 404
            assert [shop.get(path)[0] for path in ("/", "/tasks")] == [200, 200]
            assert shop.get("/api/tasks")[0] == 401  # this Flower refuses by itself


@pytest.mark.filterwarnings("ignore:Call to 'get_connection'")  # of redis, to Kombu 5.4
@pytest.mark.verifies("flower-and-events/events-and-login")
def test_events_begin_with_the_first_task_and_flower_asks_for_a_login(prefork: Harness) -> None:
    shop = _Flower(prefork)
    worker, flower = prefork.sample.code.splitlines()
    prefork.write("flowerconfig.py", samples()["flower-and-events/flower-config"].code)
    with watched(prefork) as events, shop.worker(worker):
        result = shop.mail.delay("ada@example.com", "Hello")
        result.get(timeout=15)
        wait_until(lambda: "task-succeeded" in of_task(events, result.id), "the task's events")
        assert "task-received" in of_task(events, result.id)
    with shop.flower(flower) as running:
        assert "asks for 127.0.0.1 5555" in running.log
        assert [shop.get("/tasks", login)[0] for login in ("", shop.login)] == [401, 200]


@pytest.mark.verifies("flower-and-events/flower-config")
def test_flower_is_only_there_for_this_machine_and_for_those_who_log_in(prefork: Harness) -> None:
    shop = _Flower(prefork)
    (prefork.folder / "sample.py").rename(prefork.folder / "flowerconfig.py")
    with shop.flower("celery -A shop flower") as running:
        assert "asks for 127.0.0.1 5555" in running.log
        for path in "/", "/tasks", "/api/tasks":
            assert shop.get(path)[0] == 401
            assert shop.get(path, "ada:wrong")[0] == 401
            assert shop.get(path, shop.login)[0] == 200
        # What a proxy has to block.
        assert [shop.get(path)[0] for path in ("/metrics", "/healthcheck")] == [200, 200]


EXPORTS: Final = """
from celery import Celery

from shop import exports

app = Celery("shop")
app.conf.worker_concurrency = 2


@app.task
def export(number):
    exports.write(number)
"""


class _Pod:
    """The worker of the manifest, all of whose tasks hang, and another one."""

    def __init__(self, prefork: Harness) -> None:
        self.prefork = prefork
        pod = yaml.safe_load(prefork.sample.code)["spec"]["template"]["spec"]
        [self.container] = pod["containers"]
        probe = self.container["livenessProbe"]
        self.probe_command: list[str] = probe["exec"]["command"]
        self.period: int = probe.get("periodSeconds", 10)
        self.timeout: int = probe.get("timeoutSeconds", 1)
        self.failures: int = probe.get("failureThreshold", 3)
        self.environment = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        }

    @contextmanager
    def workers(self) -> Iterator[Running]:
        """Run both; yields the one of the manifest."""
        self.prefork.write("shop/celery.py", EXPORTS)
        self.prefork.shop.on("exports.write", sleep=60)
        shop = self.prefork.load("shop.celery")
        shop.export.delay(1)
        shop.export.delay(2)
        command = self.container["command"]
        with self.prefork.command(command, environment=self.environment) as worker:
            self.prefork.shop.wait_for("exports.write", 2)
            self.prefork.start_thread_worker(shop.app)
            yield worker

    def probe(self, *, speed: float = 4, **environment: str) -> int:
        """The exit code of the probe, which waits for an answer with a faster clock."""
        variables = self.environment | environment
        with self.prefork.command(self.probe_command, speed=speed, environment=variables) as probe:
            return probe.wait()


@pytest.mark.filterwarnings("ignore:Call to 'get_connection'")  # of redis, to Kombu 5.4
@pytest.mark.verifies("healthcheck-semantics/any-worker")
def test_the_probe_of_a_dead_worker_succeeds(prefork: Harness) -> None:
    pod = _Pod(prefork)
    with pod.workers() as worker:
        worker.kill()
        assert pod.probe() == 0
    nowhere = f"redis://127.0.0.1:{free_port()}"
    assert pod.probe(speed=30, CELERY_BROKER_URL=nowhere) != 0
    assert pod.failures * pod.period == 30


@pytest.mark.filterwarnings("ignore:Call to 'get_connection'")  # of redis, to Kombu 5.4
@pytest.mark.verifies("healthcheck-semantics/one-node")
def test_the_probe_tells_a_dead_worker_from_the_others(prefork: Harness) -> None:
    pod = _Pod(prefork)
    with pod.workers() as worker:
        assert pod.probe(speed=30) == 0
        worker.kill()
        assert pod.probe(speed=30) == 69
    assert (pod.failures - 1) * pod.period == 240
    assert pod.timeout > 10


@pytest.mark.verifies("healthcheck-semantics/canary", versions=">=5.7")
def test_a_fresh_message_to_each_queue_tells_of_success_and_beat_answers(prefork: Harness) -> None:
    app = prefork.load().app
    hour_later = {"FAKETIME": "+1h x60"}
    for entry in app.conf.beat_schedule.values():  # what beat sent an hour ago
        app.send_task(entry["task"], entry["args"], **entry["options"])
    assert [prefork.redis.llen(queue) for queue in ("celery", "mail")] == [1, 1]
    with (
        prefork.celery("-A", "sample", "beat", speed=60, environment=hour_later),
        prefork.worker("-Q", "celery,mail", speed=60, environment=hour_later) as worker,
    ):
        wait_until(lambda: worker.log.count("Discarding revoked task") == 2, "old ones are dropped")
        assert not prefork.shop.calls()
        calls = prefork.shop.wait_for("metrics.set_last_success", 4)
        assert Counter(call.args[0] for call in calls) == {"celery": 2, "mail": 2}
        beat = f"celerybeat@{socket.gethostname()}"
        assert app.control.ping(timeout=5, destination=[beat]) == [{beat: {"ok": "pong"}}]
