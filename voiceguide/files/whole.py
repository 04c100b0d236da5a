"""Atomic file writes: a file appears complete or not at all, and a killed writer's file is removed later.

Data is written to a *part*: a file beside the target, whose name begins with a dot and which its writer
keeps locked. The lock ends with the writer's process; the next part begun in that folder removes the parts
that are no longer locked.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_flock: Callable[[int, int], None] | None = getattr(fcntl, "flock", None)

_NAME: Final = re.compile(r"\..*\.[0-9a-f]{16}\.voiceguide-part", re.DOTALL)
_MOST_BYTES: Final = 180
"""Bytes of the target's name used in a part's name, which has to stay below the file systems' 255."""

_ABANDONED_SECONDS: Final = 24 * 3600.0
"""Where files cannot be locked, a part not written to for this long counts as abandoned."""

_SAFELY: Final = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # of Windows
)


class PartFile:
    """A new empty file in *folder*, to be written by its `path` and then kept or dropped.

    *name* becomes part of its name, for people who look into the folder. If *private*, only the owner can
    read the file. Abandoned parts in *folder* are removed first.

    Raises:
        OSError: if the file cannot be created; from `become` and `give_way`, if it cannot be renamed.
    """

    def __init__(self, folder: Path, name: str, *, private: bool = False) -> None:
        sweep(folder)
        label = os.fsdecode(os.fsencode(name)[:_MOST_BYTES])
        self.path, self._lock = _begun(folder, label, 0o600 if private else 0o666)
        self._over = False

    def become(self, target: Path, *, synced: bool = True) -> None:
        """Rename the file to *target*, replacing what is there; if *synced*, flush both to disk."""
        if synced:
            _sync(self.path)
        self.path.replace(target)
        self._let_go()
        if synced and os.name == "posix":
            _sync(target.parent)

    def give_way(self, other: PartFile) -> None:
        """Rename *other* over this file and drop the old contents; open readers keep them."""
        other.path.replace(self.path)
        self._let_go()
        self._lock, self._over = other._lock, False
        other._lock, other._over = None, True

    def drop(self) -> None:
        """Remove the file, unless it was renamed."""
        if not self._over:
            with suppress(OSError):
                self.path.unlink()
            self._let_go()

    def _let_go(self) -> None:
        self._over = True
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


@contextmanager
def beside(path: Path, *, private: bool = False, synced: bool = True) -> Iterator[Path]:
    """Yield the path of an empty file beside *path*; it is renamed to *path* if the block succeeds.

    On any exception, Ctrl-C included, the file is removed and *path* is unchanged. Links are followed.

    Raises:
        OSError: if it cannot be written.
    """
    target = Path(os.path.realpath(path))
    part = PartFile(target.parent, target.name, private=private)
    try:
        yield part.path
        part.become(target, synced=synced)
    finally:
        part.drop()


def put(path: Path, data: bytes, *, private: bool = False, synced: bool = True) -> None:
    """Write *data* to *path*, completely or not at all; its folder is created.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path, private=private, synced=synced) as part:
        part.write_bytes(data)


def clear(path: Path) -> None:
    """Remove the file, link or whole folder *path*; the target of a link stays.

    Raises:
        OSError: if it cannot be removed.
    """
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def opened(path: Path) -> BinaryIO:
    """Open the regular file *path* for reading, unbuffered.

    Raises:
        OSError: if there is no regular file; a link, a folder or a pipe is refused.
    """
    handle = os.open(path, os.O_RDONLY | _SAFELY)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{path} is no file")
        return open(handle, "rb", buffering=0)  # noqa: PTH123  a handle, no path
    except BaseException:
        os.close(handle)
        raise


def sweep(folder: Path) -> None:
    """Remove the abandoned parts in *folder*."""
    with suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208  the names are enough, and folders can be large
            if _NAME.fullmatch(name):
                with suppress(OSError):  # removed meanwhile, or another user's
                    _sweep(folder / name)


def _sweep(path: Path) -> None:
    handle = os.open(path, os.O_RDWR | _SAFELY)
    try:
        found = os.fstat(handle)
        lock = _lock(handle) if stat.S_ISREG(found.st_mode) else False
        old = lock is None and time.time() - found.st_mtime > _ABANDONED_SECONDS
        if lock and _is_at(path, handle):  # `give_way` may have put another file here meanwhile
            path.unlink()
    finally:
        os.close(handle)
    if old:  # after closing, as Windows cannot remove an open file
        path.unlink()


def _lock(handle: int) -> bool | None:
    """Lock *handle*; return False if another process holds the lock, None where files cannot be locked."""
    if _flock is None:
        return None
    try:
        _flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _begun(folder: Path, label: str, mode: int) -> tuple[Path, int | None]:
    """Return the path of a new file and the lock on it, None where there are no locks."""
    while True:
        path = folder / f".{label}.{secrets.token_hex(8)}.voiceguide-part"
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | _SAFELY, mode)
        lock = _lock(handle)
        if lock and _is_at(path, handle):
            return path, handle
        os.close(handle)
        if lock is None:
            return path, None
        # A sweep removed the file before it was locked.


def _is_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.lstat())
    except FileNotFoundError:
        return False


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
