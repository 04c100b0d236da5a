"""A listener's memory in a file of SQLite's, which only its owner can read."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from voiceguide.errors import StoreError
from voiceguide.listeners.damage import files_aside, set_aside
from voiceguide.listeners.merging import bookmark, found, kept, kept_any, merge, row_of
from voiceguide.listeners.opening import Damaged, Inode, connect, damage_told, inode
from voiceguide.listeners.records import Bookmark, CheckIn, Note, Record, kind_name
from voiceguide.listeners.schema import Table, empty_log, to_wipe, wipe
from voiceguide.listeners.store import Kept, R, Remove, Write, now_ms

log = logging.getLogger("voiceguide")

BUSY_SECONDS: Final = 5.0

_WHY: Final = {
    sqlite3.SQLITE_BUSY: "another program has been writing to it for long; try again",
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_IOERR: "the disk is full, or fails; see to it",
    sqlite3.SQLITE_READONLY: "it may not be written; see who owns it",
    sqlite3.SQLITE_CANTOPEN: "it may not be read, or is no file; see what is there",
}
_OWN_WORDS: Final = (Note, CheckIn)

_T = TypeVar("_T")


class SqliteListenerStore:
    """Remembers in the file *path*, which is made when something is asked for, with its folder.

    A file that is damaged is set aside under another name, which is told once, and memory begins anew.
    *clock* tells the time in ms since 1970; another process that writes is waited for *busy_seconds* long.
    """

    def __init__(
        self, path: Path, *, clock: Callable[[], int] = now_ms, busy_seconds: float = BUSY_SECONDS
    ) -> None:
        self._path = path
        self._clock = clock
        self._busy_seconds = busy_seconds
        self._connection: sqlite3.Connection | None = None
        self._inode: Inode | None = None
        self._lock = threading.Lock()

    def write(self, *writes: Write) -> tuple[bool, ...]:
        now = self._clock()
        rows = [row_of(write, now) for write in writes]
        holds = self._do(lambda table: tuple(merge(table, row, now) for row in rows), writes=True)
        if any(isinstance(write, Remove) and write.kind in _OWN_WORDS for write in writes):
            self._with(empty_log)
        return holds

    def get(self, kind: type[R], key: str) -> Kept[R] | None:
        row = self._do(lambda table: table.row(kind_name(kind), key))
        return None if row is None else kept(row, kind)

    def all(self, kind: type[R]) -> tuple[Kept[R], ...]:
        rows = self._do(lambda table: table.newest_first(kind_name(kind)))
        return tuple(each for row in rows if (each := kept(row, kind)) is not None)

    def left(self, script: str, digest: str) -> Bookmark | None:
        own, last = self._do(
            lambda table: (table.row(kind_name(Bookmark), script), table.last_of_digest(digest))
        )
        return bookmark(found(own, last), script)

    def everything(self) -> tuple[Kept[Record], ...]:
        rows = self._do(lambda table: table.everything())
        return tuple(each for row in rows if (each := kept_any(row)) is not None)

    def forget(self) -> None:
        now = self._clock()
        self._do(lambda table: table.clear(now), writes=True)
        if not self._with(self._wiped):
            raise StoreError(
                f"{self._path}, the memory of a listener, is empty, but another program reads what it held; "
                "close that and forget again, so that nothing is left on the disk"
            )

    def close(self) -> None:
        with self._lock:
            self._let_go()

    def unlink(self) -> None:
        """Remove the file, which is empty after `forget`.

        Raises:
            StoreError: if that cannot be done.
        """
        with self._lock:
            self._let_go()
            try:
                for suffix in ("-wal", "-shm", "-journal", ""):
                    self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            except OSError as error:
                raise _told(self._path, error) from error

    def _do(self, work: Callable[[Table], _T], *, writes: bool = False) -> _T:
        """Return what *work* makes of the table, in one transaction; a damaged file is replaced before."""
        return self._with(lambda connection: _transact(connection, work, writes=writes))

    def _with(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        with self._lock:
            try:
                try:
                    with damage_told():
                        return work(self._connected())
                except Damaged:
                    self._replace()
                    with damage_told():
                        return work(self._connected())
            except (sqlite3.Error, OSError, Damaged) as error:
                raise _told(self._path, error) from error

    def _connected(self) -> sqlite3.Connection:
        """Return a connection to the file that has the path now: another process may have set one aside."""
        if self._connection is not None and inode(self._path) != self._inode:
            self._let_go()
        if self._connection is None:
            there = inode(self._path)
            known = there is not None and there == self._inode
            try:
                self._connection = connect(self._path, self._busy_seconds, look_over=not known)
            finally:
                self._inode = inode(self._path)
            if to_wipe(self._connection):  # who was to forget was killed, or kept from it
                with suppress(sqlite3.Error, OSError):
                    self._wiped(self._connection)
        return self._connection

    def _wiped(self, connection: sqlite3.Connection) -> bool:
        for path in files_aside(self._path):
            path.unlink(missing_ok=True)
        return wipe(connection)

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()

    def _replace(self) -> None:
        """Set the damaged file aside, unless another process has done so."""
        damaged = self._inode
        self._let_go()
        there = set_aside(self._path, lambda: inode(self._path) == damaged)
        if there is not None:
            log.warning(
                "%s, the memory of a listener, was damaged; it is set aside as %s, and memory begins anew",
                self._path,
                there.name,
            )


def _transact(connection: sqlite3.Connection, work: Callable[[Table], _T], *, writes: bool) -> _T:
    connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    try:
        made = work(Table(connection))
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # what went wrong first is told
            connection.execute("ROLLBACK")
        raise
    return made


def _told(path: Path, error: Exception) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    why = _WHY.get(code, str(getattr(error, "strerror", None) or error or "it is damaged again and again"))
    return StoreError(f"{path}, the memory of a listener, cannot be used: {why}")
