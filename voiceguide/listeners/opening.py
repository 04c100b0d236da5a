"""Opening a listener's file: it is made for its owner alone, looked over, and brought up to date."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeAlias

from voiceguide.listeners.schema import migrate

Inode: TypeAlias = tuple[int, int]

_PRAGMAS: Final = (
    "secure_delete = ON",
    "temp_store = MEMORY",  # nothing of it in the system's folder for such files
    "cache_size = -512",  # KiB, for each of many files
    "cell_size_check = ON",
    "journal_mode = WAL",
    "synchronous = NORMAL",  # whole after a power cut, though the last writes may be missing
)


class Damaged(Exception):
    """The file is not what SQLite wrote."""


def connect(path: Path, busy_seconds: float, *, look_over: bool) -> sqlite3.Connection:
    """Return a connection to the file *path*, which is made where there is none, with its folder.

    To *look_over* takes some milliseconds where much is kept, and finds damage before it is come upon.

    Raises:
        Damaged: if the file is.
        StoreError: if it is of a later version.
        OSError, sqlite3.Error: if it cannot be opened.
    """
    _make(path)
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    try:
        with damage_told():
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            if look_over and connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise Damaged
            migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def damage_told() -> Iterator[None]:
    """Raise Damaged for what SQLite says of a damaged file."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise Damaged from error
        raise


def inode(path: Path) -> Inode | None:
    """Return what tells the file at *path* from another of that name; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _make(path: Path) -> None:
    folder = path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _only_own(folder, 0o700)
    # Only a new file is opened here: closing one that SQLite has open in this process would end its locks.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    _only_own(path, 0o600)  # its logs get the same


def _only_own(path: Path, mode: int) -> None:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(mode)
