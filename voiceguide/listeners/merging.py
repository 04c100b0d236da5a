"""Merging writes: last writer wins, deletions leave tombstones, and each kind is bounded.

A tombstone is a row without a value: it keeps an earlier write that arrives late from restoring the record.
Tombstones are bounded too. When one is dropped, its time becomes the *floor* of its kind, and writes up to
that time to unknown keys are ignored.
"""

from __future__ import annotations

from typing import Final, Protocol, assert_never

import msgspec
from msgspec import Struct

from voiceguide.errors import LimitError
from voiceguide.listeners.limits import LIMITS, Limit, check_device, check_key, check_time, encoded
from voiceguide.listeners.records import KINDS, Bookmark, Listening, Record, kind_name
from voiceguide.listeners.store import Put, R, Remove, Stored, Write, WriteStamp

ALL: Final = ""
"""The floor of all kinds together."""


class RecordRow(Struct, frozen=True):
    """A stored write. `value` is the record as JSON, or None for a tombstone.

    `at` is the time of the write in ms, at most the time it arrived; `said` is the device's own claim.
    `digest` is the script's, for bookmarks.
    """

    kind: str
    key: str
    at: int
    device: str
    said: int
    value: str | None
    digest: str | None = None

    @property
    def gone(self) -> bool:
        return self.value is None

    @property
    def age(self) -> tuple[int, str, str]:
        """A sort key within one kind: oldest first."""
        return self.at, self.device, self.key


class Shelf(Protocol):
    """Storage of rows within one transaction."""

    def row(self, kind: str, key: str) -> RecordRow | None:
        """Return the row of *kind* at *key*."""

    def put(self, row: RecordRow, old: RecordRow | None) -> None:
        """Store *row*, replacing *old*, which has the same key."""

    def drop(self, row: RecordRow) -> None:
        """Delete *row*."""

    def count(self, kind: str, *, gone: bool) -> int:
        """Return the number of tombstones of *kind* if *gone*, else of its other rows."""

    def oldest(self, kind: str, *, gone: bool) -> RecordRow | None:
        """Return the oldest of those rows."""

    def floor(self, kind: str) -> int:
        """Return the floor of *kind*, -1 for none."""

    def raise_floor(self, kind: str, at: int) -> None:
        """Set the floor of *kind* to *at*."""


def row_of(write: Write, now: int) -> RecordRow:
    """Return *write*, arriving at *now*, as a row.

    Raises:
        LimitError: if it is too long or malformed.
    """
    check_device(write.stamp.device)
    check_time(write.stamp.at)
    value = digest = None
    match write:
        case Put(record=record):
            value, digest = encoded(record), record.digest if isinstance(record, Bookmark) else None
        case Remove(key=key):
            check_key(key)
        case _:
            assert_never(write)
    stamp = write.stamp
    at = min(stamp.at, now)
    return RecordRow(kind_name(write.kind), write.key, at, stamp.device, stamp.at, value, digest)


def begun(write: Write) -> int:
    """Return when what *write* tells of began, in ms: the beginning of a listening, else the write's time."""
    if isinstance(write, Put) and isinstance(write.record, Listening):
        return min(write.record.began, write.stamp.at)
    return write.stamp.at


def merge(shelf: Shelf, row: RecordRow, begun: int, now: int) -> bool:
    """Store *row* on *shelf* unless a later write is there; return whether it is stored.

    Nor is it stored if what it tells of had *begun* before everything was forgotten.

    Raises:
        LimitError: if its kind is full.
    """
    old = shelf.row(row.kind, row.key)
    floor = max(shelf.floor(row.kind), shelf.floor(ALL))
    if old == row:
        return True
    if old is None and begun <= _past(shelf.floor(ALL), now):
        return False
    if row.at <= _past(floor, now) if old is None else _order(row, now) <= _order(old, now):
        return False
    limit = LIMITS[row.kind]
    more = old is None or old.gone != row.gone
    if more and not row.gone and not limit.drops and shelf.count(row.kind, gone=False) >= limit.most:
        raise LimitError(f"at most {limit.most} {limit.plural} are kept; remove some first")
    shelf.put(row, old)
    if more:
        _trim(shelf, row.kind, limit)
    return shelf.row(row.kind, row.key) is not None


def found(own: RecordRow | None, same: RecordRow | None) -> RecordRow | None:
    """Return the bookmark of a script: *own* is the row at its name, *same* the latest with its digest.

    A renamed script has no row at its name yet. A tombstone there, newer than *same*, means that it was heard
    to its end under the new name.
    """
    if own is not None and same is not None and own.gone and own.age > same.age:
        return None
    return same


def kept(row: RecordRow, kind: type[R]) -> Stored[R] | None:
    """Return the record of *kind* in *row*, or None if there is none or it cannot be read."""
    if row.value is None:
        return None
    try:
        record = msgspec.json.decode(row.value, type=kind)
    except msgspec.DecodeError:
        return None
    return Stored(record, WriteStamp(row.at, row.device))


def kept_any(row: RecordRow) -> Stored[Record] | None:
    """Return the record in *row* of any kind, or None if there is none or it cannot be read."""
    kind = KINDS.get(row.kind)
    return None if kind is None else kept(row, kind)


def bookmark(row: RecordRow | None, script: str) -> Bookmark | None:
    """Return the bookmark in *row*, renamed to *script*."""
    there = None if row is None else kept(row, Bookmark)
    return None if there is None else there.record.under(script)


def _order(row: RecordRow, now: int) -> tuple[int, str, int, str]:
    return _past(row.at, now), row.device, row.said, row.value or ""


def _past(at: int, now: int) -> int:
    """Return *at*, moved before *now* if it is later: the clock was set back, and new writes must win."""
    return min(at, now - 1) if at > now else at


def _trim(shelf: Shelf, kind: str, limit: Limit) -> None:
    if limit.drops:
        while shelf.count(kind, gone=False) + shelf.count(kind, gone=True) > limit.most:
            ends = (shelf.oldest(kind, gone=False), shelf.oldest(kind, gone=True))
            shelf.drop(min((end for end in ends if end is not None), key=lambda end: end.age))
        return
    while shelf.count(kind, gone=True) > limit.most:
        end = shelf.oldest(kind, gone=True)
        if end is not None:
            shelf.raise_floor(kind, max(end.at, shelf.floor(kind)))
            shelf.drop(end)
