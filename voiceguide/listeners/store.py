"""The memory of one listener: what it promises to who writes and asks."""

from __future__ import annotations

import time
from typing import Generic, Protocol, TypeAlias, TypeVar

from msgspec import Struct

from voiceguide.listeners.records import Bookmark, Record

R = TypeVar("R", bound=Record)


class Stamp(Struct, frozen=True):
    """When something was written, by the clock of who wrote it (ms since 1970, UTC), and on which device."""

    at: int
    device: str


class Put(Struct, frozen=True):
    """*record* takes the place of what is kept under its key."""

    record: Record
    stamp: Stamp

    @property
    def kind(self) -> type[Record]:
        return type(self.record)

    @property
    def key(self) -> str:
        return self.record.key


class Remove(Struct, frozen=True):
    """What is kept of *kind* under *key* is removed, and stays so when an earlier write comes late."""

    kind: type[Record]
    key: str
    stamp: Stamp


Write: TypeAlias = Put | Remove


class Kept(Struct, Generic[R], frozen=True):
    """A record, and when and where it was written last."""

    record: R
    stamp: Stamp


class ListenerStore(Protocol):
    """What is remembered of one listener. Thread-safe, and safe with other processes.

    Under one key the last writer wins, by time and then by the device's name, in whatever order writes come:
    the same writes make the same memory, as long as none is refused. A write from a time that has not come
    yet counts as written now. How much is kept is bounded, see `LIMITS`. Anything but `close` raises
    StoreError where the memory cannot be read or written.
    """

    def write(self, *writes: Write) -> tuple[bool, ...]:
        """Do all of *writes*, or none; return for each whether it holds: False where a later one stands.

        Raises:
            LimitError: if one is too long or malformed, or there is no room for it.
        """

    def get(self, kind: type[R], key: str) -> Kept[R] | None:
        """Return what is kept of *kind* under *key*, None if there is nothing."""

    def all(self, kind: type[R]) -> tuple[Kept[R], ...]:
        """Return all that is kept of *kind*, what was written last first."""

    def left(self, script: str, digest: str) -> Bookmark | None:
        """Return where the exercise *script* was left, if its digest is *digest* still.

        It is found by its digest where the script was renamed since, and is given under the new name.
        """

    def everything(self) -> tuple[Kept[Record], ...]:
        """Return all that is kept, by kind, what was written first first, as it is at one moment."""

    def forget(self) -> None:
        """Forget everything, so that no file has a word of it; earlier writes that come late are void."""

    def close(self) -> None:
        """Let go of the files; who asks for something opens them again."""


def now_ms() -> int:
    """Return the time in ms since 1970, UTC."""
    return time.time_ns() // 1_000_000
