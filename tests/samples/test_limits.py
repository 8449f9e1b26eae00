"""Checks of the samples in the section `limits`."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, groupby
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import Final

import pytest
import yaml
from celery.exceptions import SoftTimeLimitExceeded, TimeLimitExceeded, WorkerLostError

from tests.samples.clocks import PATIENT
from tests.samples.harness import QUIET, Harness, Running
from tests.samples.servers import free_port


@pytest.mark.verifies("time-limits/setting-names")
def test_a_task_with_the_names_of_settings_runs_without_limit(prefork: Harness) -> None:
    prefork.shop.on("Invoice.render_pdf", sleep=100)
    task = prefork.load().render_invoice
    assert task.time_limit is None
    assert task.soft_time_limit is None
    with prefork.worker(speed=50):
        task.delay(1).get(timeout=15)
    assert not prefork.shop.calls("Invoice.mark_failed")


@pytest.mark.verifies("time-limits/both-limits")
def test_the_soft_limit_ends_the_task_and_lets_it_clean_up(prefork: Harness) -> None:
    prefork.shop.on("Invoice.render_pdf", sleep=100)
    sample = prefork.load()
    with prefork.worker(speed=30) as worker:
        with pytest.raises(sample.SoftTimeLimitExceeded):
            sample.render_invoice.delay(1).get(timeout=15)
        assert "Soft time limit (45s) exceeded" in worker.log
    start, end = prefork.shop.calls()
    assert (start.name, end.name) == ("Invoice.render_pdf", "Invoice.discard_draft")
    assert end.at - start.at == pytest.approx(45, abs=5)


class _Carrier(BaseHTTPRequestHandler):
    """Tells where a parcel is: at once, drop by drop, or not at all."""

    def do_GET(self) -> None:
        if self.path == "/silent":
            self.rfile.read(1)  # until the other side gives up
            return
        self.send_response(200)
        self.end_headers()
        for piece in b'{"at":', b' "the', b" depo", b't"}':
            self.wfile.write(piece)
            time.sleep(0.3 if self.path == "/slow" else 0)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def _carrier() -> Iterator[str]:
    """The address of a carrier, which answers `/`, `/slow` and `/silent`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Carrier) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.verifies("io-timeouts/no-timeout")
def test_a_silent_carrier_holds_the_worker_until_a_time_limit_ends_it(prefork: Harness) -> None:
    task = prefork.load().update_tracking
    arguments = "-c", "1", "--soft-time-limit=1800", *PATIENT
    with _carrier() as url, prefork.worker(*arguments, speed=1200):
        for pk, path in enumerate(("/", "/silent", "/"), start=1):
            prefork.shop.add("Order", pk, tracking_url=url + path)
        _, silent, _ = [task.delay(pk) for pk in (1, 2, 3)]
        before, after = prefork.shop.wait_for("Order.set_tracking", 2)
        with pytest.raises(SoftTimeLimitExceeded):
            silent.get(timeout=10)
        assert "requests.get(order.tracking_url)" in silent.traceback
    assert (before.args[0], after.args[0]) == (1, 3)
    assert after.at - before.at > 1795


@contextmanager
def _deaf() -> Iterator[str]:
    """The address of a host that does not even answer the request for a connection."""
    with ExitStack() as sockets:
        server = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(3):  # its queue is full after the first
            client = sockets.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


@pytest.mark.verifies("io-timeouts/with-timeout")
def test_whoever_does_not_answer_in_time_is_asked_again(prefork: Harness) -> None:
    sample = prefork.load()
    task, requests = sample.update_tracking, sample.requests
    with _carrier() as url, _deaf() as deaf_url, prefork.worker("-c", "3", speed=20) as worker:
        prefork.shop.add("Order", 1, tracking_url=f"{url}/silent")
        prefork.shop.add("Order", 2, tracking_url=deaf_url)
        prefork.shop.add("Order", 3, tracking_url=f"http://127.0.0.1:{free_port()}/")
        silent, deaf, absent = [task.delay(pk) for pk in (1, 2, 3)]
        worker.wait_for("(read timeout=10)")
        prefork.shop.add("Order", 1, tracking_url=f"{url}/slow")
        silent.get(timeout=15)
        with pytest.raises(requests.ConnectTimeout, match=r"connect timeout=3\)"):
            deaf.get(timeout=15)
        with pytest.raises(requests.ConnectionError, match="Connection refused"):
            absent.get(timeout=15)
    assert [call.args for call in prefork.shop.calls("Order.set_tracking")] == [
        [1, {"at": "the depot"}]
    ]
    assert worker.log.count(f"[{silent.id}] retry: Retry in") >= 1
    assert worker.log.count(f"[{deaf.id}] retry: Retry in") == 3
    assert worker.log.count(f"[{absent.id}] retry: Retry in") == 3
    # The ten seconds are for each wait: an answer that drips in may take longer.
    took = re.search(rf"\[{silent.id}\] succeeded in (\d+)", worker.log)
    assert took
    assert int(took[1]) > 10


CONTAINER: Final = """
from celery import Celery
from celery.utils import sysinfo

sysinfo.CGROUP_ROOT = "container"
sysinfo.PROC_SELF_CGROUP = "container/cgroup"
app = Celery("shop")
"""
"""A shop that looks for its CPU quota where the check has written it."""


@contextmanager
def _container(harness: Harness) -> Iterator[Running]:
    """The worker of a service, with the CPU quota that the service has."""
    cpus = os.cpu_count() or 0
    assert 1 < cpus < 50, f"this check needs a machine with 2 to 49 CPUs, not {cpus}"
    service = yaml.safe_load(harness.sample.code)["services"]["worker"]
    harness.write("container/cgroup", "0::/\n")
    harness.write("container/cpu.max", f"{service['cpus'] * 100_000} 100000\n")
    harness.write("shop/celery.py", CONTAINER)
    with harness.celery(*shlex.split(service["command"])[1:], *QUIET) as worker:
        worker.wait_for(" ready.")
        yield worker


@pytest.mark.verifies("worker-concurrency/host-cpus")
def test_there_is_a_process_for_each_cpu_of_the_host(prefork: Harness) -> None:
    with _container(prefork) as worker:
        assert len(worker.children()) == os.cpu_count()


@pytest.mark.verifies("worker-concurrency/container-cpus", versions=">=5.7")
def test_there_is_a_process_for_the_only_cpu_of_the_container(prefork: Harness) -> None:
    with _container(prefork) as worker:
        assert len(worker.children()) == 1
        assert "resolved to 1 (pool=prefork, cgroup cpu quota=1.00" in worker.log


LABELS: Final = """
from psutil import Process

kept = []


def render(megabytes):
    kept.append(b"x" * (megabytes << 20))
    process = Process()
    with open("labels.txt", "a") as file:
        print(process.pid, process.memory_info().rss >> 20, file=file)
"""
"""Labels that leak as many megabytes as the number of the order; it notes the process each time."""
RENEWING: Final = (*PATIENT, "worker.proc_alive_timeout=100000")
"""Last arguments of a worker with a fast clock, to which a new process seems to start slowly."""


def _rendered(harness: Harness, leaks: Sequence[int]) -> list[tuple[str, list[int]]]:
    """Render labels, each with its leak.

    Returns:
        each process in turn, and how large it was after each label, in MiB.
    """
    harness.write("shop/labels.py", LABELS)
    render_label = harness.load().render_label
    results = [render_label.delay(megabytes) for megabytes in leaks]
    with harness.worker("-c", "1", *RENEWING, speed=20) as worker:
        results[-1].get(timeout=30)
        assert not worker.warnings  # nor a word of the processes that are replaced
        assert "exceed" not in worker.log
    lines = [line.split() for line in (harness.folder / "labels.txt").read_text().splitlines()]
    return [
        (pid, [int(size) for _, size in group])
        for pid, group in groupby(lines, lambda line: line[0])
    ]


@pytest.mark.verifies("recycle-worker-processes/never-replaced")
def test_a_leak_stays_in_the_only_process(prefork: Harness) -> None:
    [(_, sizes)] = _rendered(prefork, [100] * 6)
    assert sizes[-1] - sizes[0] == pytest.approx(500, abs=5)


@pytest.mark.verifies("recycle-worker-processes/in-megabytes")
def test_each_label_costs_a_process_although_none_leaks(prefork: Harness) -> None:
    processes = _rendered(prefork, [0] * 3)
    assert [len(sizes) for _, sizes in processes] == [1, 1, 1]
    assert len({pid for pid, _ in processes}) == 3


@pytest.mark.verifies("recycle-worker-processes/replaced", limit=40)
def test_a_process_ends_after_300_mb_or_500_labels(prefork: Harness) -> None:
    (_, large), (_, many), (_, last) = _rendered(prefork, [100] * 3 + [0] * 501)
    assert (len(large), len(many), len(last)) == (3, 500, 1)
    assert large[1] < 300_000 // 1024 < large[2]
    assert many[0] < 100  # a fresh process


@pytest.mark.verifies("pool-choice/threads-for-all")
def test_in_a_thread_no_limit_ends_a_task_and_a_crash_ends_the_worker(prefork: Harness) -> None:
    prefork.shop.on("Report.build", {"sleep": 100}, {"kill": "SIGSEGV"})
    build_report = prefork.load().build_report
    with prefork.worker(*PATIENT, speed=50) as worker:
        build_report.delay(1).get(timeout=15)
        worker.wait_for("succeeded in")
        took = re.search(r"succeeded in (\d+)", worker.log)
        assert took
        assert int(took[1]) >= 100
        assert not worker.warnings
        assert "limit" not in worker.log
        build_report.delay(2)
        assert worker.wait() == -signal.SIGSEGV


STUBBORN: Final = """
from celery.exceptions import SoftTimeLimitExceeded

from sample import app
from shop.models import Report

build_once = Report.build


def build(report):
    try:
        build_once(report.pk)
    except SoftTimeLimitExceeded:
        if report.pk != 2:
            raise
        build_once(report.pk)


Report.build = build
"""
"""A shop whose report 2 is not given up at the soft limit."""


@pytest.mark.verifies("pool-choice/prefork")
def test_in_a_process_each_limit_ends_a_task_and_a_crash_ends_no_worker(prefork: Harness) -> None:
    prefork.write("shop_worker.py", STUBBORN)
    prefork.shop.on("Report.build", *[{"sleep": 100}] * 3, {"kill": "SIGSEGV"}, {})
    build_report = prefork.load().build_report
    with prefork.worker("-c", "2", *RENEWING, app="shop_worker", speed=50) as worker:
        results = [build_report.delay(pk) for pk in (1, 2)]
        for result, error in zip(results, (SoftTimeLimitExceeded, TimeLimitExceeded), strict=True):
            with pytest.raises(error):
                result.get(timeout=15)
        assert worker.log.count("Soft time limit (45s) exceeded") == 2
        worker.wait_for("Hard time limit (60s) exceeded")
        with pytest.raises(WorkerLostError):
            build_report.delay(3).get(timeout=15)
        build_report.delay(4).get(timeout=15)
    start, again = [call.at for call in prefork.shop.calls() if call.args == [2]]
    assert again - start == pytest.approx(45, abs=5)


ARENAS: Final = {"MALLOC_ARENA_MAX": "2"}
"""Variables of a worker with many threads: otherwise these reserve more memory than a check has."""


@contextmanager
def _workers(harness: Harness, *lines: str, speed: float = 1) -> Iterator[list[Running]]:
    """Several workers, each by its command line, started at the same time."""
    with ExitStack() as stack:
        workers = [
            stack.enter_context(
                harness.celery(
                    *shlex.split(line)[1:], *QUIET, *PATIENT, speed=speed, environment=ARENAS
                )
            )
            for line in lines
        ]
        for worker in workers:
            worker.wait_for(" ready.")
        yield workers


HOOKS: Final = """
from celery import Celery

from shop import hooks

app = Celery("shop")


@app.task
def post(queue):
    hooks.post(queue)
"""


@pytest.mark.filterwarnings("ignore:Call to 'get_connection'")  # of redis, to Kombu 5.4
@pytest.mark.verifies("pool-choice/pool-per-queue")
def test_four_processes_and_fifty_threads_have_a_queue_each(prefork: Harness) -> None:
    prefork.write("shop/celery.py", HOOKS)
    prefork.shop.on("hooks.post", sleep=60)
    post = prefork.load("shop.celery").post
    for queue, count in ("celery", 6), ("webhooks", 60):
        for _ in range(count):
            post.apply_async((queue,), queue=queue)
    with _workers(prefork, *prefork.sample.code.splitlines()) as (main, hooks):
        calls = prefork.shop.wait_for("hooks.post", 4 + 50)
        answers = post.app.control.ping(timeout=5, limit=2)
        assert len(prefork.shop.calls()) == len(calls)
        pids = {
            queue: [call.pid for call in calls if call.args == [queue]]
            for queue in ("celery", "webhooks")
        }
        assert sorted(pids["celery"]) == sorted(main.children())
        assert pids["webhooks"] == [hooks.pid] * 50
    names = [name for answer in answers for name in answer]
    assert sorted(name.partition("@")[0] for name in names) == ["hooks", "main"]


WAREHOUSE: Final = """
import os
import socket
import time

from shop.journal import write


class Connection:
    def __init__(self):
        address = "127.0.0.1", int(os.environ["WAREHOUSE_PORT"])
        self._socket = socket.create_connection(address)

    def stock_of(self, product_id):
        self._socket.sendall(bytes([product_id]))
        time.sleep(product_id % 3 / 50)
        return self._socket.recv(1)[0]


def connect(**options):
    write("warehouse.connect", [], options)
    return Connection()
"""
"""A client whose process does not always get to read the answer at once."""
PRODUCTS: Final = [*range(60)]


class _Warehouse(BaseRequestHandler):
    """Has as many pieces of a product as the number of the product is."""

    def handle(self) -> None:
        while question := self.request.recv(1):
            self.request.sendall(question)


@contextmanager
def _asking(harness: Harness) -> Iterator[Running]:
    """A worker with two processes that ask the warehouse."""
    harness.write("shop/warehouse.py", WAREHOUSE)
    with ThreadingTCPServer(("127.0.0.1", 0), _Warehouse) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        os.environ["WAREHOUSE_PORT"] = str(server.server_address[1])
        with harness.worker("-c", "2") as worker:
            yield worker
        server.shutdown()


def _connected(harness: Harness) -> list[int]:
    """The processes that have connected to the warehouse, but for the check itself."""
    calls = harness.shop.calls("warehouse.connect")
    return sorted(call.pid for call in calls if call.pid != os.getpid())


def _stocks(harness: Harness) -> list[int]:
    """What the task of the sample answers for each of the products."""
    check_stock = harness.load().check_stock
    results = [check_stock.delay(product_id) for product_id in PRODUCTS]
    return [result.get(timeout=15) for result in results]


@pytest.mark.verifies("fork-safe-connections/before-fork")
def test_processes_with_one_socket_get_each_others_answers(prefork: Harness) -> None:
    with _asking(prefork) as worker:
        assert _connected(prefork) == [worker.pid]
        stocks = _stocks(prefork)
        assert _connected(prefork) == [worker.pid]
    assert stocks != PRODUCTS
    assert sorted(stocks) == PRODUCTS


@pytest.mark.verifies("fork-safe-connections/first-use")
def test_each_process_connects_once_for_its_first_task(prefork: Harness) -> None:
    with _asking(prefork) as worker:
        assert _connected(prefork) == []
        assert _stocks(prefork) == PRODUCTS
        assert _connected(prefork) == sorted(worker.children())


@pytest.mark.verifies("fork-safe-connections/on-process-start")
def test_each_process_connects_once_before_its_first_task(prefork: Harness) -> None:
    with _asking(prefork) as worker:
        connects = prefork.shop.wait_for("warehouse.connect", 2)
        assert _stocks(prefork) == PRODUCTS
        assert _connected(prefork) == sorted(worker.children())
    timeouts = [call.kwargs["timeout"] for call in connects]
    assert max(timeouts) < prefork.load().app.conf.worker_proc_alive_timeout == 4


@contextmanager
def _two_workers(harness: Harness, *arguments: str) -> Iterator[tuple[Running, Running]]:
    """Two workers of the sample with a fast clock, the second with further arguments."""
    line = "celery -A sample worker -c 2"
    second = shlex.join(["-n", "second@%h", *arguments])
    with _workers(harness, f"{line} -n first@%h", f"{line} {second}", speed=10) as workers:
        yield workers[0], workers[1]


def _locate(harness: Harness) -> None:
    """Send more addresses than the service takes while we watch."""
    locate = harness.load().locate
    for pk in range(30):
        locate.delay(pk)


def _starts(harness: Harness, worker: Running) -> list[tuple[int, float]]:
    """Each start on a worker: how many came before it on all, and when it was by its clock."""
    children = worker.children()
    calls = harness.shop.calls("Address.geocode")
    return [(number, call.at) for number, call in enumerate(calls) if call.pid in children]


@pytest.mark.verifies("rate-limit-scope/per-worker")
def test_two_workers_start_twice_as_many_tasks_as_one_may(prefork: Harness) -> None:
    with _two_workers(prefork) as workers:
        _locate(prefork)
        prefork.shop.wait_for("Address.geocode", 24)
        for starts in [_starts(prefork, worker) for worker in workers]:
            (before, start), *_, (until, end) = starts
            assert (len(starts) - 1) / (end - start) < 1.2
            assert (until - before) / (end - start) > 1.5


@pytest.mark.verifies("rate-limit-scope/one-worker")
def test_the_only_worker_of_the_queue_keeps_to_the_quota(prefork: Harness) -> None:
    with _two_workers(prefork, "-Q", "geocoder") as (first, second):
        _locate(prefork)
        prefork.shop.wait_for("Address.geocode", 12)
        assert not _starts(prefork, first)
        (_, start), *others, (_, end) = _starts(prefork, second)
    assert 0.5 < (len(others) + 1) / (end - start) < 1.2


@pytest.mark.verifies("rate-limit-scope/shared-quota")
def test_one_task_a_second_gets_a_slot_and_the_others_try_again(prefork: Harness) -> None:
    os.environ["QUOTA_REDIS_URL"] = prefork.backend_url
    with _two_workers(prefork) as workers:
        start = time.monotonic()  # the clock of Redis is as slow as this one
        _locate(prefork)
        calls = prefork.shop.wait_for("Address.geocode", 4)
        assert time.monotonic() - start > len(calls) - 2
        # In the meantime each worker has sent some tasks back, the same one more than three times.
        tries = [re.findall(r"\[([-\w]+)\] retry: Retry in", worker.log) for worker in workers]
        assert all(tries)
        assert max(Counter(chain(*tries)).values()) > 3
        assert "ERROR" not in "".join(worker.log for worker in workers)
