"""Checks of the samples in the section `queues`."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from celery.exceptions import QueueNotFound

from tests.samples.conftest import samples
from tests.samples.harness import QUIET, Harness
from tests.samples.servers import RABBITMQ, running_servers, wait_until


def _args(harness: Harness, name: str) -> list[Any]:
    """The only argument of each call of a function of the shop."""
    return [call.args[0] for call in harness.shop.calls(name)]


@pytest.mark.verifies("separate-queues/one-queue")
def test_a_mail_waits_behind_every_report_sent_before_it(prefork: Harness) -> None:
    prefork.shop.on("Report.build", sleep=20)
    sample = prefork.load()
    sample.build_report.delay(1)
    sample.build_report.delay(2)
    sample.confirm_order.delay(3)
    assert prefork.redis.llen("celery") == 3
    with prefork.worker("-c", "1", speed=100):
        prefork.shop.wait_for("Order.send_confirmation")
    first, _, mail = prefork.shop.calls()
    assert mail.name == "Order.send_confirmation"
    assert mail.at - first.at > 39


@pytest.mark.verifies("separate-queues/routed")
def test_a_mail_passes_the_reports_once_a_worker_reads_its_queue(prefork: Harness) -> None:
    sample = prefork.load()
    sample.build_report.delay(1)
    sample.confirm_order.delay(2)
    sample.app.send_task("celery.accumulate")
    queues = ("celery", "mail", "reports")
    assert [prefork.redis.llen(name) for name in queues] == [1, 1, 1]
    with prefork.worker() as without_queues:
        without_queues.wait_for("succeeded in")
        assert [prefork.redis.llen(name) for name in queues] == [0, 1, 1]
    with prefork.worker("-Q", "mail"):
        prefork.shop.wait_for("Order.send_confirmation")
    assert [prefork.redis.llen(name) for name in queues] == [0, 0, 1]
    assert not prefork.shop.calls("Report.build")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of redis, to Celery
@pytest.mark.verifies("separate-queues/own-workers")
def test_each_worker_has_a_queue_and_processes_of_its_own(prefork: Harness) -> None:
    prefork.write("shop/celery.py", samples()["separate-queues/routed"].code)
    prefork.shop.on("Report.build", sleep=60)
    prefork.shop.on("Order.send_confirmation", sleep=60)
    shop = prefork.load("shop.celery")
    with ExitStack() as services:
        mail_worker, report_worker = [
            services.enter_context(prefork.celery(*shlex.split(line)[1:], *QUIET))
            for line in prefork.sample.code.splitlines()
        ]
        mail_worker.wait_for(" ready.")
        report_worker.wait_for(" ready.")
        for number in range(6):
            shop.build_report.delay(number)
        reports = prefork.shop.wait_for("Report.build", 2)
        for number in range(4):
            shop.confirm_order.delay(number)
        shop.app.send_task("celery.accumulate")
        mails = prefork.shop.wait_for("Order.send_confirmation", 4)
        answers = shop.app.control.ping(timeout=5, limit=2)
        assert {call.pid for call in reports} == {*report_worker.children()}
        assert {call.pid for call in mails} == {*mail_worker.children()}
    assert len(prefork.shop.calls("Report.build")) == 2
    names = [name for answer in answers for name in answer]
    assert sorted(name.partition("@")[0] for name in names) == ["mail", "reports"]
    assert prefork.redis.llen("celery") == 1  # neither reads what has no route


@contextmanager
def _exporting(harness: Harness) -> Iterator[Any]:
    """The sample, with a worker as it sets it up, which is busy with the first of 12 exports."""
    harness.shop.on("Order.export", sleep=60)
    sample = harness.load()
    for year in range(12):
        sample.export_orders.delay(year)
    with harness.celery("-A", "sample", "worker", *QUIET) as worker:
        worker.wait_for(" ready.")
        harness.shop.wait_for("Order.export", 2)
        yield sample


def _held(app: Any) -> tuple[int, int]:
    """How many tasks the only worker runs, and how many more it keeps waiting."""
    inspect = app.control.inspect(timeout=5, limit=1)
    (active,), (reserved,) = inspect.active().values(), inspect.reserved().values()
    return len(active), len(reserved)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of redis, to Celery
@pytest.mark.verifies("prefetch-multiplier/many-reserved")
def test_eight_more_exports_wait_in_a_worker_that_runs_two(prefork: Harness) -> None:
    with _exporting(prefork) as sample:
        wait_until(lambda: _held(sample.app) == (2, 8), "eight wait")
        assert prefork.redis.llen("celery") == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of redis, to Celery
@pytest.mark.verifies("prefetch-multiplier/only-what-runs")
def test_a_worker_holds_only_the_exports_that_it_runs(prefork: Harness) -> None:
    with _exporting(prefork) as sample:
        assert _held(sample.app) == (2, 0)
        assert prefork.redis.hlen("unacked") == 2
        assert prefork.redis.llen("celery") == 10


@pytest.mark.verifies("declare-queues-explicitly/queue-by-typo")
def test_a_message_in_a_misspelt_queue_stays_there_without_a_word(prefork: Harness) -> None:
    sample = prefork.load()
    sample.rebuild(1)
    sample.build_report.delay(2)
    with prefork.worker("-Q", "celery,reports") as worker:
        prefork.shop.wait_for("Report.build")
        worker.wait_for("succeeded in")
        assert worker.log.count("received") == 1
        assert "ERROR" not in worker.log
    assert _args(prefork, "Report.build") == [2]
    assert prefork.redis.llen("report") == 1


@pytest.mark.verifies("declare-queues-explicitly/declared-only")
def test_only_declared_queues_can_be_sent_to_and_read(prefork: Harness) -> None:
    sample = prefork.load()
    with pytest.raises(QueueNotFound):
        sample.build_report.apply_async((1,), queue="report")
    with pytest.raises(QueueNotFound):
        sample.app.send_task("shop.reports.build", (1,), queue="report")
    assert not prefork.redis.keys()
    sample.rebuild(2)
    sample.build_report.delay(3)
    sample.app.send_task("celery.backend_cleanup")
    assert [prefork.redis.llen(name) for name in ("celery", "reports")] == [1, 2]
    with prefork.worker() as worker, prefork.celery("-A", "sample", "worker", "-Q", "report") as no:
        prefork.shop.wait_for("Report.build", 2)
        wait_until(lambda: worker.log.count("succeeded in") == 3, "both queues are read")
        assert no.wait() == 1
        assert "ImproperlyConfigured" in no.log
    assert sorted(_args(prefork, "Report.build")) == [2, 3]


def _messages(harness: Harness) -> dict[str, int]:
    """The delivery mode of each message in the queue `quick`, by the name of its task."""
    body = {"count": 10, "ackmode": "ack_requeue_true", "encoding": "auto"}
    found = harness.api.api("POST", f"queues{_vhost(harness)}/quick/get", body)
    properties = [message["properties"] for message in found]
    return {each["headers"]["task"]: each["delivery_mode"] for each in properties}


def _queues(harness: Harness) -> dict[str, bool]:
    """The queues there are, and whether each is durable."""
    return {
        queue["name"]: queue["durable"]
        for queue in harness.api.api("GET", f"queues{_vhost(harness)}")
    }


def _vhost(harness: Harness) -> str:
    return urlsplit(harness.broker_url).path


def _restart_rabbitmq() -> None:
    """Stop and start RabbitMQ, but for the Erlang machine that it runs in."""
    environments = [psutil.Process(pid).environ() for pid in running_servers()]
    (environment,) = [each for each in environments if "RABBITMQ_NODENAME" in each]
    # The first part saves the five seconds that a stop takes otherwise.
    code = (
        "[supervisor:terminate_child(rabbit_sup, Id) ||"
        " {Id, _, _, _} <- supervisor:which_children(rabbit_sup)],"
        " ok = rabbit:stop(), ok = rabbit:start()."
    )
    command = [str(RABBITMQ.with_name("rabbitmqctl")), "eval", code]
    subprocess.run(command, env=environment, check=True, timeout=15, capture_output=True)


@pytest.mark.verifies("transient-queues-caution/transient-queue")
def test_the_queue_is_gone_after_a_restart_and_order_mails_with_it(rabbitmq: Harness) -> None:
    sample = rabbitmq.load()
    results = [sample.confirm_order.delay(1), sample.count_view.delay(2)]
    wait_until(lambda: len(_messages(rabbitmq)) == 2, "two messages")
    assert _queues(rabbitmq) == {"quick": False}
    _restart_rabbitmq()
    assert _queues(rabbitmq) == {}
    assert [result.state for result in results] == ["PENDING", "PENDING"]


@pytest.mark.verifies("transient-queues-caution/transient-messages")
def test_only_the_view_counts_are_gone_after_a_restart(rabbitmq: Harness) -> None:
    sample = rabbitmq.load()
    sample.confirm_order.delay(1)
    sample.count_view.delay(2)
    wait_until(lambda: len(_messages(rabbitmq)) == 2, "two messages")
    assert _messages(rabbitmq) == {"shop.mail.confirm_order": 2, "shop.stats.count_view": 1}
    assert _queues(rabbitmq) == {"quick": True}
    _restart_rabbitmq()
    assert _queues(rabbitmq) == {"quick": True}
    assert _messages(rabbitmq) == {"shop.mail.confirm_order": 2}
