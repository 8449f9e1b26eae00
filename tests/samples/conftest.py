"""Runs a check for each sample, contained, and records what was seen.

A check is a test with the mark `verifies("item/sample")` and one of the harnesses below as its
argument. It runs in a process of its own (see `contained`), so what it does to modules, signals
or the environment is gone afterwards.
"""

from __future__ import annotations

import functools
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

import celery
import celery.bin.worker  # so that each check need not load it again
import pytest
from packaging.specifiers import SpecifierSet

from checklist.load import load
from checklist.model import Sample
from tests.samples.contained import run_contained
from tests.samples.harness import FAKETIME, Harness
from tests.samples.record import Outcome, Recorder
from tests.samples.servers import (
    RABBITMQ,
    RabbitServer,
    RedisServer,
    rabbit_server,
    redis_server,
    running_servers,
)

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "checklist/content/celery.yaml"
FOLDER: Final = "SAMPLES_FOLDER"
"""Variable with the folder of a run, below which everything is written."""
OUTCOME: Final = "outcome"
"""Property of a test's report: what was seen of the sample."""
LIMIT: Final = 20.0
"""Seconds a check may take unless its mark says otherwise."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", type=Path, help="write what was seen of the samples to this file")


@pytest.hookimpl(trylast=True)  # after the terminal's
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "verifies(id, limit=20, versions=''): checks a sample; limit in seconds, "
        "versions of Celery that it is about",
    )
    # A terminated run cleans up as an interrupted one does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if FOLDER not in os.environ:  # the processes of pytest-xdist share that of their parent
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="samples-")
        config.add_cleanup(lambda: shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True))
    path, terminal = config.getoption("record"), config.pluginmanager.get_plugin("terminalreporter")
    if path and terminal:  # not in the processes of pytest-xdist
        config.pluginmanager.register(Recording(path, terminal))


@functools.cache
def samples() -> dict[str, Sample]:
    """Every sample of our checklist by item and sample id."""
    checklist, problems = load(SOURCE, SOURCE.relative_to(ROOT).as_posix())
    assert checklist, problems
    return {f"{item.id}/{each.id}": each for item in checklist.items for each in item.samples}


def verified(item: pytest.Item) -> str | None:
    """The id of the sample that a test checks."""
    mark = item.get_closest_marker("verifies")
    return str(mark.args[0]) if mark else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What forks comes first, before there are servers and browsers with threads."""
    items.sort(key=lambda item: Path(__file__).parent not in item.path.parents)
    apt = [item for item in items if _is_about(item, celery.__version__)]
    config.hook.pytest_deselected(items=[item for item in items if item not in apt])
    items[:] = apt
    for item in items:
        if "rabbitmq" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("rabbitmq"))  # one server is enough


def _is_about(item: pytest.Item, version: str) -> bool:
    return SpecifierSet(_option(item, "versions", "")).contains(version, prereleases=True)


def _option(item: pytest.Item, name: str, default: Any) -> Any:
    mark = item.get_closest_marker("verifies")
    return mark.kwargs.get(name, default) if mark else default


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a check in a process of its own."""
    id = verified(pyfuncitem)
    if id is None:
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    (harness,) = (each for each in arguments.values() if isinstance(each, Harness))

    def check() -> None:
        harness.enter()
        pyfuncitem.obj(**arguments)

    limit = _option(pyfuncitem, "limit", LIMIT)
    start = time.monotonic()
    failure = run_contained(check, limit=limit, spared=running_servers())
    seen = (id, harness.name, failure is None, time.monotonic() - start)
    pyfuncitem.user_properties.append((OUTCOME, seen))
    if failure:
        pytest.fail(f"{harness.sample.place}: {id}: {failure.message}", pytrace=False)
    return True


class Recording:
    """Tells of each sample what was seen, and writes it down at the end.

    A plug-in, as the checks may run in several processes (pytest-xdist): their reports arrive in
    the one that has this.
    """

    def __init__(self, path: Path, terminal: pytest.TerminalReporter) -> None:
        self._path = path
        self._terminal = terminal
        self._recorder = Recorder(celery.__version__, samples())

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """A line for each sample instead of a dot."""
        properties = dict(report.user_properties)
        if report.when != "call" or OUTCOME not in properties:
            return None
        id, harness, passed, seconds = cast("tuple[str, str, bool, float]", properties[OUTCOME])
        outcome = Outcome(id, harness, passed, seconds)
        self._recorder.outcomes.append(outcome)
        self._terminal.write_line(self._recorder.line(outcome))
        return report.outcome, "", report.outcome.upper()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """A record with a gap because a server is missing is no success."""
        if self._terminal.stats.get("skipped"):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self) -> None:
        """Write it down."""
        self._recorder.write(self._path)
        self._terminal.write_line(self._recorder.summary)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards, whatever happens."""
    with tempfile.TemporaryDirectory(dir=os.environ[FOLDER]) as path:
        yield Path(path)


@pytest.fixture(scope="session")
def redis() -> Iterator[RedisServer]:
    """A Redis server for all checks."""
    _need("redis-server", shutil.which("redis-server"))
    _need("faketime", FAKETIME)
    with redis_server(Path(tempfile.mkdtemp(dir=os.environ[FOLDER]))) as server:
        yield server


@pytest.fixture(scope="session")
def rabbit() -> Iterator[RabbitServer]:
    """A RabbitMQ server for the checks that need one."""
    _need("rabbitmq-server", RABBITMQ.exists())
    with rabbit_server(Path(tempfile.mkdtemp(dir=os.environ[FOLDER]))) as server:
        yield server


def _need(package: str, found: object) -> None:
    if not found:
        pytest.skip(f"{package} is not installed; scripts/test installs it")


@pytest.fixture(name="sample")
def the_sample(request: pytest.FixtureRequest) -> Sample:
    """The sample that the mark names."""
    id = verified(request.node)
    assert id, "a check needs the mark verifies"
    return samples()[id]


@pytest.fixture
def caller(sample: Sample, folder: Path) -> Harness:
    """Nothing but the sample: what happens in the process that calls a task."""
    return Harness("no worker", sample, folder, "memory://", "cache+memory://")


@pytest.fixture
def in_process(sample: Sample, folder: Path) -> Harness:
    """A worker in a thread of the check, see `start_thread_worker`, and a broker in its memory."""
    return Harness("in-process worker", sample, folder, "memory://", "cache+memory://")


@pytest.fixture
def prefork(sample: Sample, folder: Path, redis: RedisServer) -> Harness:
    """Real workers and a private Redis."""
    return Harness("worker, Redis", sample, folder, redis.new_url(), redis.new_url())


@pytest.fixture
def rabbitmq(sample: Sample, folder: Path, rabbit: RabbitServer, redis: RedisServer) -> Harness:
    """Real workers, a virtual host of a private RabbitMQ, and a private Redis for results."""
    urls = rabbit.new_url(), redis.new_url()
    return Harness("worker, RabbitMQ", sample, folder, *urls, api=rabbit)
