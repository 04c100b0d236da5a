"""Limits the bytes of a folder's files: the least recently used are removed before a new one is written."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from voiceguide.files.whole import clear


class Full(Exception):
    """There is not enough room, even with every removable file removed."""


class TooLarge(Full):
    """The file is larger than the whole limit."""


class _Kept(Struct, frozen=True, order=True):
    """A file, ordered by when it was used last."""

    used: float
    size: int
    path: Path


def note_use(file: BinaryIO, path: Path, *, every: float, now: float) -> None:
    """Set the access time of *file*, at *path*, to *now*, at most once in *every* seconds.

    Many file systems do not do so by themselves. The modification time is unchanged.
    """
    with suppress(OSError):
        found = os.fstat(file.fileno())
        if now - found.st_atime > every:
            place = file.fileno() if os.utime in os.supports_fd else path
            os.utime(place, ns=(int(now * 1e9), found.st_mtime_ns))


class Quota:
    """Keeps the files that *files* yields, and reserved bytes, within *limit* bytes together. Thread-safe.

    The files are counted again after *trusted* seconds, as other processes may add some. When files are
    removed, the part *spare* of the limit is freed. A pinned file's bytes are reserved whether it exists or
    not. *called* returns the name of a file.
    """

    def __init__(
        self,
        limit: int,
        files: Callable[[], Iterator[Path]],
        *,
        called: Callable[[Path], str | None] = lambda path: path.name,
        spare: float = 0.0,
        trusted: float = 5.0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._files = files
        self._called = called
        self._spare = round(spare * limit)
        self._trusted = trusted
        self._now = now
        self._pinned, self._pinned_size = "", 0
        self._kept = 0
        self._until = float("-inf")
        self._reserved = 0
        self._lock = threading.Lock()

    def pin(self, name: str, size: int) -> None:
        """Hold *size* bytes for *name*, which is never removed; the name pinned before becomes removable."""
        with self._lock:
            if (name, size) != (self._pinned, self._pinned_size):
                self._pinned, self._pinned_size = name, size
                self._until = float("-inf")

    def reserve(self, name: str, size: int) -> Reservation:
        """Reserve *size* bytes for *name*, which is about to be made, and make room for it.

        Raises:
            Full: if there is not enough room.
        """
        with self._lock:
            pinned = name == self._pinned
            if pinned:
                self._fit(0)
        reserved = Reservation(self, pinned=pinned)
        reserved.grow(size)
        return reserved

    def set_aside(self, more: int) -> None:
        """Reserve so many bytes more, or fewer if *more* is negative.

        Raises:
            Full: if there is not enough room.
        """
        with self._lock:
            if more > 0:
                self._fit(more)
            self._reserved += more

    def put(self, rename: Callable[[], object], size: int, reserved: int) -> None:
        """Call *rename* to put a file of *size* bytes there, for which *reserved* bytes were reserved."""
        with self._lock:
            rename()
            self._kept += size
            self._reserved -= reserved

    def added(self, size: int) -> None:
        """Count a file of *size* bytes written without a reservation, and make room for it."""
        with self._lock, suppress(Full):  # others hold the room: the next call may find it free
            self._kept += size
            self._fit(0)

    def remove(self, path: Path) -> None:
        """Remove the file or folder *path*."""
        with self._lock, suppress(OSError):
            size = path.lstat().st_size
            clear(path)
            if self._called(path) != self._pinned:  # whose bytes are not among those kept
                self._kept -= size

    def fits(self, size: int) -> bool:
        """Return whether a file of *size* bytes can ever be kept."""
        with self._lock:
            return size <= self._limit - self._pinned_size

    def _fit(self, more: int) -> None:
        """Remove the least recently used files until there is room for *more* bytes."""
        room = self._limit - self._pinned_size - self._reserved - more
        if room < 0 and (more or self._reserved):
            raise Full
        if self._now() >= self._until:
            self._kept = sum(each.size for each in self._looked())
            self._until = self._now() + self._trusted
        if self._kept > room:
            self._evict(max(0, room), max(0, room - self._spare))

    def _evict(self, room: int, goal: int) -> None:
        """Remove the least recently used files until *goal* bytes are left."""
        files = sorted(self._looked())
        self._kept = sum(each.size for each in files)
        for each in files:
            if self._kept <= goal:
                return
            with suppress(OSError):
                clear(each.path)
                self._kept -= each.size
        if self._kept > room:
            raise Full

    def _looked(self) -> Iterator[_Kept]:
        """Yield every file that is not pinned."""
        for path in self._files():
            if self._called(path) != self._pinned:
                with suppress(OSError):
                    found = path.lstat()
                    yield _Kept(found.st_atime, found.st_size, path)


class Reservation:
    """Bytes of *quota* reserved for one file, until it is kept or released; a *pinned* file's are its own."""

    def __init__(self, quota: Quota, *, pinned: bool) -> None:
        self._quota = quota
        self._pinned = pinned
        self._size = 0

    def grow(self, size: int) -> None:
        """Reserve *size* bytes in all.

        Raises:
            Full: if there is not enough room.
            TooLarge: if there never can be.
        """
        if size > self._size and not self._pinned:
            if not self._quota.fits(size):
                raise TooLarge
            self._quota.set_aside(size - self._size)
            self._size = size

    def keep(self, rename: Callable[[], object], size: int) -> None:
        """Call *rename* to put the file there, which has *size* bytes."""
        self._quota.put(rename, 0 if self._pinned else size, self._size)
        self._size = 0

    def release(self) -> None:
        """Give all bytes back."""
        self._quota.set_aside(-self._size)
        self._size = 0
