"""A listener store in memory: for tests, and for private sessions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping

from voiceguide.listeners.merging import ALL, RecordRow, begun, bookmark, found, kept, kept_any, merge, row_of
from voiceguide.listeners.records import KINDS, Bookmark, Record, kind_name
from voiceguide.listeners.store import R, Stored, Write, now_ms


class MemoryListenerStore:
    """Keeps records until the process ends. *clock* returns ms since 1970."""

    def __init__(self, clock: Callable[[], int] = now_ms) -> None:
        self._clock = clock
        self._shelf = _Shelf({}, {})
        self._lock = threading.Lock()

    def write(self, *writes: Write) -> tuple[bool, ...]:
        with self._lock:
            now = self._clock()
            shelf = self._shelf.copy()
            holds = tuple(merge(shelf, row_of(write, now), begun(write), now) for write in writes)
            self._shelf = shelf
            return holds

    def get(self, kind: type[R], key: str) -> Stored[R] | None:
        row = self._shelf.row(kind_name(kind), key)
        return None if row is None else kept(row, kind)

    def all(self, kind: type[R], most: int | None = None) -> tuple[Stored[R], ...]:
        rows = (row for row in self._shelf.of(kind_name(kind)) if not row.gone)
        latest = sorted(rows, key=lambda row: row.age, reverse=True)[:most]
        return tuple(each for row in latest if (each := kept(row, kind)) is not None)

    def counts(self) -> Mapping[str, int]:
        shelf = self._shelf
        return {name: shelf.count(name, gone=False) for name in KINDS}

    def left(self, script: str, digest: str) -> Bookmark | None:
        shelf = self._shelf
        same = (row for row in shelf.of(kind_name(Bookmark)) if row.digest == digest)
        last = max(same, key=lambda row: row.age, default=None)
        return bookmark(found(shelf.row(kind_name(Bookmark), script), last), script)

    def everything(self) -> tuple[Stored[Record], ...]:
        rows = sorted(self._shelf.rows.values(), key=lambda row: (row.kind, *row.age))
        return tuple(each for row in rows if (each := kept_any(row)) is not None)

    def forget(self) -> None:
        with self._lock:
            self._shelf = _Shelf({}, {ALL: self._clock()})

    def close(self) -> None:
        pass


class _Shelf:
    """Rows by kind and key, and floors by kind."""

    def __init__(self, rows: dict[tuple[str, str], RecordRow], floors: dict[str, int]) -> None:
        self.rows = rows
        self._floors = floors

    def copy(self) -> _Shelf:
        return _Shelf(dict(self.rows), dict(self._floors))

    def of(self, kind: str) -> Iterable[RecordRow]:
        return [row for row in self.rows.values() if row.kind == kind]

    def row(self, kind: str, key: str) -> RecordRow | None:
        return self.rows.get((kind, key))

    def put(self, row: RecordRow, old: RecordRow | None) -> None:
        self.rows[row.kind, row.key] = row

    def drop(self, row: RecordRow) -> None:
        del self.rows[row.kind, row.key]

    def count(self, kind: str, *, gone: bool) -> int:
        return sum(row.gone == gone for row in self.of(kind))

    def oldest(self, kind: str, *, gone: bool) -> RecordRow | None:
        rows = (row for row in self.of(kind) if row.gone == gone)
        return min(rows, key=lambda row: row.age, default=None)

    def floor(self, kind: str) -> int:
        return self._floors.get(kind, -1)

    def raise_floor(self, kind: str, at: int) -> None:
        self._floors[kind] = at
