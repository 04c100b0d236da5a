"""What a speaker is to play next, and whether it may."""

from __future__ import annotations

from collections import deque
from typing import Final

from voiceguide.errors import BusyError
from voiceguide.speaker.entry import Entry

MOST_QUEUED: Final = 50

_RETRY_SECONDS: Final = 60


class Queue:
    """Sessions in their order. While it rests, what was in it waits; what is put first since does not."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque()
        self._resting = False
        self._awake = 0  # how many of the first play even while it rests

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(self._entries)

    @property
    def goes_on(self) -> bool:
        """Whether there is something that may be played."""
        return bool(self._entries) and (self._awake > 0 or not self._resting)

    def add(self, entry: Entry, *, first: bool = False) -> None:
        """Put *entry* last, or *first*; where nothing else waits it does not rest any more.

        Raises:
            BusyError: if it is full.
        """
        if len(self._entries) >= MOST_QUEUED:
            raise BusyError(f"the queue is full; {MOST_QUEUED} sessions are the most", _RETRY_SECONDS)
        self._resting = self._resting and len(self._entries) > self._awake
        if first:
            self.put_back(entry)
        else:
            self._entries.append(entry)

    def put_back(self, entry: Entry) -> None:
        """Have *entry*, which was taken, first again."""
        self._entries.appendleft(entry)
        self._awake += self._resting

    def take(self) -> Entry | None:
        """Take out the first that may be played, if any may."""
        if not self.goes_on:
            return None
        self._awake = max(0, self._awake - 1)
        return self._entries.popleft()

    def drop(self, entry: Entry | None) -> None:
        """Take out *entry* if it is the first."""
        if self._entries and self._entries[0] is entry:
            self._entries.popleft()
            self._awake = max(0, self._awake - 1)

    def clear(self) -> None:
        self._entries.clear()
        self._awake = 0

    def rest(self) -> None:
        """Have all that is in it wait."""
        self._resting, self._awake = True, 0

    def wake(self) -> None:
        """Have it go on."""
        self._resting, self._awake = False, 0
