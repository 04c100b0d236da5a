"""Stores of clips: bytes under a name, complete or absent."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
import threading
import time
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

from voiceguide.errors import StoreError
from voiceguide.files import PartFile, clear, opened, sweep
from voiceguide.files.locks import locked
from voiceguide.files.quota import Quota, note_use

log = logging.getLogger("voiceguide")

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,120}(/[A-Za-z0-9][A-Za-z0-9.-]{0,120})?")
_SEAL = b"vg2:"
_HOUR = 3600.0
_TRUSTED = 600.0  # seconds: clips are many, and counting them takes a while
_SPARE = 0.1
_SEAL_BYTES = len(_SEAL) + hashlib.sha256().digest_size


class Store(Protocol):
    """Bytes under names. Names are short and safe: letters, digits, ``-``, ``.``, with one optional ``/``."""

    def get(self, name: str) -> bytes | None:
        """Return the bytes stored under *name*, or None if there are none or they are damaged."""

    def put(self, name: str, data: bytes) -> None:
        """Store *data* under *name*, completely or not at all. Storing the same bytes again does no harm.

        Raises:
            StoreError: if it cannot be stored.
        """

    def claim(self, name: str) -> AbstractContextManager[None]:
        """Lock *name* while it is made: another process that claims it waits until the block ends."""


class MemoryStore:
    """Keeps everything in memory until the process ends."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> bytes | None:
        return self._kept.get(_checked(name))

    def put(self, name: str, data: bytes) -> None:
        with self._lock:
            self._kept.setdefault(_checked(name), data)

    def claim(self, name: str) -> AbstractContextManager[None]:
        _checked(name)
        return contextlib.nullcontext()


class FolderStore:
    """Keeps each entry as a file below *root*, sealed with a SHA-256 of its bytes and name.

    A file that is damaged or stored under another name is removed and counts as absent. The first complete
    entry under a name stays; a later `put` of that name changes nothing. *limit* is the most bytes kept under
    each first part of a name; beyond it, the least recently used tenth is removed.
    """

    def __init__(self, root: Path, limit: int | None = None) -> None:
        self._root = root
        self._limit = limit
        self._quotas: dict[str, Quota] = {}
        self._lock = threading.Lock()
        self._told = False
        sweep(root)

    def get(self, name: str) -> bytes | None:
        path = self._path(name)
        try:
            with opened(path) as file:
                sealed = file.read()
                data = sealed[:-_SEAL_BYTES]
                if sealed[-_SEAL_BYTES:] == _seal(name, data):
                    if self._limit is not None:
                        note_use(file, path, every=_HOUR, now=time.time())
                    return data
        except FileNotFoundError:
            return None
        except OSError:
            pass
        if not self._told:  # a failing disk damages many
            self._told = True
            log.warning(
                "a spoken line in %s was damaged, or of an earlier version; it is made anew", self._root
            )
        with contextlib.suppress(OSError):
            clear(path)
        return None

    def put(self, name: str, data: bytes) -> None:
        if self.get(name) is not None:
            return
        path = self._path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path, data + _seal(name, data))
        except OSError as error:
            raise StoreError(
                f"the cache in {self._root} cannot be written ({error.strerror or error}); "
                "free some space, or set VOICEGUIDE_CACHE to another folder"
            ) from error
        if self._limit is not None:
            self._quota(name.rpartition("/")[0], self._limit).added(len(data) + _SEAL_BYTES)

    def claim(self, name: str) -> AbstractContextManager[None]:
        # One of 256 locks: two names that share a lock wait for each other, which is rare and does no harm.
        return locked(self._root / "claims" / hashlib.sha256(_checked(name).encode()).hexdigest()[:2])

    def _write(self, path: Path, data: bytes) -> None:
        part = PartFile(self._root, "clip")  # parts share a folder, where abandoned ones are found
        try:
            part.path.write_bytes(data)
            part.become(path, synced=False)  # the seal detects a file damaged by a power cut
        finally:
            part.drop()

    def _path(self, name: str) -> Path:
        # Two letters of the name spread many files over many folders.
        folder, _, stem = _checked(name).rpartition("/")
        return self._root / folder / stem[:2] / stem

    def _quota(self, folder: str, limit: int) -> Quota:
        with self._lock:
            if folder not in self._quotas:
                files = partial((self._root / folder).glob, "??/*")
                self._quotas[folder] = Quota(limit, files, spare=_SPARE, trusted=_TRUSTED)
            return self._quotas[folder]


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a store name: {name!r}")
    return name


def _seal(name: str, data: bytes) -> bytes:
    return _SEAL + hashlib.sha256(name.encode() + b"\0" + data).digest()
