"""A listener store in an SQLite file that only its owner can read."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final, TypeVar

from voiceguide.errors import StoreError
from voiceguide.listeners.damage import files_aside, set_aside
from voiceguide.listeners.merging import begun, bookmark, found, kept, kept_any, merge, row_of
from voiceguide.listeners.opening import Damaged, Inode, connect, damage_told, inode, nothing
from voiceguide.listeners.records import KINDS, Bookmark, CheckInAnswer, Note, Record, kind_name
from voiceguide.listeners.schema import RecordTable, empty_log, to_wipe, wipe
from voiceguide.listeners.store import R, Remove, Stored, Write, now_ms

log = logging.getLogger("voiceguide")

BUSY_SECONDS: Final = 5.0

_WHY: Final = {
    sqlite3.SQLITE_BUSY: "another program has been writing to it for too long; try again",
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_IOERR: "the disk is full or failing",
    sqlite3.SQLITE_READONLY: "it is read-only; check who owns it",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened; check what it is and who owns it",
}
_OWN_WORDS: Final = (Note, CheckInAnswer)

_T = TypeVar("_T")


class SqliteListenerStore:
    """Keeps records in the file *path*; file and folder are created by the first write.

    A damaged file is renamed, with one warning in the log, and a new one begun. *clock* returns ms since
    1970; *busy_seconds* is how long to wait for another process that is writing. No new file is made where
    *wanted* returns False.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], int] = now_ms,
        busy_seconds: float = BUSY_SECONDS,
        wanted: Callable[[], bool] = lambda: True,
    ) -> None:
        self._path = path
        self._clock = clock
        self._busy_seconds = busy_seconds
        self._wanted = wanted
        self._connection: sqlite3.Connection | None = None
        self._inode: Inode | None = None
        self._waits_in_vain = 0
        self._taken = False
        self._changed = threading.Condition()

    def write(self, *writes: Write) -> tuple[bool, ...]:
        now = self._clock()
        rows = [(row_of(write, now), begun(write)) for write in writes]
        holds = self._do(lambda table: tuple(merge(table, *each, now) for each in rows), writes=True)
        if any(isinstance(write, Remove) and write.kind in _OWN_WORDS for write in writes):
            self._with(empty_log)
        return holds

    def get(self, kind: type[R], key: str) -> Stored[R] | None:
        row = self._do(lambda table: table.row(kind_name(kind), key))
        return None if row is None else kept(row, kind)

    def all(self, kind: type[R], most: int | None = None) -> tuple[Stored[R], ...]:
        rows = self._do(lambda table: table.newest_first(kind_name(kind), most))
        return tuple(each for row in rows if (each := kept(row, kind)) is not None)

    def counts(self) -> Mapping[str, int]:
        return self._do(lambda table: {name: table.count(name, gone=False) for name in KINDS})

    def left(self, script: str, digest: str) -> Bookmark | None:
        own, last = self._do(
            lambda table: (table.row(kind_name(Bookmark), script), table.last_of_digest(digest))
        )
        return bookmark(found(own, last), script)

    def everything(self) -> tuple[Stored[Record], ...]:
        rows = self._do(lambda table: table.everything())
        return tuple(each for row in rows if (each := kept_any(row)) is not None)

    def forget(self) -> None:
        now = self._clock()
        self._do(lambda table: table.clear(now), writes=True)
        if not self._with(self._wiped):
            raise StoreError(
                f"the records in {self._path} are deleted, but another program is reading it, so traces "
                "may be left on the disk; close that program and try again"
            )

    @property
    def exists(self) -> bool:
        """Whether there is a file, or something is wrong with its place, which opening it tells."""
        try:
            return inode(self._path) is not None
        except OSError:
            return True

    def close(self) -> None:
        with self._turn():
            self._let_go()

    def unlink(self) -> None:
        """Delete the file, and damaged ones that were set aside; call `forget` first.

        Raises:
            StoreError: if it cannot be deleted.
        """
        with self._turn():
            self._let_go()
            try:
                for suffix in ("-wal", "-shm", "-journal", ""):
                    self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
                self._unlink_damaged()
            except OSError as error:
                raise _told(self._path, error) from error

    def _do(self, work: Callable[[RecordTable], _T], *, writes: bool = False) -> _T:
        """Return *work* of the table, in one transaction; if the file is damaged, of a new one.

        Reading makes no file.
        """
        if not writes and not self.exists:
            with closing(nothing()) as connection:
                return work(RecordTable(connection))
        return self._with(lambda connection: _transact(connection, work, writes=writes), writes=writes)

    def _with(self, work: Callable[[sqlite3.Connection], _T], *, writes: bool = False) -> _T:
        with self._turn(writes=writes):
            try:
                try:
                    with damage_told():
                        return work(self._connected())
                except Damaged:
                    self._replace()
                    with damage_told():
                        return work(self._connected())
            except (sqlite3.Error, OSError, Damaged) as error:
                if _code(error) == sqlite3.SQLITE_BUSY:
                    self._waits_in_vain += 1
                raise _told(self._path, error) from error

    @contextmanager
    def _turn(self, *, writes: bool = False) -> Iterator[None]:
        """Take turns with other threads. Those that write wait for another process together, not in turn.

        Raises:
            StoreError: if the wait of one of them has just been in vain.
        """
        with self._changed:
            waits_in_vain = self._waits_in_vain
            while self._taken:
                self._changed.wait()
                if writes and self._waits_in_vain != waits_in_vain:
                    raise _refused(self._path, _WHY[sqlite3.SQLITE_BUSY])
            self._taken = True
        try:
            yield
        finally:
            with self._changed:
                self._taken = False
                self._changed.notify_all()

    def _connected(self) -> sqlite3.Connection:
        """Return a connection to the file now at the path; another process may have replaced it."""
        if self._connection is not None and inode(self._path) != self._inode:
            self._let_go()
        if self._connection is None:
            there = inode(self._path)
            known = there is not None and there == self._inode
            try:
                self._connection = connect(
                    self._path, self._busy_seconds, check=not known, wanted=self._wanted
                )
            finally:
                self._inode = inode(self._path)
            if to_wipe(self._connection):  # `forget` was interrupted
                with suppress(sqlite3.Error, OSError):
                    self._wiped(self._connection)
        return self._connection

    def _wiped(self, connection: sqlite3.Connection) -> bool:
        self._unlink_damaged()
        return wipe(connection)

    def _unlink_damaged(self) -> None:
        for path in files_aside(self._path):
            path.unlink(missing_ok=True)

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()

    def _replace(self) -> None:
        """Set the damaged file aside, unless another process already has."""
        damaged = self._inode
        self._let_go()
        there = set_aside(self._path, lambda: inode(self._path) == damaged)
        if there is not None:
            log.warning(
                "%s, which has a listener's records, was damaged; it is kept as %s, and a new file begun",
                self._path,
                there.name,
            )


def _transact(connection: sqlite3.Connection, work: Callable[[RecordTable], _T], *, writes: bool) -> _T:
    connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    try:
        made = work(RecordTable(connection))
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):  # report the first error
            connection.execute("ROLLBACK")
        raise
    return made


def _told(path: Path, error: Exception) -> StoreError:
    why = str(getattr(error, "strerror", None) or error or "it keeps being damaged")
    return _refused(path, _WHY.get(_code(error), why))


def _refused(path: Path, why: str) -> StoreError:
    return StoreError(f"{path}, which has a listener's records, cannot be used: {why}")


def _code(error: Exception) -> int:
    """Return the primary result code of SQLite in *error*, 0 if there is none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
