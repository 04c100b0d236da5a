"""Where finished sessions are: whole files in a folder of bounded size, the least used leave first."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from voiceguide.errors import StoreError

GIBIBYTE: Final = 1 << 30
_NAME: Final = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]+){1,3}")
_PART: Final = ".part"
_ABANDONED: Final = 24 * 3600.0
"""A part file this old belongs to no process that lives."""


class Vault:
    """Files by name in *folder*, together at most *limit* bytes.

    A file is there whole or not at all: it is written beside, synced and renamed. The time of last use is the
    file's access time, set here; that of its making is left alone. Several processes may share a folder: the
    first whole file of a name stays.
    """

    def __init__(self, folder: Path, limit: int = 2 * GIBIBYTE, now: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._limit = limit
        self._now = now
        self._pinned: set[str] = set()
        self._lock = threading.Lock()
        self._own = f".{os.getpid()}-{secrets.token_hex(4)}-"
        self._sweep()

    def find(self, name: str, size: int | None = None) -> Path | None:
        """Return the file called *name*, and note that it is used; None if there is none.

        One that is not of *size* bytes, where that is known, is another program's work: it is removed.
        """
        path = self._path(name)
        try:
            found = path.stat()
            if size is not None and found.st_size != size:
                path.unlink()
                return None
            if self._now() - found.st_atime > 60:
                os.utime(path, ns=(int(self._now() * 1e9), found.st_mtime_ns))
        except OSError:
            return None
        return path

    def part(self, ending: str) -> Path:
        """Return the path of a new file to write into, of that *ending*: give it to `keep` or `drop`.

        Raises:
            StoreError: if none can be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{self._own}{secrets.token_hex(8)}{_PART}.{ending}"
            path.touch(exist_ok=False)
        except OSError as error:
            raise StoreError(
                f"sessions cannot be kept in {self.folder} ({error.strerror or error}); free some space there"
            ) from error
        return path

    def keep(self, part: Path, name: str) -> Path:
        """Give *part* its *name*, now that it is whole; others leave if there is no room.

        Raises:
            StoreError: if it cannot be kept.
        """
        target = self._path(name)
        try:
            with part.open("rb") as file:
                os.fsync(file.fileno())
            target.parent.mkdir(exist_ok=True)
            if target.exists():
                part.unlink()
            else:
                part.replace(target)
                _sync(target.parent)
        except OSError as error:
            raise StoreError(f"{target} cannot be kept ({error.strerror or error})") from error
        self._make_room()
        return target

    def drop(self, part: Path) -> None:
        """Forget *part*, which nobody needs any more."""
        with contextlib.suppress(OSError):
            part.unlink()

    def pin(self, name: str) -> None:
        """Never let go of *name*, and of no other: it has to be there at once."""
        self._path(name)
        with self._lock:
            self._pinned.add(name)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a session's name: {name!r}")
        return self.folder / name[:2] / name

    def _files(self) -> Iterator[tuple[float, int, Path]]:
        for path in self.folder.glob("??/*"):
            with contextlib.suppress(OSError):
                found = path.stat()
                yield found.st_atime, found.st_size, path

    def _make_room(self) -> None:
        """Remove the least used files until the others fit; who reads one reads on."""
        with self._lock:
            files = sorted(self._files())
            total = sum(size for _, size, _ in files)
            for _, size, path in files[:-1]:
                if total <= self._limit:
                    return
                if path.name in self._pinned:
                    continue
                with contextlib.suppress(OSError):
                    path.unlink()
                    total -= size

    def _sweep(self) -> None:
        """Remove what earlier processes left unfinished."""
        for path in self.folder.glob(f".*{_PART}*"):
            owner = path.name.lstrip(".").partition("-")[0]
            with contextlib.suppress(OSError):
                if not _alive(owner) or self._now() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()


def _alive(owner: str) -> bool:
    """Return whether the process of that number lives, as far as can be told."""
    if not owner.isdigit() or int(owner) == os.getpid():
        return False
    if os.name != "posix":
        return True
    try:
        os.kill(int(owner), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _sync(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
