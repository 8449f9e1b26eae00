"""Checks of the samples in the section `delivery`."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any, Final

import celery
import pytest
from celery.exceptions import TimeLimitExceeded, WorkerLostError

from tests.samples.harness import Harness
from tests.samples.servers import wait_until
from tests.samples.with_django import SET_UP, set_up_django

TWO_HOURS_LATER: Final = {"FAKETIME": "+2h x10"}
"""Variables of a worker that starts when what the last one left behind is overdue on Redis."""
FAST: Final = ("--", "worker.proc_alive_timeout=100000")
"""Last arguments of a worker with a fast clock: starting a process seems to take it long."""


@pytest.mark.verifies("acks-late-for-critical-tasks/early-ack")
def test_a_payout_cut_off_by_a_power_cut_is_never_settled(prefork: Harness) -> None:
    prefork.shop.on("Payout.transfer", {"sleep": 60}, {})
    settle = prefork.load().settle
    settle.delay(1)
    with prefork.worker("-c", "1") as worker:
        prefork.shop.wait_for("Payout.transfer")
        assert not prefork.redis.exists("celery", "unacked")  # acknowledged as it started
        worker.kill()
    settle.delay(2)
    with prefork.worker("-c", "1", speed=10, environment=TWO_HOURS_LATER) as worker:
        worker.wait_for("succeeded in")
    assert [call.args for call in prefork.shop.calls("Payout.transfer")] == [[1], [2]]


@pytest.mark.verifies("acks-late-for-critical-tasks/late-ack")
def test_a_payout_cut_off_by_a_power_cut_is_settled_by_the_next_worker(prefork: Harness) -> None:
    prefork.shop.on("Payout.transfer", {"sleep": 60}, {})
    result = prefork.load().settle.delay(1)
    with prefork.worker("-c", "1") as worker:
        prefork.shop.wait_for("Payout.transfer")
        worker.kill()
    assert prefork.redis.hlen("unacked") == 1
    with prefork.worker("-c", "1", speed=10, environment=TWO_HOURS_LATER):
        result.get(timeout=15)
        wait_until(lambda: not prefork.redis.exists("unacked"), "the message is acknowledged")
    first, second = prefork.shop.calls("Payout.transfer")
    assert first.pid != second.pid
    assert first.kwargs == second.kwargs == {"idempotency_key": "payout-1"}


@pytest.mark.verifies("reject-on-worker-lost/acked-anyway")
def test_the_message_is_acknowledged_although_the_process_died(prefork: Harness) -> None:
    prefork.shop.on("Product.render_photos", {"kill": "SIGKILL"}, {"raises": "SystemExit"}, {})
    render = prefork.load().render_photos
    with prefork.worker("-c", "1", speed=10):
        with pytest.raises(WorkerLostError):
            render.delay(1).get(timeout=15)
        render.delay(2)
        render.delay(3).get(timeout=15)
        wait_until(lambda: not prefork.redis.exists("celery", "unacked"), "nothing is left to do")
    assert [call.args[0] for call in prefork.shop.calls("Product.render_photos")] == [1, 2, 3]


@pytest.mark.verifies("reject-on-worker-lost/endless-loop")
def test_a_fatal_photo_kills_one_process_after_another(prefork: Harness) -> None:
    prefork.shop.on("Product.render_photos", kill="SIGKILL")
    task = prefork.load().render_photos
    result = task.delay(1)
    with prefork.worker("-c", "1", *FAST, speed=50):
        runs = prefork.shop.wait_for("Product.render_photos", 8, timeout=15)
        assert result.state == "PENDING"
    assert len(runs) > 1 + task.max_retries
    assert len({run.pid for run in runs}) == len(runs)


@pytest.mark.verifies("reject-on-worker-lost/capped-retry", versions=">=5.7")
def test_a_dead_process_costs_a_retry_and_a_dead_worker_costs_none(prefork: Harness) -> None:
    prefork.shop.on("Product.render_photos", {"sleep": 600}, {"kill": "SIGKILL"})
    result = prefork.load().render_photos.delay(1)
    with prefork.worker("-c", "1") as worker:
        prefork.shop.wait_for("Product.render_photos")
        worker.kill()
    with prefork.worker("-c", "1", *FAST, environment={"FAKETIME": "+2h x50"}, speed=50):
        with pytest.raises(WorkerLostError):
            result.get(timeout=15)
        wait_until(lambda: not prefork.redis.exists("celery", "unacked"), "nothing is left to do")
    _, *runs = prefork.shop.calls("Product.render_photos")
    assert len(runs) == 3
    assert all(later.at - run.at > 29 for run, later in pairwise(runs))
    assert result.state == "FAILURE"


def _after_a_failure(rabbitmq: Harness) -> tuple[int, list[Any]]:
    """What happens to the message of a task that raises, and to one with an unknown name.

    Returns:
        how many messages wait in the task's queue, and what is in the dead letter queue: the name
        of each message's task and its arguments.
    """
    rabbitmq.shop.on("warehouse.push_stock", raises="KeyError")
    sample = rabbitmq.load()
    with rabbitmq.worker("-c", "1") as worker:
        sample.app.send_task("shop.unknown", (0,))
        with pytest.raises(KeyError):
            sample.push_stock.delay(7).get(timeout=15)
        sample.app.control.shutdown()  # TERM would be noticed some seconds later
        worker.wait()
    dead = []
    with sample.app.connection_for_read() as connection:
        channel = connection.default_channel
        queue = channel.queue_declare("celery", passive=True)
        while message := channel.basic_get("dead", no_ack=True):
            dead.append((message.headers["task"], json.loads(message.body)[0]))
    return queue.message_count, dead


@pytest.mark.verifies("dead-letter-failed-messages/acked-failure")
def test_the_message_of_a_failed_task_is_nowhere(rabbitmq: Harness) -> None:
    assert _after_a_failure(rabbitmq) == (0, [("shop.unknown", [0])])


@pytest.mark.verifies("dead-letter-failed-messages/dead-letter-queue", versions=">=5.7")
def test_the_message_of_a_failed_task_is_in_the_dead_letter_queue(rabbitmq: Harness) -> None:
    waiting, dead = _after_a_failure(rabbitmq)
    assert waiting == 0
    assert sorted(dead) == [("sample.push_stock", [7]), ("shop.unknown", [0])]


FAILED_TASKS: Final = """
from django.db import models

from shop import audit


class FailedTask(models.Model):
    task_id = models.CharField(max_length=36)
    name = models.CharField(max_length=100)
    args = models.JSONField()
    kwargs = models.JSONField()
    error = models.TextField()

    def save(self, **options):
        audit.failure(self.error)
        super().save(**options)

    class Meta:
        app_label = "shop"
"""


@pytest.mark.verifies("dead-letter-failed-messages/failure-table")
def test_each_final_failure_has_a_row(prefork: Harness) -> None:
    failed = set_up_django(prefork, FAILED_TASKS).FailedTask.objects
    prefork.write("shop_worker.py", f"{SET_UP}from sample import app\n")
    prefork.shop.on(
        "warehouse.push_stock",
        {"raises": "celery.exceptions.Retry"},
        {"raises": "KeyError", "message": "no such product"},
        {"kill": "SIGKILL"},
        {"sleep": 600},
        {},
    )
    push = prefork.load().push_stock
    with prefork.worker("-c", "1", app="shop_worker", speed=10):
        push.delay(1)
        for options, error in (
            ({}, KeyError),
            ({}, WorkerLostError),
            ({"time_limit": 5}, TimeLimitExceeded),
        ):
            with pytest.raises(error):
                push.apply_async((2,), {}, **options).get(timeout=15)
        push.delay(3).get(timeout=15)
    rows = failed.order_by("pk").values_list("name", "args", "kwargs", "error")
    assert [row[:3] for row in rows] == [("sample.push_stock", [2], {})] * 3
    assert [row[3].partition("(")[0] for row in rows] == [
        "KeyError",
        "WorkerLostError",
        "TimeLimitExceeded",
    ]
    fired = [call.args[0] for call in prefork.shop.calls("audit.failure")]
    assert fired.count("TimeLimitExceeded(5)") == {"5.7.0": 2}.get(celery.__version__, 1)
