"""Checks of the samples in the section `workflows`."""

from __future__ import annotations

import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.samples.harness import Harness
from tests.samples.servers import wait_until


def _calls(harness: Harness) -> list[tuple[str, Any]]:
    """The name and the first argument of every call of the shop's functions."""
    return [(call.name, call.args[0]) for call in harness.shop.calls()]


@pytest.mark.verifies("no-blocking-on-subtasks/get-in-task")
def test_waiting_is_refused_after_the_sub_task_was_sent(prefork: Harness) -> None:
    prefork.shop.on("Order.create_invoice", returns=7)
    sample = prefork.load()
    with prefork.worker():
        with pytest.raises(RuntimeError, match=r"Never call result\.get\(\) within a task"):
            sample.bill_order.delay(1).get(timeout=10)
        prefork.shop.wait_for("Order.create_invoice")
    assert _calls(prefork) == [("Order.create_invoice", 1)]


CALLER = """
from sample import app, bill_order


@app.task
def bill(order_id):
    bill_order(order_id)
"""


@pytest.mark.verifies("no-blocking-on-subtasks/chained")
def test_one_process_is_enough_for_a_chain_sent_from_a_task(prefork: Harness) -> None:
    prefork.backend_url = "disabled://"  # the sample has none
    prefork.enter()
    prefork.write("caller.py", CALLER)
    prefork.shop.on("Order.create_invoice", {"returns": 7}, {"returns": 8})
    prefork.load().bill_order(1)
    assert not prefork.shop.calls()
    prefork.load("caller").bill.delay(2)
    with prefork.worker("-c", "1", app="caller"):
        prefork.shop.wait_for("Invoice.send_mail", 2)
    assert sorted(_calls(prefork)) == [
        ("Invoice.send_mail", 7),
        ("Invoice.send_mail", 8),
        ("Order.create_invoice", 1),
        ("Order.create_invoice", 2),
    ]


@pytest.mark.verifies("canvas-for-workflows/result-prepended")
def test_the_order_is_charged_but_cannot_be_shipped(prefork: Harness) -> None:
    prefork.load().process(1)
    error = "TypeError('ship() takes 1 positional argument but 2 were given')"
    with prefork.worker() as worker:
        worker.wait_for(f"raised unexpected: {error}")
        (id,) = re.findall(r"sample.charge\[(\S+)\] received", worker.log)
        assert worker.log.count("received") == 1
    assert prefork.redis.llen("celery") == 0
    assert _calls(prefork) == [("Order.charge", 1)]
    assert '"status": "FAILURE"' in str(prefork.results.get(f"celery-task-meta-{id}"))


@pytest.mark.verifies("canvas-for-workflows/immutable-steps")
def test_whichever_step_fails_the_order_is_put_on_hold_once(prefork: Harness) -> None:
    prefork.shop.on("Order.charge", {}, {"raises": "OSError"}, {})
    prefork.shop.on("Order.ship", {}, {"raises": "OSError"})
    sample = prefork.load()
    with prefork.worker("-c", "1") as worker:
        sample.process(1)
        prefork.shop.wait_for("Order.ship")
        sample.process(2)
        prefork.shop.wait_for("Order.put_on_hold")
        sample.process(3)
        prefork.shop.wait_for("Order.put_on_hold", 2)
        wait_until(lambda: not prefork.redis.exists("celery", "unacked"), "no message is left")
        assert worker.log.count("received") == 7
    assert _calls(prefork) == [
        ("Order.charge", 1),
        ("Order.ship", 1),
        ("Order.charge", 2),
        ("Order.put_on_hold", 2),
        ("Order.charge", 3),
        ("Order.ship", 3),
        ("Order.put_on_hold", 3),
    ]


def _use_sqlite(harness: Harness) -> Path:
    """Have the sample store its results in a database that needs no server."""
    assert "db+postgresql://" in harness.sample.code
    path = harness.folder / "results.db"
    harness.backend_url = f"db+sqlite:///{path}"
    harness.enter()
    return path


def _rows(path: Path) -> int:
    """How many results a database has."""
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM celery_taskmeta").fetchone()
    return int(count)


@pytest.mark.verifies("chord-requirements/header-ignored")
def test_the_body_waits_for_ever_for_results_that_nobody_stored(prefork: Harness) -> None:
    database = _use_sqlite(prefork)
    prefork.load().request_year(2026)
    with prefork.worker(speed=20) as worker:
        prefork.shop.wait_for("reports.build_month", 12)
        wait_until(lambda: worker.log.count("retry: Retry in 1.0s") >= 15, "it asks 15 times")
    assert not prefork.shop.calls("reports.build_year")
    assert _rows(database) == 0


@pytest.mark.verifies("chord-requirements/header-stored")
def test_the_body_is_called_once_with_the_twelve_results(prefork: Harness) -> None:
    database = _use_sqlite(prefork)
    prefork.shop.on("reports.build_month", *({"returns": n} for n in range(1, 13)))
    command = [sys.executable, "-c", "import sample; sample.request_year(2026)"]
    without = prefork.run(*command, environment={"CELERY_RESULT_BACKEND": "disabled://"})
    assert "NotImplementedError: " in without.stderr
    prefork.load().request_year(2026)
    with prefork.worker("-c", "1", speed=20) as worker:
        (body,) = prefork.shop.wait_for("reports.build_year")
        # The header, what waits for it, and the body, whose result is not stored.
        wait_until(lambda: worker.log.count("succeeded in") == 12 + 1 + 1, "all is done")
    assert body.args == [2026, [*range(1, 13)]]
    assert _rows(database) == 12
