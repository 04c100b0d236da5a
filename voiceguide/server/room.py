"""How many bytes a folder may take: what is kept, what is being made, and what has to fit at any moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import Struct

from voiceguide.files import clear
from voiceguide.server.seal import meant

_LOOK_SECONDS: Final = 5.0
"""After so long the folder is counted again: another process may have put something there."""


class Full(Exception):
    """There is no room, whatever leaves. Never leaves this package."""


class TooLarge(Full):
    """There never is: it is larger by itself than all that may be kept."""


class _Kept(Struct, frozen=True, order=True):
    """A file, ordered by when it was used last."""

    used: float
    size: int
    path: Path


class Room:
    """Sees to it that what *files* yields and what is promised are at most *limit* bytes. Thread-safe.

    What is pinned has its bytes whether it is there or not: all else has to do with the others.
    """

    def __init__(
        self,
        limit: int,
        files: Callable[[], Iterator[Path]],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._files = files
        self._now = now
        self._pinned, self._pinned_size = "", 0
        self._kept = 0
        self._until = float("-inf")
        self._promised = 0
        self._lock = threading.Lock()

    def pin(self, name: str, size: int) -> None:
        """Hold *size* bytes for *name*, and never let go of it; what was pinned before is like any other."""
        with self._lock:
            if (name, size) != (self._pinned, self._pinned_size):
                self._pinned, self._pinned_size = name, size
                self._until = float("-inf")

    def promise(self, name: str, size: int) -> Promise:
        """Set *size* bytes aside for *name*, which is about to be made; the least used leave for it.

        Raises:
            Full: if there is not so much.
        """
        with self._lock:
            pinned = name == self._pinned
            if pinned:
                self._fit(0)
        promised = Promise(self, pinned=pinned)
        promised.grow(size)
        return promised

    def add(self, promised: int) -> None:
        """Promise so many bytes more, or fewer.

        Raises:
            Full: if there are not so many.
        """
        with self._lock:
            if promised > 0:
                self._fit(promised)
            self._promised += promised

    def put(self, rename: Callable[[], object], size: int, promised: int) -> None:
        """Have *rename* put a file of *size* there, for which so many bytes were *promised*."""
        with self._lock:
            rename()
            self._kept += size
            self._promised -= promised

    def remove(self, path: Path) -> None:
        """Remove *path*, whatever it is."""
        with self._lock, suppress(OSError):
            size = path.lstat().st_size
            clear(path)
            self._kept -= size

    def fits(self, size: int) -> bool:
        """Return whether one thing of *size* bytes can ever be kept."""
        with self._lock:
            return size <= self._limit - self._pinned_size

    def _room(self) -> int:
        """Return how many bytes are left for what is neither pinned nor promised."""
        return self._limit - self._pinned_size - self._promised

    def _fit(self, more: int) -> None:
        """Have the least used leave until there is room for *more* bytes."""
        room = self._room() - more
        if room < 0 and (more or self._promised):
            raise Full
        if self._now() >= self._until:
            self._kept = sum(each.size for each in self._looked())
            self._until = self._now() + _LOOK_SECONDS
        if self._kept <= room:
            return
        files = sorted(self._looked())
        self._kept = sum(each.size for each in files)
        for each in files:
            if self._kept <= max(0, room):
                return
            with suppress(OSError):
                clear(each.path)
                self._kept -= each.size
        if self._kept > max(0, room):
            raise Full

    def _looked(self) -> Iterator[_Kept]:
        """Yield every file that is not pinned."""
        for path in self._files():
            if meant(path.name) != self._pinned:
                with suppress(OSError):
                    found = path.lstat()
                    yield _Kept(found.st_atime, found.st_size, path)


class Promise:
    """Bytes of *room* for one file, until it is kept or given up. What is *pinned* has its own already."""

    def __init__(self, room: Room, *, pinned: bool) -> None:
        self._room = room
        self._pinned = pinned
        self._size = 0

    def grow(self, size: int) -> None:
        """Have *size* bytes in all.

        Raises:
            Full: if there are not so many.
            TooLarge: if there never are.
        """
        if size > self._size and not self._pinned:
            if not self._room.fits(size):
                raise TooLarge
            self._room.add(size - self._size)
            self._size = size

    def keep(self, rename: Callable[[], object], size: int) -> None:
        """Have *rename* put the file there, which has *size* bytes."""
        self._room.put(rename, 0 if self._pinned else size, self._size)
        self._size = 0

    def release(self) -> None:
        """Have none."""
        self._room.add(-self._size)
        self._size = 0
