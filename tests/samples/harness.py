"""What a check gets: its sample in a folder of its own, a broker, workers and the shop's journal.

A sample is run as it stands in the YAML, under the name `sample.py`. Its broker and result backend
are replaced by environment variables that take precedence in Celery, and its waiting times are
shortened by libfaketime, which makes the clock of a worker run faster: a limit of 45 seconds is
over in 1.5 at `speed=30`.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import psutil
from celery.contrib.testing.worker import start_worker
from redis import Redis

from checklist.model import Sample
from tests.samples.contained import die_with_parent
from tests.samples.servers import wait_until

SHOP: Final = Path(__file__).parent / "shop"
FAKETIME: Final = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
"""The library that makes a process's clock run faster; Debian's and Ubuntu's package `faketime`."""
QUIET: Final = ("--without-mingle", "--without-gossip", "--without-heartbeat", "-l", "INFO")
"""What spares a worker that is alone the wait for others."""


@dataclass(frozen=True)
class Call:
    """A call of a function of the shop."""

    name: str
    args: list[Any]
    kwargs: dict[str, Any]
    pid: int
    at: float
    """Seconds since the epoch, by the clock of the process that called."""


@dataclass(frozen=True)
class Shop:
    """The shop that the sample works for, as the check sees it."""

    folder: Path

    def on(self, name: str, *steps: Mapping[str, Any], **step: Any) -> None:
        """Tell a function what to do beside being written down, e.g. `on("stock.push", sleep=3)`.

        Args:
            name: `payments.refund`, or `Order.ship` for a method of a model.
            steps: what to do at the first call, the second and so on; the last is repeated.
            step: the same for every call: `sleep` in seconds, `kill` with a signal's name, `raises`
                with an exception's name (dotted, unless it is a built-in one) and `message`,
                `returns`.
        """
        path = self.folder / "behaviour.json"
        told = json.loads(path.read_text()) if path.exists() else {}
        new = self.folder / "behaviour.json.new"
        new.write_text(json.dumps(told | {name: steps or [step]}))
        new.replace(path)  # at once, as a worker may be reading it

    def add(self, model: str, pk: int, **values: Any) -> None:
        """Add or change a row."""
        self._rows().__getattr__(model)(pk, values).save()

    def delete(self, model: str, pk: int) -> None:
        """Delete a row, so that loading it raises `DoesNotExist`."""
        self._rows().__getattr__(model)(pk, {}).delete()

    def row(self, model: str, pk: int) -> dict[str, Any]:
        """The stored values of a row."""
        path = self.folder / "rows.json"
        rows = json.loads(path.read_text()) if path.exists() else {}
        return dict(rows.get(f"{model}/{pk}") or {})

    def calls(self, name: str = "") -> list[Call]:
        """The calls so far, in order: all, or those of one function."""
        path = self.folder / "journal.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        every = [Call(**json.loads(line)) for line in lines]
        return [call for call in every if not name or call.name == name]

    def wait_for(self, name: str, count: int = 1, *, timeout: float = 10.0) -> list[Call]:
        """Wait until a function was called so often; returns its calls."""
        wait_until(lambda: len(self.calls(name)) >= count, f"{name} × {count}", timeout=timeout)
        return self.calls(name)

    def _rows(self) -> ModuleType:
        return importlib.import_module("shop.models")


@dataclass(frozen=True)
class Running:
    """A command that runs, such as a worker."""

    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def pid(self) -> int:
        """Id of the process: the worker's main process, not one of its pool."""
        return self.process.pid

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return self.log_path.read_text(errors="replace")

    @property
    def warnings(self) -> list[str]:
        """The warnings it has logged, but for what Celery 5.4 announces at every start."""
        lines = [line for line in self.log.splitlines() if ": WARNING/" in line]
        return [line for line in lines if "The broker_connection_retry" not in line]

    def wait_for(self, text: str, *, timeout: float = 15.0) -> None:
        """Wait until it has printed something; fails if it ends first."""

        def is_there() -> bool:
            if text in self.log:
                return True
            ended = self.process.poll() is not None
            assert not ended or text in self.log, f"ended without {text!r}:\n{self.log[-3000:]}"
            return False

        wait_until(is_there, f"{text!r} in the output", timeout=timeout)

    def wait(self, *, timeout: float = 15.0) -> int:
        """Wait until it ends; returns its exit code."""
        return self.process.wait(timeout)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the main process only."""
        self.process.send_signal(number)

    def stop(self, *, timeout: float = 15.0) -> int:
        """End it as a deployment does, with TERM; returns its exit code."""
        self.signal(signal.SIGTERM)
        return self.wait(timeout=timeout)

    def children(self) -> list[int]:
        """Ids of the processes below it, the pool's for a prefork worker."""
        return [child.pid for child in psutil.Process(self.pid).children(recursive=True)]

    def kill(self) -> None:
        """End it as a power cut does: the main process and all below it, at once."""
        processes = []
        if psutil.pid_exists(self.pid):
            main = psutil.Process(self.pid)
            main.suspend()  # so that it starts no other child meanwhile
            processes = [*main.children(recursive=True), main]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs([each for each in processes if each.pid != self.pid], timeout=5)
        self.process.wait()


@dataclass
class Harness:
    """A sample in a folder of its own, and the means to run it."""

    name: str
    """What it runs in, as the record says it."""
    sample: Sample
    folder: Path
    broker_url: str = ""
    """Empty for what the sample says itself."""
    backend_url: str = ""
    api: Any = None
    """The server that the broker belongs to, if the check needs more of it."""
    shop: Shop = field(init=False)
    _running: list[Running] = field(default_factory=list)
    _threads: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copytree(SHOP, self.folder / "shop", ignore=shutil.ignore_patterns("__pycache__"))
        self.write("sample.py", self.sample.code + "\n")
        self.shop = Shop(self.folder)

    @property
    def environment(self) -> dict[str, str]:
        """What makes the sample use the private servers."""
        urls = {"CELERY_BROKER_URL": self.broker_url, "CELERY_RESULT_BACKEND": self.backend_url}
        paths = [str(self.folder), os.environ.get("PYTHONPATH", "")]
        return {name: url for name, url in urls.items() if url} | {
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(self.folder),  # a killed worker does not clear away its own
        }

    def enter(self) -> None:
        """Make this process one of the sample's: its folder, its modules, its servers."""
        os.chdir(self.folder)
        os.environ.update(self.environment)
        sys.path.insert(0, str(self.folder))
        sys.dont_write_bytecode = True

    def write(self, path: str, content: str) -> Path:
        """Write a file beside the sample, e.g. `shop/tasks.py`."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        return file

    def load(self, name: str = "sample") -> Any:
        """Import the sample, or another module of the folder, into this process."""
        return importlib.import_module(name)

    @cached_property
    def redis(self) -> Redis:
        """The broker's database; keys and values as text."""
        return Redis.from_url(self.broker_url, decode_responses=True)

    @cached_property
    def results(self) -> Redis:
        """The result backend's database; keys and values as text."""
        return Redis.from_url(self.backend_url, decode_responses=True)

    @contextmanager
    def worker(
        self,
        *arguments: str,
        app: str = "sample",
        speed: float = 1,
        environment: Mapping[str, str] | None = None,
    ) -> Iterator[Running]:
        """A real worker, ready to work; killed at the end unless the check has stopped it before.

        Args:
            arguments: further ones of `celery worker`; `-c 2` unless they say otherwise.
            app: the module that `-A` names.
            speed: how many times faster its clock runs.
            environment: further variables.
        """
        given = [*arguments] if {"-c", "--concurrency"} & {*arguments} else ["-c", "2", *arguments]
        command = ["-A", app, "worker", *QUIET, *given]
        with self.celery(*command, speed=speed, environment=environment) as running:
            running.wait_for(" ready.")
            yield running

    def start_thread_worker(self, app: Any) -> None:
        """Start a worker in a thread of this process; it ends with the process, after the check.

        It runs one task after the other. It has no time limits, no child processes and no guard
        against waiting for sub-tasks.
        """
        app.conf.broker_transport_options = app.conf.broker_transport_options | {
            "polling_interval": 0.01
        }
        worker = start_worker(app, pool="solo", perform_ping_check=False)
        worker.__enter__()
        self._threads.append(worker)  # it would stop if nobody held it

    @contextmanager
    def celery(
        self, *arguments: str, speed: float = 1, environment: Mapping[str, str] | None = None
    ) -> Iterator[Running]:
        """The `celery` command with any arguments, as `celery` above; not waited for."""
        command = [sys.executable, "-m", "celery", *arguments]
        with self.command(command, speed=speed, environment=environment) as running:
            yield running

    @contextmanager
    def command(
        self,
        command: Sequence[str],
        *,
        speed: float = 1,
        environment: Mapping[str, str] | None = None,
    ) -> Iterator[Running]:
        """Any command, run in the sample's folder and killed at the end if it still runs."""
        log = self.folder / f"output-{len(self._running)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.environment, **_faster(speed), **(environment or {})},
                preexec_fn=die_with_parent,
            )
        running = Running(process, log)
        self._running.append(running)
        try:
            yield running
        except BaseException:
            print(f"$ {' '.join(command)}\n{running.log[-5000:]}")
            raise
        finally:
            running.kill()

    def run(
        self, *command: str, timeout: float = 20, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; its output as text."""
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, **self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )


def _faster(speed: float) -> dict[str, str]:
    if speed == 1:
        return {}
    assert FAKETIME, "no libfaketime; install the package faketime"
    return {"LD_PRELOAD": str(FAKETIME), "FAKETIME": f"+0 x{speed:g}", "FAKETIME_NO_CACHE": "1"}
