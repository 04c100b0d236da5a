"""The file cache: finished sessions, whole, in a folder of bounded size; the least used leave first."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct

from voiceguide.errors import StoreError
from voiceguide.files import PartFile, clear, opened, sweep
from voiceguide.files.quota import Quota, Reservation, note_use
from voiceguide.server import seal
from voiceguide.server.seal import Stamp

log = logging.getLogger("voiceguide")

GIBIBYTE: Final = 1 << 30
_NAME: Final = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]+){1,3}")
_MOST_SEEN: Final = 4096
_NOTED_SECONDS: Final = 60.0
"""The last use of a file is noted this often at most."""


class _Seen(Struct, frozen=True):
    """A file that was found to be what its seal says, and what it looked like then.

    One of which that is only *hoped*, since it was sealed here, is looked at when it is first opened.
    """

    path: Path
    mark: Stamp
    hoped: bool = False


class FileCache:
    """Files by name in *folder*, with what is being made together at most *limit* bytes.

    A file is there whole or not at all, and what is not what its seal says is not there: it is read through
    when it is first asked for, and again when it has changed. The time of last use is the file's access time,
    set here; that of its making is left alone. Several processes may share a folder, each counting what it
    makes itself: the first whole file of a name stays.
    """

    def __init__(self, folder: Path, limit: int = 2 * GIBIBYTE, now: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._now = now
        self._quota = Quota(limit, self._files, called=lambda path: seal.meant(path.name))
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._lock = threading.Lock()
        self._reading = tuple(threading.Lock() for _ in range(16))
        sweep(folder)
        for path in list(self._files()):
            if seal.meant(path.name) is None:  # of a version that sealed nothing
                self._quota.remove(path)

    def find(self, name: str, size: int | None = None) -> Path | None:
        """Return the file called *name*, and note that it is used; None if there is none.

        One that is not of *size* bytes, where that is known, is another program's work: it is removed.
        """
        file = self.open(name, size)
        if file is None:
            return None
        file.close()
        return self.known(name)

    def known(self, name: str) -> Path | None:
        """Return the file called *name* if it was found before, and is as it was then; it is not read."""
        with self._lock:
            seen = self._seen.get(name)
        with suppress(OSError):
            if seen is not None and Stamp.of(seen.path.lstat()) == seen.mark:
                return seen.path
        return None

    def open(self, name: str, size: int | None = None) -> BinaryIO | None:
        """Return the file called *name*, as `find` does, to be read; close it."""
        self._check(name)
        with self._reading[int(name[:2], 16) % len(self._reading)]:  # once, whoever else asks meanwhile
            for path in self._named(name):
                file = self._opened(name, path, size)
                if file is not None:
                    return file
        return None

    def begin(self, name: str, size: int) -> Draft:
        """Return what becomes the file called *name*, and has *size* bytes as far as is known.

        Raises:
            Full: if there is no room for it.
            StoreError: if it cannot be begun.
        """
        self._check(name)
        reserved = self._quota.reserve(name, size)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return Draft(self, PartFile(self.folder, name.rpartition(".")[2]), reserved)
        except OSError as error:
            reserved.release()
            raise StoreError(
                f"sessions cannot be kept in {self.folder} ({error.strerror or error}); free some space there"
            ) from error

    def pin(self, name: str, size: int) -> None:
        """Have room for *name*, of *size* bytes, and never let go of it, and of no other."""
        self._check(name)
        self._quota.pin(name, size)

    def keep(self, part: PartFile, reserved: Reservation, name: str) -> Path:
        """Give *part* its *name*, now that it is whole. For `Draft`."""
        self._check(name)
        kept = self.find(name)
        if kept is not None:
            return kept
        with part.path.open("rb") as file:
            os.fsync(file.fileno())
            target = self._place(name) / seal.sealed(name, file)
            size = file.tell()
        if target.parent.is_symlink() or not target.parent.is_dir():
            clear(target.parent)
            target.parent.mkdir()
        clear(target)
        reserved.keep(lambda: part.become(target, synced=False), size)
        _sync(target.parent)
        self._see(name, _Seen(target, Stamp.of(target.lstat()), hoped=True))
        return target

    def _opened(self, name: str, path: Path, size: int | None) -> BinaryIO | None:
        """Return the file at *path*, if it is what it should be; else it is removed."""
        try:
            file = opened(path)
        except OSError:
            self._forget(name, path)
            return None
        try:
            mark, known = self._used(name, path, file)
            right = size in (None, mark.size) and (known or _sound(path, file))
        except OSError:
            right = False
        if not right:
            log.warning("a session in %s was damaged; it is made anew", path.parent)
            file.close()
            self._forget(name, path)
            return None
        self._see(name, _Seen(path, mark))
        return file

    def _used(self, name: str, path: Path, file: BinaryIO) -> tuple[Stamp, bool]:
        """Note that *file* is used; return what it looks like, and whether it has been looked at as it is."""
        found = os.fstat(file.fileno())
        with self._lock:
            known = self._seen.get(name) == _Seen(path, Stamp.of(found))
        note_use(file, path, every=_NOTED_SECONDS, now=self._now())
        return Stamp.of(os.fstat(file.fileno())), known

    def _see(self, name: str, seen: _Seen) -> None:
        with self._lock:
            self._seen[name] = seen
            self._seen.move_to_end(name)
            while len(self._seen) > _MOST_SEEN:
                self._seen.popitem(last=False)

    def _forget(self, name: str, path: Path) -> None:
        with self._lock:
            self._seen.pop(name, None)
        self._quota.remove(path)

    def _named(self, name: str) -> list[Path]:
        """Return what is called *name*, first what was found before; processes may have made it at once."""
        known = self.known(name)
        if known is not None:
            return [known]
        try:
            found = sorted(each.name for each in os.scandir(self._place(name)))
        except OSError:
            return []
        return [self._place(name) / each for each in found if seal.meant(each) == name]

    def _place(self, name: str) -> Path:
        return self.folder / name[:2]

    def _check(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a session's name: {name!r}")

    def _files(self) -> Iterator[Path]:
        return self.folder.glob("??/*")


class Draft:
    """A file of *cache* that is being written, at *part*, with the bytes *reserved*: keep it or drop it."""

    def __init__(self, cache: FileCache, part: PartFile, reserved: Reservation) -> None:
        self.part = part
        self._cache = cache
        self._reserved = reserved

    def grow(self, size: int) -> None:
        """Have room for *size* bytes.

        Raises:
            Full: if there are not so many.
        """
        self._reserved.grow(size)

    def keep(self, name: str) -> Path:
        """Have it be the file called *name*, now that it is whole, unless there is one.

        Raises:
            StoreError: if it cannot be kept.
        """
        try:
            return self._cache.keep(self.part, self._reserved, name)
        except OSError as error:
            where = self._cache.folder
            raise StoreError(f"a session cannot be kept in {where} ({error.strerror or error})") from error
        finally:
            self.drop()

    def drop(self) -> None:
        """Let go of it, and of the room that it had."""
        self.part.drop()
        self._reserved.release()


def _sound(path: Path, file: BinaryIO) -> bool:
    """Return whether *file* is what *path* says, and stand at its beginning again."""
    whole = seal.holds(path.name, file)
    file.seek(0)
    return whole


def _sync(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
