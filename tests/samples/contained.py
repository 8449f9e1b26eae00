"""Runs a function where it can do no harm, and says what became of it.

A sample is somebody's code: it may never end, fork without end, fill the
memory or leave a worker behind. So each check runs in a process of its own
with limits that its descendants inherit, and everything it started is ended
with it. Linux only, as it relies on child subreapers (`man 2 prctl`).
"""

from __future__ import annotations

import ctypes
import os
import resource
import select
import signal
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import psutil
import pytest

MEMORY: Final = 2 * 2**30
"""Bytes of address space for each process of a check."""
PROCESSES: Final = 60
"""Descendants a check may have at a time."""
GRACE: Final = 1.0
"""Seconds that processes which are already ending may take after the check."""

_END: Final = b"\0"
"""Ends the child's word; the end of the pipe would not come while a descendant keeps it open."""
_SET_PDEATHSIG: Final = 1
_SET_CHILD_SUBREAPER: Final = 36
_prctl = ctypes.CDLL(None, use_errno=True).prctl


@dataclass(frozen=True)
class Failure:
    """Why a contained function did not succeed."""

    message: str


def die_with_parent() -> None:
    """Have this process killed when its parent ends, however that happens."""
    _prctl(_SET_PDEATHSIG, signal.SIGKILL)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so that none gets out of sight."""
    _prctl(_SET_CHILD_SUBREAPER, 1)


def run_contained(
    function: Callable[[], object], *, limit: float, spared: Collection[int] = ()
) -> Failure | None:
    """Run a function in a process of its own and end all that it started.

    Args:
        function: what to run; succeeds if it returns.
        limit: seconds it may take.
        spared: ids of processes of the caller that are none of the function's business.

    Returns:
        `None` if the function returned and left no process behind.
    """
    adopt_orphans()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _be_the_child(function, writer)
    os.close(writer)
    try:
        message = _word(reader, limit, spared)
    finally:
        os.close(reader)
        _kill_group(child)
        os.waitpid(child, 0)
        left = _enddescendants(spared)
    if left and not message:
        message = f"it leaves processes behind: {', '.join(left)}"
    return Failure(message) if message else None


def _be_the_child(function: Callable[[], object], writer: int) -> None:
    """Run the function and tell the parent by the pipe; never returns."""
    message = "it ended its own process"
    try:
        os.setsid()
        die_with_parent()
        adopt_orphans()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        function()
        message = ""
    except BaseException:  # whatever it is, the parent is told
        message = str(pytest.ExceptionInfo.from_current().getrepr(style="short"))
    finally:
        _send(writer, message.encode(errors="replace").replace(_END, b"") + _END)
        os._exit(0)


def _send(writer: int, data: bytes) -> None:
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(data)


def _word(reader: int, limit: float, spared: Collection[int]) -> str:
    """Wait for the child's word: what is wrong, or nothing."""
    received = b""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if len(descendants(spared)) > PROCESSES:
            return f"it has started more than {PROCESSES} processes"
        if not select.select([reader], [], [], 0.05)[0]:
            continue
        chunk = os.read(reader, 65536)
        received += chunk
        if received.endswith(_END):
            return received.removesuffix(_END).decode()
        if not chunk:
            return "its process ended without a word"
    return f"it has not ended within {limit:g} seconds"


def _kill_group(leader: int) -> None:
    """Kill a process group at once; the kernel lets no fork slip through."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:  # the child ended before it had a group of its own, or all did
        psutil.Process(leader).kill()


def descendants(spared: Collection[int]) -> list[psutil.Process]:
    """Every process below this one, but for the spared and what is below them."""
    found, left_to_see = [], psutil.Process().children()
    while left_to_see:
        process = left_to_see.pop()
        if process.pid in spared:
            continue
        found.append(process)
        with suppress(psutil.NoSuchProcess):
            left_to_see += process.children()
    return found


def _enddescendants(spared: Collection[int]) -> list[str]:
    """End what is left. Returns the command lines of what would not end on its own accord."""
    end = time.monotonic() + GRACE
    while (left := descendants(spared)) and time.monotonic() < end:
        psutil.wait_procs(left, timeout=0.05)
    names = [_name(process) for process in left]
    while left := descendants(spared):
        for number in signal.SIGSTOP, signal.SIGKILL:  # stopped first, so that none forks meanwhile
            for process in left:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(number)
        psutil.wait_procs(left, timeout=1)
    return names


def _name(process: psutil.Process) -> str:
    try:
        return f"{' '.join(process.cmdline())[:80]} ({process.pid})"
    except psutil.Error:
        return str(process.pid)
