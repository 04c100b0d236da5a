"""The file cache: finished sessions in a folder of bounded size; the least recently used are removed."""

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
"""The time of a file's last use is updated at most once in this time."""


class _Seen(Struct, frozen=True):
    """A file whose content matched its seal, and its `Stamp` at that time.

    If `hoped` is set, the file was sealed here but not read back: it is checked when it is first opened.
    """

    path: Path
    mark: Stamp
    hoped: bool = False


class FileCache:
    """Finished files by name in *folder*; with the drafts being written they take at most *limit* bytes.

    A file appears only once it is whole. It is read and compared with its seal when it is first opened, and
    again when it has changed; a file that does not match is removed. Its access time records the last use;
    its modification time is unchanged. Several processes may share a folder, each counting only its own
    drafts. If two of them make a file of one name, the first stays.
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
            if seal.meant(path.name) is None:  # from a version without seals
                self._quota.remove(path)

    def find(self, name: str, size: int | None = None) -> Path | None:
        """Return the path of the file called *name*, and note its use; None if there is none.

        If *size* is given, a file of another size counts as damaged and is removed.
        """
        file = self.open(name, size)
        if file is None:
            return None
        file.close()
        return self.known(name)

    def known(self, name: str) -> Path | None:
        """Return the path of *name* if it was found before and is unchanged since; the file is not read."""
        with self._lock:
            seen = self._seen.get(name)
        with suppress(OSError):
            if seen is not None and Stamp.of(seen.path.lstat()) == seen.mark:
                return seen.path
        return None

    def open(self, name: str, size: int | None = None) -> BinaryIO | None:
        """Find the file called *name*, as `find`, and return it opened for reading. The caller closes it."""
        self._check(name)
        with self._reading[int(name[:2], 16) % len(self._reading)]:  # so that a file is checked once
            for path in self._named(name):
                file = self._opened(name, path, size)
                if file is not None:
                    return file
        return None

    def begin(self, name: str, size: int) -> Draft:
        """Return a draft of the file called *name*, with *size* bytes reserved for it.

        Raises:
            Full: if there is no room for it.
            StoreError: if it cannot be created.
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
        """Reserve *size* bytes for *name*, which is never removed; a name pinned before becomes removable."""
        self._check(name)
        self._quota.pin(name, size)

    def keep(self, part: PartFile, reserved: Reservation, name: str) -> Path:
        """Give the finished *part* its *name*, unless there is such a file; return the path. For `Draft`."""
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
        """Return the file at *path*, opened; a damaged one is removed, and None returned."""
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
        """Note the use of *file*; return its stamp, and whether it was checked and is unchanged since."""
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
        """Return the path of *name* found before, or all paths of it: several processes may have made one."""
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
    """A file of *cache* being written at *part*, with bytes *reserved*. End it with `keep` or `drop`."""

    def __init__(self, cache: FileCache, part: PartFile, reserved: Reservation) -> None:
        self.part = part
        self._cache = cache
        self._reserved = reserved

    def grow(self, size: int) -> None:
        """Reserve *size* bytes in all.

        Raises:
            Full: if there is not enough room.
            TooLarge: if there never can be.
        """
        self._reserved.grow(size)

    def keep(self, name: str) -> Path:
        """Store the finished draft as *name*, unless there is such a file, and return its path.

        Raises:
            StoreError: if it cannot be stored.
        """
        try:
            return self._cache.keep(self.part, self._reserved, name)
        except OSError as error:
            where = self._cache.folder
            raise StoreError(f"a session cannot be kept in {where} ({error.strerror or error})") from error
        finally:
            self.drop()

    def drop(self) -> None:
        """Delete the draft unless it was kept, and release its bytes."""
        self.part.drop()
        self._reserved.release()


def _sound(path: Path, file: BinaryIO) -> bool:
    """Return whether the content of *file* matches the seal in the name of *path*; rewind *file*."""
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
