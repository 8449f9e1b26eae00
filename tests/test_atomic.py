"""A file is the old text or the new one, whole, whatever happens while it is written."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from checklist import atomic
from checklist.atomic import locked, replace_text, replace_texts

OLD = "old: 값\n" * 40_000
NEW = "new: 🏔\n" * 60_000
"""Texts that no system writes in one go."""

WRITER = """
import sys, pathlib
from checklist.atomic import replace_text
path = pathlib.Path(sys.argv[1])
texts = [pathlib.Path(name).read_bytes().decode() for name in sys.argv[2:]]
print("ready", flush=True)
while True:
    for text in texts:
        replace_text(path, text)
"""
COUNTER = """
import sys, pathlib
from checklist.atomic import locked, replace_text
path, other = map(pathlib.Path, sys.argv[1:3])
for _ in range(int(sys.argv[3])):
    with locked(path, 60):
        number = int(path.read_text()) + 1
        replace_text(path, str(number))
        replace_text(other, str(int(other.read_text()) + 1))
"""
HOLDER = """
import sys, pathlib
from checklist.atomic import locked, replace_text
path = pathlib.Path(sys.argv[1])
with locked(path):
    if sys.argv[2:]:
        replace_text(path, sys.argv[2])
    print("ready", flush=True)
    sys.stdin.read()
"""


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ready(child: subprocess.Popen[str]) -> None:
    assert child.stdout
    assert child.stdout.readline() == "ready\n"


@pytest.fixture(name="file")
def a_file(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "list.yaml"
    path.parent.mkdir()
    path.write_text(OLD, "utf-8", newline="")
    return path


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def test_the_new_text_is_there_to_the_byte_and_nothing_else(file: Path) -> None:
    replace_text(file, "a: é\r\nb: 🏔\n")
    assert file.read_bytes() == "a: é\r\nb: 🏔\n".encode()
    assert names(file) == ["list.yaml"]


def test_a_file_that_is_not_there_is_made_with_the_usual_mode(file: Path) -> None:
    other = file.with_name("other")
    replace_text(file.with_name("new.yaml"), "x")
    other.write_text("x")
    assert names(file) == ["list.yaml", "new.yaml", "other"]
    assert file.with_name("new.yaml").stat().st_mode == other.stat().st_mode


@pytest.mark.parametrize("mode", [0o600, 0o664, 0o755])
def test_the_mode_stays(file: Path, mode: int) -> None:
    file.chmod(mode)
    replace_text(file, NEW)
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_the_owner_stays(file: Path) -> None:
    # Only root can give a file away; anybody else's stays their own.
    owner = (12345, 12346) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    os.chown(file, *owner)
    replace_text(file, NEW)
    assert (file.stat().st_uid, file.stat().st_gid) == owner


def test_of_a_symbolic_link_the_target_is_written(file: Path) -> None:
    folder = file.parent.parent / "links"
    folder.mkdir()
    link = folder / "link.yaml"
    link.symlink_to(Path("..") / "folder" / "list.yaml")
    replace_text(link, NEW)
    assert link.is_symlink()
    assert file.read_text("utf-8") == NEW
    assert names(link) == ["link.yaml"]
    assert not file.is_symlink()


def test_what_is_no_file_is_written_to(file: Path) -> None:
    """Tried on a pipe of the test's own: a mistake here would take a device's name from it."""
    pipe = file.with_name("pipe")
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True)
    replace_text(pipe, "through")
    assert reader.communicate(timeout=10)[0] == "through"
    assert pipe.is_fifo()


def faulty_targets(file: Path) -> Iterator[Path]:
    yield file.parent
    yield file.parent / "no" / "such" / "folder.yaml"
    loop = file.with_name("loop")
    loop.symlink_to(loop)
    yield loop
    yield file / "below-a-file"
    yield Path("/proc/self/nothing.yaml")


def test_what_cannot_be_written_is_an_os_error_and_leaves_nothing(file: Path) -> None:
    for target in faulty_targets(file):
        with pytest.raises(OSError):
            replace_text(target, NEW)
        with pytest.raises(OSError):
            replace_texts({file: NEW, target: NEW}, {})
        assert file.read_text("utf-8") == OLD
        assert set(names(file)) <= {"list.yaml", "loop"}


NOBODY = """
import os, pathlib, sys
from checklist.atomic import replace_text
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    replace_text(pathlib.Path(sys.argv[1]), "new")
except PermissionError:
    print("refused")
"""
"""Root may write anywhere."""


@pytest.mark.parametrize(("file_mode", "folder_mode"), [(0o444, 0o777), (0o666, 0o555)])
def test_a_read_only_file_or_folder_stays_as_it_is(file_mode: int, folder_mode: int) -> None:
    with TemporaryDirectory() as folder:  # that of pytest is closed to others
        file = Path(folder) / "list.yaml"
        file.write_text(OLD, "utf-8")
        file.chmod(file_mode)
        file.parent.chmod(folder_mode)
        child = python(NOBODY, file)
        assert child.communicate()[0] == "refused\n"
        assert file.read_text("utf-8") == OLD
        assert names(file) == ["list.yaml"]
        file.parent.chmod(0o700)


@pytest.mark.parametrize("step", ["fsync", "replace", "open"])
def test_a_full_disk_leaves_the_old_text_and_nothing_behind(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    for write in (lambda: replace_text(file, NEW), lambda: replace_texts({file: NEW}, {})):
        with pytest.raises(OSError, match="No space"):
            write()
    monkeypatch.undo()
    assert file.read_text("utf-8") == OLD
    assert names(file) == ["list.yaml"]


def test_an_interrupt_leaves_nothing_behind(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_text(file, NEW)
    assert names(file) == ["list.yaml"]


def test_after_a_kill_at_any_moment_it_is_the_old_or_the_new_text(file: Path) -> None:
    texts = [file.with_name(name) for name in ("old", "new")]
    for path, text in zip(texts, (OLD, NEW), strict=True):
        path.write_text(text, "utf-8", newline="")
    chance = random.Random(6)  # noqa: S311
    seen = set()
    for _ in range(25):
        child = python(WRITER, file, *texts)
        ready(child)
        time.sleep(chance.random() * 0.03)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        seen.add(file.read_bytes().decode())
    assert seen == {OLD, NEW}


def test_a_reader_never_sees_anything_else(file: Path) -> None:
    texts = [file.with_name(name) for name in ("old", "new")]
    for path, text in zip(texts, (OLD, NEW), strict=True):
        path.write_text(text, "utf-8", newline="")
    writers = [python(WRITER, file, *texts), python(WRITER, file, *texts)]
    try:
        for writer in writers:
            ready(writer)
        seen = {file.read_bytes().decode() for _ in range(300)}
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert seen == {OLD, NEW}


# ---- several files


def test_several_files_are_written_in_the_order_given(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    replace = os.replace

    def noted(source: Path, target: Path) -> None:
        order.append(target.name)
        assert len(list(file.parent.glob(".*.tmp"))) == 3 - len(order) + 1
        replace(source, target)

    monkeypatch.setattr(os, "replace", noted)
    texts = {file.with_name(name): name for name in ("z", "list.yaml", "a")}
    assert replace_texts(texts, {file: OLD})
    assert order == ["z", "list.yaml", "a"]
    assert names(file) == ["a", "list.yaml", "z"]
    assert file.read_text() == "list.yaml"


@pytest.mark.parametrize("change", [OLD + "\n", OLD.replace("\n", "\r\n"), None])
def test_nothing_is_written_if_somebody_saved_one_meanwhile(file: Path, change: str | None) -> None:
    other = file.with_name("other")
    other.write_text("x")
    if change is None:
        file.unlink()
    else:
        file.write_text(change, "utf-8", newline="")
    assert not replace_texts({other: "y", file: NEW}, {other: "x", file: OLD})
    assert other.read_text() == "x"
    assert not file.exists() if change is None else file.read_bytes() == change.encode()
    assert set(names(file)) <= {"list.yaml", "other"}


def test_a_file_that_is_only_read_counts_too(file: Path) -> None:
    other = file.with_name("other")
    assert not replace_texts({other: "y"}, {file: NEW})
    assert not other.exists()
    assert replace_texts({other: "y"}, {file: OLD})
    assert other.read_text() == "y"


# ---- locks


def test_two_programs_come_one_after_the_other(file: Path) -> None:
    other = file.with_name("other")
    for path in (file, other):
        path.write_text("0")
    children = [python(COUNTER, file, other, 60) for _ in range(3)]
    assert [child.wait(120) for child in children] == [0, 0, 0]
    for child in children:
        child.communicate()
    assert (file.read_text(), other.read_text()) == ("180", "180")
    assert names(file) == ["list.yaml", "other"]


@pytest.mark.parametrize("replaced", [False, True])
def test_whoever_waits_too_long_is_told(file: Path, replaced: bool) -> None:
    child = python(HOLDER, file, *([NEW[:50]] if replaced else []))
    ready(child)
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="another program"), locked(file, 0.2):
        pytest.fail("it is held")
    assert 0.2 <= time.monotonic() - start < 5
    child.communicate()
    with locked(file, 0):
        pass


def test_who_waits_gets_the_file_that_was_put_in_its_place(file: Path) -> None:
    child = python(HOLDER, file, "second")
    ready(child)
    waiting = python(HOLDER.replace("ready", "{path.read_text()}").replace('("{', '(f"{'), file)
    with pytest.raises(TimeoutError), locked(file, 0):
        pytest.fail("it is held")
    child.communicate()
    assert waiting.communicate()[0] == "second\n"


def test_a_file_replaced_while_one_waits_is_locked_itself(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock on the inode that was there before is worth nothing."""
    real = atomic._lock
    swapped: list[int] = []

    def swap(descriptor: int) -> bool | None:
        if not swapped:
            swapped.append(descriptor)
            new = file.with_name("new")
            new.write_text("by an editor")
            os.replace(new, file)
        return real(descriptor)

    monkeypatch.setattr(atomic, "_lock", swap)
    with locked(file):
        monkeypatch.undo()
        child = python(HOLDER.replace("locked(path)", "locked(path, 0)"), file)
        child.communicate()
        assert child.returncode != 0


def test_the_lock_ends_with_the_block_or_with_an_error(file: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError), locked(file):
        replace_text(file / "below", NEW)
    with locked(file, 0):
        replace_texts({file: OLD}, {file: NEW})
    with locked(file, 0):
        pass
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_missing_file_cannot_be_locked(file: Path) -> None:
    with pytest.raises(FileNotFoundError), locked(file.with_name("none")):
        pytest.fail("there is nothing to hold")


def test_where_there_are_no_locks_the_work_is_done_all_the_same(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: int) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with locked(file):
        replace_text(file, NEW)
    monkeypatch.setattr(atomic, "fcntl", None)
    with locked(file):
        replace_text(file, OLD)
    assert file.read_text("utf-8") == OLD
