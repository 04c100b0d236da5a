"""The tables of a listener's database, and their migrations."""

from __future__ import annotations

import sqlite3
from typing import Final

from voiceguide.errors import StoreError
from voiceguide.listeners.limits import is_whole
from voiceguide.listeners.merging import ALL, RecordRow

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        # A row without a value is a tombstone.
        """
        CREATE TABLE kept (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            at INTEGER NOT NULL,
            device TEXT NOT NULL,
            said INTEGER NOT NULL,
            value TEXT,
            digest TEXT,
            gone INTEGER NOT NULL AS (value IS NULL) STORED,
            PRIMARY KEY (kind, key)
        ) WITHOUT ROWID
        """,
        "CREATE INDEX kept_by_age ON kept (kind, gone, at, device, key)",
        "CREATE TABLE floors (kind TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
    ),
    # Bookmarks of renamed scripts are found by digest.
    ("CREATE INDEX kept_by_digest ON kept (digest, at, device, key) WHERE digest IS NOT NULL",),
)
"""For each version of the schema, the statements that lead to it from the one before; see `user_version`."""

_WIPING: Final = "(wiping)"
"""A row among the floors that belongs to no kind: records were cleared, but may still be on the disk."""

_COLUMNS: Final = "kind, key, at, device, said, value, digest"


def migrate(connection: sqlite3.Connection) -> None:
    """Migrate the database to the latest version, in one transaction.

    Raises:
        StoreError: if a later version has written it.
    """
    latest = len(MIGRATIONS)
    if _version(connection) == latest:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # another process may have migrated it meanwhile
        if version > latest:
            raise StoreError(
                "a later version of voiceguide has written a listener's records; update voiceguide"
            )
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {latest}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


class RecordTable:
    """The rows of a database within one transaction; implements `merging.Shelf`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._counts: dict[tuple[str, bool], int] = {}

    def row(self, kind: str, key: str) -> RecordRow | None:
        return self._first("kind = ? AND key = ?", kind, key)

    def put(self, row: RecordRow, old: RecordRow | None) -> None:
        if old is not None:
            self._counted(old, -1)
        self._counted(row, 1)
        self._connection.execute(
            f"INSERT OR REPLACE INTO kept ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (row.kind, row.key, row.at, row.device, row.said, row.value, row.digest),
        )

    def drop(self, row: RecordRow) -> None:
        self._counted(row, -1)
        self._connection.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (row.kind, row.key))

    def count(self, kind: str, *, gone: bool) -> int:
        if (kind, gone) not in self._counts:
            counted = self._connection.execute(
                "SELECT count(*) FROM kept WHERE kind = ? AND gone = ?", (kind, gone)
            )
            self._counts[kind, gone] = int(counted.fetchone()[0])
        return self._counts[kind, gone]

    def oldest(self, kind: str, *, gone: bool) -> RecordRow | None:
        return self._first("kind = ? AND gone = ? ORDER BY at, device, key", kind, gone)

    def floor(self, kind: str) -> int:
        found = self._connection.execute("SELECT at FROM floors WHERE kind = ?", (kind,)).fetchone()
        return -1 if found is None else int(found[0])

    def raise_floor(self, kind: str, at: int) -> None:
        self._connection.execute("INSERT OR REPLACE INTO floors (kind, at) VALUES (?, ?)", (kind, at))

    def last_of_digest(self, digest: str) -> RecordRow | None:
        """Return the latest bookmark with *digest*."""
        return self._first("digest = ? ORDER BY at DESC, device DESC, key DESC", digest)

    def newest_first(self, kind: str, most: int | None = None) -> list[RecordRow]:
        """Return the last *most* rows of *kind*, None for all, without tombstones."""
        limit = -1 if most is None else most
        order = "at DESC, device DESC, key DESC"
        return self._rows(f"kind = ? AND gone = 0 ORDER BY {order} LIMIT ?", kind, limit)

    def everything(self) -> list[RecordRow]:
        """Return all rows but tombstones, by kind and age."""
        return self._rows("NOT gone ORDER BY kind, at, device, key")

    def clear(self, at: int) -> None:
        """Delete all rows, set the floor of all kinds to *at*, and note that the disk is to be wiped."""
        self._counts.clear()
        self._connection.execute("DELETE FROM kept")
        self._connection.execute("DELETE FROM floors")
        self.raise_floor(ALL, at)
        self.raise_floor(_WIPING, at)

    def _counted(self, row: RecordRow, more: int) -> None:
        if (row.kind, row.gone) in self._counts:
            self._counts[row.kind, row.gone] += more

    def _first(self, where: str, *values: str | bool) -> RecordRow | None:
        if not all(is_whole(value) for value in values if isinstance(value, str)):
            return None  # no such row can be written
        rows = self._rows(f"{where} LIMIT 1", *values)
        return rows[0] if rows else None

    def _rows(self, where: str, *values: str | int) -> list[RecordRow]:
        found = self._connection.execute(f"SELECT {_COLUMNS} FROM kept WHERE {where}", values)  # noqa: S608
        return [RecordRow(*row) for row in found]


def to_wipe(connection: sqlite3.Connection) -> bool:
    """Return whether records were cleared that may still be on the disk."""
    return RecordTable(connection).floor(_WIPING) >= 0


def wipe(connection: sqlite3.Connection) -> bool:
    """Remove cleared records from the file and its log; return False if another process prevents it."""
    connection.execute("VACUUM")
    if not empty_log(connection):
        return False
    connection.execute("DELETE FROM floors WHERE kind = ?", (_WIPING,))
    return True


def empty_log(connection: sqlite3.Connection) -> bool:
    """Empty the write-ahead log; return False if another process prevents it."""
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
