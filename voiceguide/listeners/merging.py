"""Which of two writes wins, and what leaves when there are too many: one rule for every kind of memory. Pure.

A removal is kept as a row without a value, so that an earlier write that comes late does not bring back what
was removed. Removals are bounded as well: where one leaves, its time becomes its kind's *floor*, and what was
written before is taken for removed.
"""

from __future__ import annotations

from typing import Final, Protocol, assert_never

import msgspec
from msgspec import Struct

from voiceguide.errors import LimitError
from voiceguide.listeners.limits import LIMITS, Limit, check_device, check_key, check_time, encoded
from voiceguide.listeners.records import KINDS, Bookmark, Record, kind_name
from voiceguide.listeners.store import Kept, Put, R, Remove, Stamp, Write

ALL: Final = ""
"""The floor under this name is every kind's."""


class Row(Struct, frozen=True):
    """What is kept under a key: a record as JSON, None where it was removed.

    `at` is when it was written, in ms, and `said` when the device's clock had it. `digest` is a bookmark's.
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
        """Sorts the rows of a kind, what was written first first."""
        return self.at, self.device, self.key


class Shelf(Protocol):
    """Where rows are, while nobody else changes them."""

    def row(self, kind: str, key: str) -> Row | None:
        """Return the row of *kind* under *key*."""

    def put(self, row: Row, old: Row | None) -> None:
        """Keep *row*, in place of *old* under the same key."""

    def drop(self, row: Row) -> None:
        """Keep *row* no longer."""

    def count(self, kind: str, *, gone: bool) -> int:
        """Return how many rows of *kind* have a value, or have none."""

    def oldest(self, kind: str, *, gone: bool) -> Row | None:
        """Return the first of those by age."""

    def floor(self, kind: str) -> int:
        """Return the floor of *kind*, -1 if it has none."""

    def raise_floor(self, kind: str, at: int) -> None:
        """Have the floor of *kind* be *at*."""


def row_of(write: Write, now: int) -> Row:
    """Return the row that *write* would make at the time *now*.

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
    return Row(kind_name(write.kind), write.key, at, stamp.device, stamp.at, value, digest)


def merge(shelf: Shelf, row: Row, now: int) -> bool:
    """Have *row* on *shelf*, unless a later one is there; return whether it holds.

    Raises:
        LimitError: if there is no room for it.
    """
    old = shelf.row(row.kind, row.key)
    floor = max(shelf.floor(row.kind), shelf.floor(ALL))
    if old == row:
        return True
    if row.at <= _past(floor, now) if old is None else _order(row, now) <= _order(old, now):
        return False
    limit = LIMITS[row.kind]
    more = old is None or old.gone != row.gone
    if more and not row.gone and not limit.leave and shelf.count(row.kind, gone=False) >= limit.most:
        raise LimitError(f"{limit.most} {limit.plural} are the most that are kept; remove some first")
    shelf.put(row, old)
    if more:
        _trim(shelf, row.kind, limit)
    return shelf.row(row.kind, row.key) is not None


def found(own: Row | None, same: Row | None) -> Row | None:
    """Return a script's bookmark: *own* is the row under its name, *same* the last one with its digest.

    A script that was renamed has none of its own yet, and one that was heard to its end under its new name
    is not to be found at a place under its old one.
    """
    if own is not None and same is not None and own.gone and own.age > same.age:
        return None
    return same


def kept(row: Row, kind: type[R]) -> Kept[R] | None:
    """Return the record of *kind* in *row*; None if it has none, or none that makes sense."""
    if row.value is None:
        return None
    try:
        record = msgspec.json.decode(row.value, type=kind)
    except msgspec.DecodeError:
        return None
    return Kept(record, Stamp(row.at, row.device))


def kept_any(row: Row) -> Kept[Record] | None:
    """Return the record in *row*, whatever kind it has; None if it has none, or none that makes sense."""
    kind = KINDS.get(row.kind)
    return None if kind is None else kept(row, kind)


def bookmark(row: Row | None, script: str) -> Bookmark | None:
    """Return the bookmark in *row*, for the name *script*."""
    there = None if row is None else kept(row, Bookmark)
    return None if there is None else there.record.under(script)


def _order(row: Row, now: int) -> tuple[int, str, int, str]:
    return _past(row.at, now), row.device, row.said, row.value or ""


def _past(at: int, now: int) -> int:
    """Return *at*, or a time before *now*: where the clock was set back since, what comes now is later."""
    return min(at, now - 1) if at > now else at


def _trim(shelf: Shelf, kind: str, limit: Limit) -> None:
    if limit.leave:
        while shelf.count(kind, gone=False) + shelf.count(kind, gone=True) > limit.most:
            ends = (shelf.oldest(kind, gone=False), shelf.oldest(kind, gone=True))
            shelf.drop(min((end for end in ends if end is not None), key=lambda end: end.age))
        return
    while shelf.count(kind, gone=True) > limit.most:
        end = shelf.oldest(kind, gone=True)
        if end is not None:
            shelf.raise_floor(kind, max(end.at, shelf.floor(kind)))
            shelf.drop(end)
