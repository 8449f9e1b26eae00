"""A run of checks from outside: one that goes wrong spoils neither the rest nor the machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.samples.conftest import FOLDER, ROOT, samples
from tests.samples.servers import wait_until

CHECKS = """
import os, time
import pytest

@pytest.mark.verifies("time-limits/setting-names", limit=3)
def test_a_worker_that_never_ends(HARNESS):
    with HARNESS.worker() as worker:
        open("{ready}", "w").write(str(worker.pid))
        time.sleep(60)

@pytest.mark.verifies("time-limits/both-limits")
def test_something_else(caller):
    assert caller.load().render_invoice.time_limit == 60
"""


class Run:
    """A pytest run in a process of its own; whatever it starts can be told by a variable."""

    def __init__(self, folder: Path, processes: int = 0, harness: str = "prefork") -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.ready = folder / "ready"
        self.record = folder / "verified.json"
        (folder / "test_faulty.py").write_text(
            CHECKS.replace("HARNESS", harness).replace("{ready}", str(self.ready))
        )
        (folder / "pytest.ini").touch()
        self._mark = {"SAMPLE_RUN": str(folder)}
        outer = {name: value for name, value in os.environ.items() if name != FOLDER}
        options = f"-p tests.samples.conftest -p no:cacheprovider -q -n {processes}"
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "pytest",
                *options.split(),
                "--record",
                str(self.record),
                folder,
            ],
            cwd=ROOT,
            env={**outer, **self._mark, "TMPDIR": str(self.temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def wait(self) -> None:
        """Wait until the check that does not end has its worker."""
        wait_until(self.ready.exists, "the worker is ready", timeout=30)
        assert psutil.pid_exists(int(self.ready.read_text()))
        assert len(self.processes()) >= 5  # pytest, Redis, the check, the worker and its pool

    def processes(self) -> list[psutil.Process]:
        """Those that the run has started and that are still there."""
        return [each for each in psutil.process_iter() if self._is_ours(each)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return self._mark.items() <= process.environ().items()
        except (psutil.Error, OSError):
            return False

    def left(self) -> list[str]:
        """Processes and files that are still there after the run."""
        names = [" ".join(each.cmdline()) for each in self.processes()]
        return names + [
            path.name for path in self.temporary.iterdir() if "pytest-of" not in path.name
        ]


@pytest.fixture(name="run")
def a_run(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Run]:
    run = Run(tmp_path, **getattr(request, "param", {}))
    with run.process:
        yield run
        for process in run.processes():
            process.kill()


def test_a_check_that_does_not_end_is_told_with_its_line_and_the_rest_goes_on(run: Run) -> None:
    output, _ = run.process.communicate(timeout=60)
    sample = samples()["time-limits/setting-names"]
    told = f"{sample.place}: time-limits/setting-names: it has not ended within 3 seconds"
    assert told in output
    assert "1 failed, 1 passed" in output
    assert "2 samples: 1 good behave, 0 bad misbehave, 1 do not do what is said of them" in output
    assert run.process.returncode == 1
    assert not run.left()


@pytest.mark.parametrize("run", [{}, {"processes": 2}], indirect=True)
def test_control_c_leaves_no_process_and_no_file(run: Run) -> None:
    run.wait()
    os.killpg(run.process.pid, signal.SIGINT)  # as a terminal does
    run.process.communicate(timeout=30)
    assert run.process.returncode == 2
    assert not run.left()


@pytest.mark.parametrize("run", [{}, {"processes": 2}], indirect=True)
def test_a_terminated_run_leaves_no_process_and_no_file(run: Run) -> None:
    run.wait()
    run.process.terminate()
    run.process.communicate(timeout=30)
    assert run.process.returncode == 2
    assert not run.left()


@pytest.mark.parametrize("run", [{"harness": "rabbitmq"}], indirect=True)
def test_servers_listen_on_loopback_only_and_end_with_a_run_that_is_killed(run: Run) -> None:
    run.wait()
    assert {"beam.smp", "epmd"} <= {each.name() for each in run.processes()}
    listening = {
        connection.laddr.ip
        for each in run.processes()
        for connection in each.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening <= {"127.0.0.1", "::1"}
    run.process.kill()
    wait_until(lambda: not run.processes(), "the end of all processes")
