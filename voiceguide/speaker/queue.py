"""The queue of a speaker, which can be made to rest."""

from __future__ import annotations

from collections import deque
from typing import Final

from voiceguide.errors import BusyError
from voiceguide.speaker.queue_item import QueueItem

MOST_QUEUED: Final = 50

_RETRY_SECONDS: Final = 60


class Queue:
    """Queue items in order. While the queue rests they wait, except those put first in that time."""

    def __init__(self) -> None:
        self._items: deque[QueueItem] = deque()
        self._resting = False
        self._awake = 0  # how many items at the front play even while it rests

    @property
    def items(self) -> tuple[QueueItem, ...]:
        return tuple(self._items)

    @property
    def goes_on(self) -> bool:
        """Whether an item may be played now."""
        return bool(self._items) and (self._awake > 0 or not self._resting)

    def add(self, item: QueueItem, *, first: bool = False) -> None:
        """Add *item* last, or *first*. If no other item waits, the queue stops resting.

        Raises:
            BusyError: if the queue is full.
        """
        if len(self._items) >= MOST_QUEUED:
            raise BusyError(f"the queue is full; {MOST_QUEUED} sessions are the most", _RETRY_SECONDS)
        self._resting = self._resting and len(self._items) > self._awake
        if first:
            self.put_back(item)
        else:
            self._items.append(item)

    def put_back(self, item: QueueItem) -> None:
        """Put *item*, which was taken, back at the front."""
        self._items.appendleft(item)
        self._awake += self._resting

    def take(self) -> QueueItem | None:
        """Remove and return the first item, if it may be played now."""
        if not self.goes_on:
            return None
        self._awake = max(0, self._awake - 1)
        return self._items.popleft()

    def drop(self, item: QueueItem | None) -> None:
        """Remove *item* if it is the first."""
        if self._items and self._items[0] is item:
            self._items.popleft()
            self._awake = max(0, self._awake - 1)

    def clear(self) -> None:
        self._items.clear()
        self._awake = 0

    def rest(self) -> None:
        """Make all items wait."""
        self._resting, self._awake = True, 0

    def wake(self) -> None:
        """Stop resting: all items may play."""
        self._resting, self._awake = False, 0
