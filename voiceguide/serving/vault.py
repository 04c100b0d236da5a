"""Where finished sessions are: whole files in a folder of bounded size, the least used leave first."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from voiceguide.errors import StoreError
from voiceguide.files import Part, sweep

GIBIBYTE: Final = 1 << 30
_NAME: Final = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]+){1,3}")


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
        sweep(folder)

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

    def part(self, ending: str) -> Part:
        """Return a new file to write into, for one of that *ending*: `keep` it or drop it.

        Raises:
            StoreError: if none can be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return Part(self.folder, ending)
        except OSError as error:
            raise StoreError(
                f"sessions cannot be kept in {self.folder} ({error.strerror or error}); free some space there"
            ) from error

    def keep(self, part: Part, name: str) -> Path:
        """Give *part* its *name*, now that it is whole; others leave if there is no room.

        Raises:
            StoreError: if it cannot be kept.
        """
        target = self._path(name)
        try:
            target.parent.mkdir(exist_ok=True)
            if target.exists():
                part.drop()
            else:
                part.become(target)
        except OSError as error:
            raise StoreError(f"{target} cannot be kept ({error.strerror or error})") from error
        self._make_room()
        return target

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
