"""What a speaker is to play next, and whether it may."""

from __future__ import annotations

from collections import deque
from typing import Final

from voiceguide.errors import BusyError
from voiceguide.speaker.queue_item import QueueItem

MOST_QUEUED: Final = 50

_RETRY_SECONDS: Final = 60


class Queue:
    """Queue items in order. While the queue rests they wait; one that is put first meanwhile does not."""

    def __init__(self) -> None:
        self._items: deque[QueueItem] = deque()
        self._resting = False
        self._awake = 0  # how many of the first play even while it rests

    @property
    def items(self) -> tuple[QueueItem, ...]:
        return tuple(self._items)

    @property
    def goes_on(self) -> bool:
        """Whether there is something that may be played."""
        return bool(self._items) and (self._awake > 0 or not self._resting)

    def add(self, item: QueueItem, *, first: bool = False) -> None:
        """Put *item* last, or *first*; if nothing else waits, the queue rests no more.

        Raises:
            BusyError: if it is full.
        """
        if len(self._items) >= MOST_QUEUED:
            raise BusyError(f"the queue is full; {MOST_QUEUED} sessions are the most", _RETRY_SECONDS)
        self._resting = self._resting and len(self._items) > self._awake
        if first:
            self.put_back(item)
        else:
            self._items.append(item)

    def put_back(self, item: QueueItem) -> None:
        """Have *item*, which was taken, first again."""
        self._items.appendleft(item)
        self._awake += self._resting

    def take(self) -> QueueItem | None:
        """Take out the first that may be played, if any may."""
        if not self.goes_on:
            return None
        self._awake = max(0, self._awake - 1)
        return self._items.popleft()

    def drop(self, item: QueueItem | None) -> None:
        """Take out *item* if it is the first."""
        if self._items and self._items[0] is item:
            self._items.popleft()
            self._awake = max(0, self._awake - 1)

    def clear(self) -> None:
        self._items.clear()
        self._awake = 0

    def rest(self) -> None:
        """Have all that is in it wait."""
        self._resting, self._awake = True, 0

    def wake(self) -> None:
        """Have the queue go on."""
        self._resting, self._awake = False, 0
