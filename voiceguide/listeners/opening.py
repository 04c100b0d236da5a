"""Opening a listener's database: permissions, pragmas, an integrity check, migrations."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, TypeAlias

from voiceguide.errors import StoreError
from voiceguide.listeners.schema import migrate

Inode: TypeAlias = tuple[int, int]

_PRAGMAS: Final = (
    "secure_delete = ON",
    "temp_store = MEMORY",  # no copies in the system's temporary folder
    "cache_size = -512",  # KiB; many databases are open at once
    "cell_size_check = ON",
    "journal_mode = WAL",
    "synchronous = NORMAL",  # a power cut can lose the last writes, but does not damage the file
)


class Damaged(Exception):
    """The database is damaged."""


def connect(
    path: Path, busy_seconds: float, *, check: bool, wanted: Callable[[], bool] = lambda: True
) -> sqlite3.Connection:
    """Return a connection to the database *path*; file and folder are created if needed.

    *check* verifies its integrity first, which takes about 5 ms for 10,000 records. A new file that is not
    *wanted* is deleted again.

    Raises:
        Damaged: if the database is damaged.
        StoreError: if a later version has written it, or a new one is not *wanted*.
        OSError, sqlite3.Error: if it cannot be opened.
    """
    _make(path, wanted)
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
    try:
        with damage_told():
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            if check and connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise Damaged
            migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def nothing() -> sqlite3.Connection:
    """Return a connection to a new database in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    return connection


@contextmanager
def damage_told() -> Iterator[None]:
    """Raise Damaged in place of SQLite's errors about damaged files."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise Damaged from error
        raise


def inode(path: Path) -> Inode | None:
    """Return the device and inode of the file at *path*, or None if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _make(path: Path, wanted: Callable[[], bool]) -> None:
    folder = path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _only_own(folder, 0o700)
    # Only a new file is opened here: closing a file that SQLite has open in this process drops its locks.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        # Asked once it is there: who removes a listener takes the name away before the file.
        if not wanted():
            path.unlink(missing_ok=True)
            raise StoreError(f"{path} belongs to a listener who was removed, so nothing is stored in it")
    _only_own(path, 0o600)  # SQLite gives its logs the same mode


def _only_own(path: Path, mode: int) -> None:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        path.chmod(mode)
