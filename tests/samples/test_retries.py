"""Checks of the samples in the section `retries`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import celery.utils.time
import pytest
from celery.exceptions import Retry
from celery.signals import task_retry

from tests.samples.clocks import PATIENT
from tests.samples.harness import Harness, Running
from tests.samples.servers import wait_until

# The ledger is reached over HTTPS by a name that does not exist. So where `requests` hands a
# request to the network, the worker of these checks asks a function of the shop for the answer:
# a status code, or an error that it raises. All else of `requests` is as it is.
LEDGER = """
import requests
from requests.adapters import HTTPAdapter

from sample import app
from shop import ledger


def send(self, request, timeout, **options):
    answer = requests.Response()
    answer.request, answer.url = request, request.url
    key = request.headers.get("Idempotency-Key")
    answer.status_code = ledger.post(request.url, key, request.body.decode(), timeout)
    return answer


HTTPAdapter.send = send
"""


def _delays(running: Running, id: str = "") -> list[int]:
    """The delays before retries that a worker has announced, of one task or of all, in seconds."""
    found = re.findall(r"\[([-\w]+)\] retry: Retry in (\d+)s", running.log)
    return [int(seconds) for task_id, seconds in found if id in ("", task_id)]


@pytest.mark.verifies("retry-only-transient-errors/everything")
def test_bugs_and_refusals_are_retried_as_well(prefork: Harness) -> None:
    prefork.write("shop_worker.py", LEDGER)
    sample = prefork.load()
    book_invoice, http_error = sample.book_invoice, sample.requests.HTTPError
    prefork.shop.on("Invoice.as_dict", raises="NameError", message="totl")
    with prefork.worker(*PATIENT, app="shop_worker", speed=1000) as worker:
        with pytest.raises(NameError, match="totl"):
            book_invoice.delay(1).get(timeout=15)
        runs = prefork.shop.calls("Invoice.as_dict")
        assert len(runs) == 4
        assert _delays(worker) == [180, 180, 180]
        assert runs[-1].at - runs[0].at > 535  # the failure is known nine minutes late

        prefork.shop.on("Invoice.as_dict", returns={"total": -5})
        prefork.shop.on("ledger.post", returns=400)
        with pytest.raises(http_error, match="400 Client Error"):
            book_invoice.delay(2).get(timeout=15)
        assert len(prefork.shop.calls("ledger.post")) == 4

        prefork.shop.on("ledger.post", returns=503)
        with pytest.raises(http_error, match="503 Server Error"):
            book_invoice.delay(3).get(timeout=15)
        assert len(prefork.shop.calls("ledger.post")) == 8


@pytest.mark.verifies("retry-only-transient-errors/named-errors")
def test_only_a_busy_or_unreachable_ledger_is_asked_again(prefork: Harness) -> None:
    prefork.write("shop_worker.py", LEDGER)
    sample = prefork.load()
    http_error = sample.requests.HTTPError
    prefork.shop.on("Invoice.as_dict", returns={"total": 5})
    prefork.shop.on(
        "ledger.post",
        {"raises": "requests.ConnectionError"},
        {"raises": "requests.Timeout"},
        {"returns": 429},
        {"returns": 201},
        {"returns": 502},
        {"returns": 503},
        {"returns": 504},
        {"returns": 201},
        {"returns": 400},
        {"returns": 404},
        {"returns": 500},
    )
    with prefork.worker(*PATIENT, app="shop_worker", speed=100) as worker:
        sample.book_invoice.delay(1).get(timeout=15)
        sample.book_invoice.delay(2).get(timeout=15)
        asked = prefork.shop.calls("ledger.post")
        assert [call.args[1] for call in asked] == ["invoice-1"] * 4 + ["invoice-2"] * 4
        assert all(call.args[2:] == ['{"total": 5}', [3, 10]] for call in asked)
        longest = [10, 20, 40, 10, 20, 40]
        delays = zip(_delays(worker), longest, strict=True)
        assert all(delay <= ceiling for delay, ceiling in delays)

        for invoice_id, status in (3, 400), (4, 404), (5, 500):
            with pytest.raises(http_error, match=str(status)):
                sample.book_invoice.delay(invoice_id).get(timeout=15)
        assert len(prefork.shop.calls("ledger.post")) == len(asked) + 3

        prefork.shop.on("Invoice.as_dict", raises="NameError")
        with pytest.raises(NameError):
            sample.book_invoice.delay(6).get(timeout=15)
        assert len(_delays(worker)) == 6


@pytest.mark.verifies("raise-self-retry/exception-as-args")
def test_the_exception_is_taken_for_arguments_and_nothing_is_retried(prefork: Harness) -> None:
    prefork.shop.on("payments.refund", raises="ConnectionError")
    refund = prefork.load().refund
    with prefork.worker() as worker:
        result = refund.delay(7)
        with pytest.raises(TypeError, match="'ConnectionError' object is not iterable"):
            result.get(timeout=15)
        assert result.state == "FAILURE"
        assert not _delays(worker)
        wait_until(lambda: not prefork.redis.exists("celery", "unacked"), "no second run waits")
    assert len(prefork.shop.calls("payments.refund")) == 1


@pytest.mark.verifies("raise-self-retry/swallowed-retry")
def test_the_task_is_sent_again_and_succeeds_nevertheless(prefork: Harness) -> None:
    prefork.shop.on("payments.is_pending", {"returns": True}, {"returns": False})
    refund = prefork.load().refund
    with prefork.worker(speed=30) as worker:
        result = refund.delay(7)
        result.get(timeout=15)
        assert result.state == "SUCCESS"
        prefork.shop.wait_for("payments.refund")
        wait_until(lambda: worker.log.count("succeeded in") == 2, "the second run ends")
        assert not _delays(worker)
    first, report, second, _ = prefork.shop.calls()
    assert (report.name, second.name) == ("payments.report", "payments.is_pending")
    assert second.at - first.at > 29


@pytest.mark.verifies("raise-self-retry/named-argument")
def test_a_retry_is_seen_as_one_and_the_last_ends_with_the_real_error(prefork: Harness) -> None:
    prefork.shop.on("payments.is_pending", {"returns": True}, {"returns": False})
    prefork.shop.on("payments.refund", raises="ConnectionError", message="no route")
    refund = prefork.load().refund
    with prefork.worker(speed=60) as worker:
        result = refund.delay(7)
        prefork.shop.wait_for("payments.is_pending")
        wait_until(lambda: result.state == "RETRY", "the state is RETRY")
        with pytest.raises(ConnectionError, match="no route"):
            result.get(timeout=15)
        assert result.state == "FAILURE"
        assert _delays(worker) == [30, 30, 30]
    assert len(prefork.shop.calls("payments.is_pending")) == 4
    assert len(prefork.shop.calls("payments.refund")) == 3


def _runs_until_it_fails(prefork: Harness) -> list[float]:
    """Times of the runs of a task that can never succeed, in seconds since the first."""
    prefork.shop.on("payments.capture", raises="ConnectionError", message="closed down")
    result = prefork.load().capture.delay(7)
    with prefork.worker(*PATIENT, speed=1500) as worker:
        with pytest.raises(ConnectionError, match="closed down"):
            result.get(timeout=15)
        assert {*_delays(worker)} == {300}
        wait_until(lambda: not prefork.redis.exists("celery", "unacked"), "nothing is left to do")
    runs = prefork.shop.calls("payments.capture")
    return [run.at - runs[0].at for run in runs]


@pytest.mark.verifies("cap-retries/unknown-option")
def test_the_unknown_option_leaves_the_limit_at_three(prefork: Harness) -> None:
    task = prefork.load().capture
    assert task.retry_limit == 8
    assert task.max_retries == 3
    runs = _runs_until_it_fails(prefork)
    assert len(runs) == 4
    assert runs[-1] > 15 * 60 - 5


@pytest.mark.verifies("cap-retries/endless")
def test_without_a_limit_the_retries_go_on(prefork: Harness) -> None:
    prefork.shop.on("payments.capture", raises="ConnectionError")
    result = prefork.load().capture.delay(7)
    with prefork.worker(*PATIENT, speed=2000):
        runs = prefork.shop.wait_for("payments.capture", 12, timeout=15)
        assert result.state == "RETRY"
    assert runs[-1].at - runs[0].at > 11 * 295


@pytest.mark.verifies("cap-retries/capped")
def test_eight_retries_survive_forty_minutes_and_end(prefork: Harness) -> None:
    runs = _runs_until_it_fails(prefork)
    assert len(runs) == 9
    assert runs[-1] > 40 * 60 - 5


@pytest.mark.verifies("backoff-with-jitter/doubling-by-hand")
def test_the_delays_double_for_all_alike_beyond_the_visibility_timeout(prefork: Harness) -> None:
    prefork.shop.on("stock.push", raises="ConnectionError")
    task = prefork.load().sync_stock
    together = [task.delay(product_id).id for product_id in (1, 2, 3)]
    later = [task.apply_async((4,), retries=retries).id for retries in range(1, 10)]
    with prefork.worker(*PATIENT, speed=3000) as worker:
        wait_until(lambda: all(_delays(worker, id) for id in together + later), "all have failed")
        assert [_delays(worker, id)[0] for id in together] == [60, 60, 60]
        delays = [_delays(worker, id)[0] for id in later]
        assert delays == [120, 240, 480, 960, 1920, 3840, 7680, 15360, 30720]
        assert delays[-1] / 3600 == pytest.approx(8.5, abs=0.05)
        # Received, received as a retry, and long before its time once more: the time-out is over.
        received = f"[{later[-1]}] received"
        wait_until(lambda: worker.log.count(received) >= 3, "a second delivery of the retry")
        assert len(_delays(worker, later[-1])) == 1


def _check_the_draws(in_process: Harness) -> None:
    """The delays have jitter, double up to a ceiling, and there are ten of them."""
    sample = in_process.load()
    in_process.shop.on("stock.push", raises="ConnectionError")
    delays: list[int] = []

    def note(reason: Retry, **others: object) -> None:
        delays.append(reason.when)

    task_retry.connect(note)
    in_process.start_thread_worker(sample.app)

    def drawn(*retries: int) -> list[int]:
        delays.clear()
        for each in retries:
            sample.sync_stock.apply_async((1,), retries=each)
        wait_until(lambda: len(delays) == len(retries), "all are retried")
        return [*delays]

    assert len({*drawn(*[9] * 20)}) > 1
    celery.utils.time.random = SimpleNamespace(randrange=lambda stop: stop - 1)
    longest = drawn(*range(10))
    assert longest == [10, 20, 40, 80, 160, 320, 600, 600, 600, 600]
    assert sum(longest) / 60 == pytest.approx(50, abs=1)
    celery.utils.time.random = SimpleNamespace(randrange=lambda stop: 0)
    last = sample.sync_stock.apply_async((2,), retries=9)  # retried at once, and then no more
    with pytest.raises(ConnectionError):
        last.get(timeout=10)
    assert len([call for call in in_process.shop.calls() if call.args == [2]]) == 2


@pytest.mark.verifies("backoff-with-jitter/built-in")
def test_the_built_in_backoff_draws_below_a_doubling_ceiling(in_process: Harness) -> None:
    _check_the_draws(in_process)


@pytest.mark.verifies("backoff-with-jitter/manual-retry")
def test_the_computed_countdown_draws_below_a_doubling_ceiling(in_process: Harness) -> None:
    _check_the_draws(in_process)


@pytest.mark.verifies("autoretry-for/by-hand")
def test_a_back_off_without_autoretry_for_is_ignored(prefork: Harness) -> None:
    prefork.shop.on("catalog.push_price", raises="ConnectionError")
    with prefork.worker(*PATIENT, speed=1000) as worker:
        with pytest.raises(ConnectionError):
            prefork.load().push_price.delay(1).get(timeout=15)
        assert _delays(worker) == [180] * 8


@pytest.mark.verifies("autoretry-for/caught-inside")
def test_what_the_body_catches_is_not_retried(prefork: Harness) -> None:
    prefork.shop.on("catalog.push_price", raises="ConnectionError")
    with prefork.worker() as worker:
        result = prefork.load().push_price.delay(1)
        assert result.get(timeout=15) is None
        assert result.state == "SUCCESS"
        assert "Price of product 1 not pushed" in worker.log
        assert not _delays(worker)
    assert len(prefork.shop.calls("catalog.push_price")) == 1


@pytest.mark.verifies("autoretry-for/declared")
def test_a_declared_retry_backs_off_and_ends(prefork: Harness) -> None:
    prefork.shop.on("catalog.push_price", raises="ConnectionError")
    with prefork.worker(*PATIENT, speed=1000) as worker:
        with pytest.raises(ConnectionError):
            prefork.load().push_price.delay(1).get(timeout=15)
        delays = _delays(worker)
    ceilings = [min(5 * 2**retry, 600) for retry in range(8)]
    assert len(delays) == 8
    assert all(delay <= ceiling for delay, ceiling in zip(delays, ceilings, strict=True))
    assert len(set(delays)) > 2  # the jitter draws them
    assert sum(ceilings) == pytest.approx(20 * 60, rel=0.1)


@pytest.mark.verifies("avoid-long-eta/parked-in-worker")
def test_a_distant_eta_sits_in_the_worker_and_is_delivered_again_every_hour(
    prefork: Harness,
) -> None:
    due = datetime.now(UTC) + timedelta(days=3)
    prefork.load().on_delivery(SimpleNamespace(pk=1, review_date=due))
    with prefork.worker(*PATIENT, speed=3000) as worker:
        wait_until(lambda: worker.log.count("] received") >= 3, "three deliveries")
        assert prefork.redis.hlen("unacked") == 1
        assert prefork.redis.llen("celery") == 0
        times = [_clock(line) for line in worker.log.splitlines() if "] received" in line]
    assert times[2] - times[1] == pytest.approx(3600, abs=600)
    assert not prefork.shop.calls()


def _clock(line: str) -> float:
    """When a line of a log was written, by the clock of the worker."""
    return datetime.strptime(line[1:20], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp()


@pytest.mark.verifies("avoid-long-eta/swept-when-due")
def test_sweeps_mail_each_due_row_once_and_a_late_one_is_dropped(prefork: Harness) -> None:
    prefork.shop.on("Order.ids_with_review_due", returns=[1, 2])
    prefork.shop.on("Order.claim_review_request", {"returns": True}, {"returns": True}, {})
    with prefork.worker("-B", "-s", "schedule", *PATIENT, speed=400):
        sweeps = prefork.shop.wait_for("Order.ids_with_review_due", 3)
        prefork.shop.wait_for("Order.claim_review_request", 6)
    assert sweeps[2].at - sweeps[0].at == pytest.approx(1200, abs=200)
    mailed = sorted(call.args for call in prefork.shop.calls("Order.mail_review_request"))
    assert mailed == [[1], [2]]

    sample = prefork.load()
    prefork.redis.flushdb()
    entry = sample.app.conf.beat_schedule["ask-for-reviews"]
    sample.app.send_task(entry["task"], **entry["options"])
    with prefork.worker(environment={"FAKETIME": "+605"}, speed=2) as eleven_minutes_late:
        eleven_minutes_late.wait_for("Discarding revoked task")
