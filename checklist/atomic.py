"""Files are the old text or the new one, whole: whatever happens, and whoever else writes.

A new text is written beside the old one and then takes its name, which a file system does
at once or not at all. A lock makes two programs of ours come one after the other; an editor
knows nothing of it, so what was read can be compared with what is there.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

LONGEST_WAIT: Final = 10.0
"""Seconds in which an import of any size should be through."""
_PAUSE: Final = 0.02
_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP)
"""What a file system says that has no locks."""

_held: dict[Path, list[int]] = {}
"""The files this process has locked, with the descriptors that hold the lock."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A text that is written, but not under its name yet."""

    target: Path
    temporary: Path

    def replace(self) -> None:
        """Give it its name, and the lock on the file that had it."""
        if self.target in _held:
            descriptor = os.open(self.temporary, os.O_RDWR)
            _held[self.target].append(descriptor)
            _lock(descriptor)
        os.replace(self.temporary, self.target)
        _sync_folder(self.target.parent)

    def discard(self) -> None:
        """Leave nothing behind if it did not get its name."""
        with suppress(OSError):
            self.temporary.unlink(missing_ok=True)


def replace_text(path: Path, text: str) -> None:
    """Write a UTF-8 file, or create it, at once.

    Line ends are those of the text on every system. The file keeps its mode, and of a symbolic
    link it is the target that is written. What is no file, such as `/dev/stdout`, is written to.

    Raises:
        OSError: it cannot be written; then nothing has changed and nothing is left behind.
    """
    target = _target(path)
    if target.exists() and not target.is_file():
        target.write_bytes(text.encode())
        return
    pending = _written(target, text)
    try:
        pending.replace()
    finally:
        pending.discard()


def replace_texts(texts: Mapping[Path, str], unchanged: Mapping[Path, str]) -> bool:
    """Write several files unless somebody else has written to them meanwhile.

    All new texts are on the disk before the first takes its name, so that a full disk or a
    missing right changes no file; then they follow each other in the order given.

    Args:
        texts: what to write, by file.
        unchanged: the texts that were read and that the new ones were made from, by file.

    Returns:
        Whether the files were written; nothing is if one no longer has the text it had.

    Raises:
        OSError: they cannot be written.
    """
    pending: list[_Pending] = []
    try:
        for path, text in texts.items():
            pending.append(_written(_target(path), text))
        if not all(_has(path, text) for path, text in unchanged.items()):
            return False
        for each in pending:
            each.replace()
    finally:
        for each in pending:
            each.discard()
    return True


@contextmanager
def locked(path: Path, seconds: float = LONGEST_WAIT) -> Iterator[None]:
    """Hold a file, so that nobody else who asks for it does at the same time.

    The file may be replaced by `replace_text` meanwhile: the lock passes to the new one. Where
    the system has no locks, nothing is held.

    Args:
        path: an existing file; not one that this process holds already.
        seconds: how long to wait for it.

    Raises:
        TimeoutError: somebody else has held it all the time.
        OSError: there is no such file, or it cannot be written.
    """
    target = _target(path)
    descriptor = _acquired(target, seconds)
    if descriptor is None:
        yield
        return
    _held[target] = [descriptor]
    try:
        yield
    finally:
        for each in _held.pop(target):
            os.close(each)


def _acquired(target: Path, seconds: float) -> int | None:
    """A descriptor that holds the lock; `None` where there are no locks."""
    deadline = time.monotonic() + seconds
    while fcntl is not None:
        descriptor = os.open(target, os.O_RDWR)
        try:
            has_lock = _lock(descriptor)
            if has_lock is None:
                os.close(descriptor)
                return None
            # Whoever had it may have put another file in its place.
            if has_lock and os.path.samestat(os.fstat(descriptor), target.stat()):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        if time.monotonic() > deadline:
            message = f"{target} is being written by another program; try again"
            raise TimeoutError(errno.ETIMEDOUT, message)
        if not has_lock:
            time.sleep(_PAUSE)
    return None


def _lock(descriptor: int) -> bool | None:
    """Try to lock a file: whether it worked, `None` where there are no locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return None
        raise
    return True


def _target(path: Path) -> Path:
    """The file itself, of which a symbolic link is only a name."""
    return Path(os.path.realpath(path))


def _has(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() == text.encode()
    except FileNotFoundError:
        return False


def _written(target: Path, text: str) -> _Pending:
    """Write a text beside its target, as safe on the disk as the old one is."""
    before = _status(target)
    if before and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    # Its own name says whose it is, should the machine stop now.
    temporary = target.with_name(f".checklist-{secrets.token_hex(8)}.tmp")
    pending = _Pending(target, temporary)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with open(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if before:
            _make_alike(temporary, before)
    except BaseException as error:
        pending.discard()
        if isinstance(error, OSError):
            error.filename = str(target)  # the name that whoever reads the message knows
        raise
    return pending


def _status(target: Path) -> os.stat_result | None:
    """What the system knows of a file; `None` if there is none."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    return status


def _make_alike(temporary: Path, before: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with suppress(OSError):  # only root can give a file to somebody else
            os.chown(temporary, before.st_uid, before.st_gid)
    temporary.chmod(stat.S_IMODE(before.st_mode))


def _sync_folder(folder: Path) -> None:
    """Have the new name, too, survive a power failure, where that can be asked for."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
