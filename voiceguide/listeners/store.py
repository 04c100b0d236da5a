"""The `ListenerStore` protocol: one listener's records."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Generic, Protocol, TypeAlias, TypeVar

from msgspec import Struct

from voiceguide.listeners.records import Bookmark, Record

R = TypeVar("R", bound=Record)


class WriteStamp(Struct, frozen=True):
    """The time of a write by the device's clock, in ms since 1970 (UTC), and the device's name."""

    at: int
    device: str


class Put(Struct, frozen=True):
    """Stores `record` at its key."""

    record: Record
    stamp: WriteStamp

    @property
    def kind(self) -> type[Record]:
        return type(self.record)

    @property
    def key(self) -> str:
        return self.record.key


class Remove(Struct, frozen=True):
    """Removes the record of `kind` at `key`; an earlier write that arrives later does not restore it."""

    kind: type[Record]
    key: str
    stamp: WriteStamp


Write: TypeAlias = Put | Remove


class Stored(Struct, Generic[R], frozen=True):
    """A stored record, and the stamp of its last write."""

    record: R
    stamp: WriteStamp


class ListenerStore(Protocol):
    """The records of one listener. Safe to use from several threads and processes.

    The last write to a key wins, by time and then by device name; the order in which writes arrive does not
    matter, as long as none is refused. A time in the future counts as now. `LIMITS` bounds each kind. All
    methods but `close` raise StoreError if the records cannot be read or written.
    """

    def write(self, *writes: Write) -> tuple[bool, ...]:
        """Apply *writes*, all or none; return for each whether it holds, False if a later write is stored.

        Raises:
            LimitError: if one is too long or malformed, or its kind is full.
        """

    def get(self, kind: type[R], key: str) -> Stored[R] | None:
        """Return the record of *kind* at *key*, or None."""

    def all(self, kind: type[R], most: int | None = None) -> tuple[Stored[R], ...]:
        """Return all records of *kind*, or the *most* written last; the latest write first."""

    def counts(self) -> Mapping[str, int]:
        """Return the number of records of each kind in `KINDS`."""

    def left(self, script: str, digest: str) -> Bookmark | None:
        """Return where the exercise *script* was left, if its digest is still *digest*.

        A script that was renamed since is found by its digest; the bookmark returned has the new name.
        """

    def everything(self) -> tuple[Stored[Record], ...]:
        """Return a snapshot of all records, by kind, the earliest write first."""

    def forget(self) -> None:
        """Delete all records, leaving no trace in any file; earlier writes that arrive later are ignored."""

    def close(self) -> None:
        """Close the files; the next call opens them again."""


def now_ms() -> int:
    """Return the time, in ms since 1970 (UTC)."""
    return time.time_ns() // 1_000_000
