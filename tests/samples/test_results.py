"""Checks of the samples in the section `results`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.samples.harness import Harness, Running
from tests.samples.servers import wait_until

DAY = 24 * 3600


def _stored(harness: Harness, id: str) -> dict[str, Any]:
    """What the result backend has of a task; empty if nothing."""
    found = harness.results.get(f"celery-task-meta-{id}")
    return dict(json.loads(str(found))) if found else {}


def _seconds_left(harness: Harness, id: str) -> int:
    """How long the result backend still keeps what it has of a task."""
    return int(str(harness.results.ttl(f"celery-task-meta-{id}")))


@pytest.mark.verifies("ignore-unneeded-results/stored-for-nobody")
def test_each_mail_leaves_a_key_with_no_value_for_a_day(prefork: Harness) -> None:
    task = prefork.load().send_confirmation
    results = [task.delay(order_id) for order_id in (1, 2, 3)]
    with prefork.worker() as worker:
        wait_until(lambda: worker.log.count("succeeded in") == 3, "three mails")
    assert len(prefork.results.keys()) == 3
    for result in results:
        stored = _stored(prefork, result.id)
        assert (stored["status"], stored["result"]) == ("SUCCESS", None)
        assert DAY - 60 < _seconds_left(prefork, result.id) <= DAY


@pytest.mark.verifies("ignore-unneeded-results/errors-only")
def test_a_success_stores_nothing_and_a_failure_its_stack_trace(prefork: Harness) -> None:
    prefork.shop.on("Order.send_confirmation", {}, {"raises": "OSError", "message": "no mail"})
    task = prefork.load().send_confirmation
    with prefork.worker("-c", "1") as worker:
        sent, failed = task.delay(1), task.delay(2)
        wait_until(lambda: _stored(prefork, failed.id), "the failure is stored")
        assert f"[{sent.id}] succeeded in" in worker.log
    assert prefork.results.keys() == [f"celery-task-meta-{failed.id}"]
    stored = _stored(prefork, failed.id)
    assert stored["status"] == "FAILURE"
    assert "OSError: no mail" in stored["traceback"]
    assert sent.state == "PENDING"
    assert sent.get(timeout=0) is None


def _while_it_runs(harness: Harness, worker: Running, sample: Any, id: str) -> str:
    """The state that the sample tells of an export that is running."""
    harness.shop.wait_for("reports.export_orders")
    state = str(sample.export_state(id))
    assert "succeeded in" not in worker.log
    return state


@pytest.mark.verifies("result-expiry/always-pending")
def test_waiting_running_expired_and_unknown_all_read_pending(prefork: Harness) -> None:
    prefork.shop.on("reports.export_orders", sleep=1, returns="orders.csv")
    sample = prefork.load()
    id = sample.export_orders.delay(2026).id
    assert sample.export_state(id) == "PENDING"
    with prefork.worker() as worker:
        assert _while_it_runs(prefork, worker, sample, id) == "PENDING"
        worker.wait_for("succeeded in")
    stored = _stored(prefork, id)
    assert (stored["status"], stored["result"]) == ("SUCCESS", "orders.csv")
    left = _seconds_left(prefork, id)
    assert DAY - 60 < left <= DAY
    prefork.results.pexpire(f"celery-task-meta-{id}", 1)  # the day is over
    wait_until(lambda: not prefork.results.keys(), "the result expires")
    assert sample.export_state(id) == "PENDING"
    assert sample.export_state("unknown") == "PENDING"


@pytest.mark.verifies("result-expiry/tracked-for-a-week")
def test_a_running_export_reads_started_and_its_result_stays_a_week(prefork: Harness) -> None:
    prefork.shop.on("reports.export_orders", sleep=1, returns="orders.csv")
    sample = prefork.load()
    result = sample.export_orders.delay(2026)
    assert sample.export_state(result.id) == "PENDING"
    with prefork.worker() as worker:
        assert _while_it_runs(prefork, worker, sample, result.id) == "STARTED"
        (run,) = prefork.shop.calls()
        assert result.info["pid"] == run.pid
        assert result.get(timeout=10) == "orders.csv"
    assert sample.export_state(result.id) == "SUCCESS"
    assert 7 * DAY - 60 < _seconds_left(prefork, result.id) <= 7 * DAY
