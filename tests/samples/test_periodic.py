"""Checks of the samples in the section `periodic`."""

from __future__ import annotations

import json
import os
import shelve
import shlex
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from celery import Celery
from celery.exceptions import WorkerLostError
from celery.schedules import maybe_schedule
from celery.worker.request import Request
from redis import Redis
from redis.exceptions import LockNotOwnedError

from tests.samples.harness import Harness, Running
from tests.samples.servers import wait_until

REMINDERS: Final = """
from celery import Celery

from shop import reminders

app = Celery("shop")
app.conf.beat_schedule = {
    name: {"task": "shop.remind", "schedule": 60.0, "args": (name,)}
    for name in ("customers", "suppliers")
}


@app.task(bind=True, name="shop.remind")
def remind(self, name):
    reminders.send(name, self.request.origin)
"""
"""The shop whose services the commands start; its task tells which process sent the message."""


@contextmanager
def _services(prefork: Harness) -> Iterator[dict[str, Running]]:
    """Each command of the sample, run on a host of its own; by kind, or name of the node."""
    prefork.write("shop/celery.py", REMINDERS)
    with ExitStack() as stack:
        services = {}
        for number, line in enumerate(prefork.sample.code.splitlines()):
            program, *arguments = shlex.split(line.replace("/var/lib/shop", str(prefork.folder)))
            assert program == "celery"
            host = prefork.folder / f"host{number}"
            host.mkdir()
            command = ["env", f"--chdir={host}", sys.executable, "-m", program, *arguments]
            name = arguments[arguments.index("-n") + 1] if "-n" in arguments else arguments[2]
            services[name] = stack.enter_context(prefork.command(command, speed=100))
        yield services


def _senders(prefork: Harness) -> dict[str, set[int]]:
    """Ids of the processes that have sent the messages so far, by entry of the schedule."""
    senders: dict[str, set[int]] = {"customers": set(), "suppliers": set()}
    for call in prefork.shop.calls("reminders.send"):
        name, origin = call.args
        senders[name].add(int(origin.removeprefix("gen").partition("@")[0]))
    return senders


@pytest.mark.verifies("single-beat/beat-in-workers")
def test_each_of_two_workers_has_a_beat_that_sends_everything(prefork: Harness) -> None:
    with _services(prefork) as services:

        def everything_is_sent_twice() -> bool:
            return [len(pids) for pids in _senders(prefork).values()] == [2, 2]

        wait_until(everything_is_sent_twice, "two processes send each entry", timeout=15)
        customers, suppliers = _senders(prefork).values()
        assert customers == suppliers
        for worker in services["worker1@%h"], services["worker2@%h"]:
            assert len(customers.intersection(worker.children())) == 1


@pytest.mark.verifies("single-beat/one-beat")
def test_the_one_beat_sends_everything_once(prefork: Harness) -> None:
    with _services(prefork) as services:
        assert {*services} == {"beat", "worker1@%h", "worker2@%h"}
        prefork.shop.wait_for("reminders.send", 4, timeout=15)
        beat = services["beat"]
        beat.stop()
        with shelve.open(str(prefork.folder / "beat-schedule")) as schedule:  # noqa: S301
            runs = {name: entry.total_run_count for name, entry in schedule["entries"].items()}
        calls = prefork.shop.wait_for("reminders.send", sum(runs.values()))
        assert Counter(call.args[0] for call in calls) == runs
        assert _senders(prefork) == {"customers": {beat.pid}, "suppliers": {beat.pid}}


def _entry(app: Any) -> dict[str, Any]:
    """The only entry of the schedule."""
    [entry] = app.conf.beat_schedule.values()
    return dict(entry)


def _send(app: Any) -> Any:
    """Send what beat would send."""
    entry = _entry(app)
    return app.send_task(entry["task"], entry.get("args"), **entry.get("options", {}))


def _locks(prefork: Harness) -> Redis:
    """The database for locks; the sample's environment gets its address."""
    os.environ["SHOP_LOCKS_URL"] = prefork.backend_url
    return prefork.results


@pytest.mark.verifies("periodic-overlap-lock/overlapping-runs")
def test_three_runs_longer_than_the_interval_are_at_work_at_once(prefork: Harness) -> None:
    _locks(prefork)
    prefork.shop.on("stock.sync", sleep=150)
    with prefork.worker("-c", "3", "-B", speed=100):
        first, second, third = prefork.shop.wait_for("stock.sync", 3)
    assert len({first.pid, second.pid, third.pid}) == 3
    assert third.at - first.at == pytest.approx(120, abs=25)


@pytest.mark.verifies("periodic-overlap-lock/expiring-lock")
def test_a_run_is_skipped_while_another_has_the_lock_which_ends_by_itself(
    prefork: Harness,
) -> None:
    name = "lock:sync-stock"
    locks = _locks(prefork)
    app = prefork.load().app
    prefork.shop.on("stock.sync", {"sleep": 150}, {}, {"sleep": 60}, {"kill": "SIGKILL"})
    with prefork.worker("-c", "3", speed=50):
        for result in [_send(app) for _ in range(3)]:
            result.get(timeout=10)
        assert len(prefork.shop.calls("stock.sync")) == 1
        assert not locks.exists(name)
        _send(app).get(timeout=10)
        assert len(prefork.shop.calls("stock.sync")) == 2
        # Meanwhile the lock expires and another run takes it.
        too_long = _send(app)
        prefork.shop.wait_for("stock.sync", 3)
        locks.set(name, "another run")
        with pytest.raises(LockNotOwnedError):
            too_long.get(timeout=10)
        assert locks.getdel(name) == "another run"
        # A killed run leaves its lock behind, but not for ever.
        with pytest.raises(WorkerLostError):
            _send(app).get(timeout=10)
        _send(app).get(timeout=10)
        assert len(prefork.shop.calls("stock.sync")) == 4
        assert 300 < int(locks.ttl(name)) <= 330


def _sent_in_an_outage(prefork: Harness) -> list[str]:
    """Have beat send for a minute while there is no worker; the ids of the messages."""
    with prefork.celery("-A", "sample", "beat", speed=60) as beat:
        wait_until(lambda: int(prefork.redis.llen("celery")) >= 12, "twelve messages")
        beat.stop()
    messages = [json.loads(message) for message in prefork.redis.lrange("celery", 0, -1)]
    return [message["headers"]["id"] for message in messages]


def _states_after(prefork: Harness, calls: int, ids: list[str]) -> set[str]:
    """The states of messages as soon as the stock was refreshed so often.

    Beat and a worker are started eight hours later.
    """
    environment = {"FAKETIME": "+8h x10"}
    with prefork.worker("-c", "1", "-B", speed=10, environment=environment):
        prefork.shop.wait_for("stock.refresh", calls)
        app = prefork.load().app
        return {app.AsyncResult(id).state for id in ids}


@pytest.mark.verifies("periodic-expires/no-expiry")
def test_all_that_piled_up_is_run_before_anything_newer(prefork: Harness) -> None:
    ids = _sent_in_an_outage(prefork)
    assert _states_after(prefork, len(ids) + 1, ids) == {"SUCCESS"}


@pytest.mark.verifies("periodic-expires/short-lived")
def test_what_piled_up_is_dropped_and_the_next_message_is_run(prefork: Harness) -> None:
    ids = _sent_in_an_outage(prefork)
    assert _states_after(prefork, 1, ids) == {"REVOKED"}


MADRID: Final = ZoneInfo("Europe/Madrid")
WINTER: Final = date(2026, 1, 15)
SUMMER: Final = date(2026, 7, 15)


def _offers_are_sent_at(app: Any, day: date) -> datetime:
    """When beat sends the offers of a day, by the clock in Madrid."""
    schedule = maybe_schedule(_entry(app)["schedule"], app=app)
    midnight = datetime.combine(day, time(0), UTC).astimezone(app.timezone)  # as `app.now()` has it
    schedule.nowfun = lambda: midnight
    sent_at: datetime = midnight + schedule.remaining_estimate(midnight)
    for seconds, is_due in (-1, False), (0, True):
        now = sent_at + timedelta(seconds=seconds)
        schedule.nowfun = lambda now=now: now
        assert schedule.is_due(midnight).is_due == is_due
    return sent_at.astimezone(MADRID)


def _offers_are_received_for(sample: Any, day: date, worker_zone: str = "") -> datetime:
    """When a worker runs what was meant for nine o'clock of a day.

    Args:
        worker_zone: its time zone, if that is not the sample's.
    """
    sample.publish_at_nine(day)
    worker = sample.app
    if worker_zone:
        worker = Celery("worker", set_as_current=False)
        worker.conf.timezone = worker_zone
    with sample.app.connection_for_read() as connection:
        message = connection.default_channel.basic_get("celery", no_ack=True)
    eta: datetime = Request(message, app=worker, task=sample.publish_offers).eta
    return eta


@pytest.mark.verifies("explicit-timezone/utc-by-default")
def test_eight_and_nine_o_clock_are_those_of_utc(caller: Harness) -> None:
    sample = caller.load()
    assert _offers_are_sent_at(sample.app, WINTER).time() == time(9)
    assert _offers_are_sent_at(sample.app, SUMMER).time() == time(10)
    for day in WINTER, SUMMER:
        nine_utc = datetime.combine(day, time(9), UTC)
        assert _offers_are_received_for(sample, day) == nine_utc
        assert _offers_are_received_for(sample, day, worker_zone="Asia/Seoul") == nine_utc


@pytest.mark.verifies("explicit-timezone/madrid-time")
def test_eight_and_nine_o_clock_are_those_of_madrid(caller: Harness) -> None:
    sample = caller.load()
    for day in WINTER, SUMMER:
        assert _offers_are_sent_at(sample.app, day).time() == time(8)
        nine = datetime.combine(day, time(9), MADRID)
        assert _offers_are_received_for(sample, day) == nine
        assert _offers_are_received_for(sample, day, worker_zone="Asia/Seoul") == nine
