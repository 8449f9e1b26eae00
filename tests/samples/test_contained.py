"""What a sample can do wrong hurts nobody but itself."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from tests.samples.contained import Failure, descendants, run_contained
from tests.samples.servers import running_servers


def failure(function: object, limit: float = 10.0) -> str:
    """The message of a contained function's failure; nothing of it is left."""
    found = run_contained(function, limit=limit, spared=running_servers())  # type: ignore[arg-type]
    assert not descendants(running_servers())
    assert isinstance(found, Failure)
    return found.message


def test_a_function_that_returns_is_no_failure() -> None:
    assert run_contained(lambda: None, limit=10, spared=running_servers()) is None


def test_a_failed_assertion_is_told_with_its_values() -> None:
    def check() -> None:
        found = 1 + 1
        assert found == 3

    assert "assert 2 == 3" in failure(check)


def test_what_a_function_changes_is_changed_in_its_own_process_only() -> None:
    def check() -> None:
        os.environ["CHANGED"] = "yes"
        sys.path.insert(0, "/nowhere")

    assert run_contained(check, limit=10, spared=running_servers()) is None
    assert "CHANGED" not in os.environ
    assert "/nowhere" not in sys.path


def test_a_function_that_does_not_end_is_ended() -> None:
    start = time.monotonic()
    assert "not ended within 0.5 seconds" in failure(lambda: time.sleep(60), limit=0.5)
    assert time.monotonic() - start < 5


def test_a_function_that_ignores_every_signal_is_ended() -> None:
    def check() -> None:
        import signal

        for number in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        time.sleep(60)

    assert "not ended" in failure(check, limit=0.5)


def test_a_function_that_ends_its_process_is_a_failure() -> None:
    assert "without a word" in failure(lambda: os._exit(0))
    assert "SystemExit" in failure(sys.exit)


def test_a_function_that_forks_without_end_is_ended() -> None:
    def check() -> None:
        while True:
            os.fork()

    assert "more than 60 processes" in failure(check)


def test_a_function_that_fills_the_memory_is_stopped() -> None:
    def check() -> None:
        hoard = []
        while True:
            hoard.append(bytearray(2**26))

    assert "MemoryError" in failure(check)


def test_a_process_left_behind_is_named_and_ended() -> None:
    def check() -> None:
        code = "import time; time.sleep(60)"
        subprocess.Popen([sys.executable, "-c", code], start_new_session=True)

    assert "time.sleep(60)" in failure(check)


def test_a_daemon_that_hides_from_its_parent_is_found() -> None:
    def check() -> None:
        child = os.fork()
        if child == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(60)
            os._exit(0)
        os.waitpid(child, 0)  # by then the daemon is there

    assert "leaves processes behind" in failure(check)
