"""What a speaker plays next: an urgent item, then the queue, once there is a device for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from voiceguide.speaker.queue import Queue
from voiceguide.speaker.queue_item import QueueItem

log = logging.getLogger("voiceguide")

DEVICE_SECONDS: Final = 5.0
"""The time between looks for a missing sound device."""


class Upcoming:
    """The items to play next, `urgent` before the queue. *clock* is in seconds. The caller holds a lock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.queue = Queue()
        self.urgent: QueueItem | None = None
        self._clock = clock
        self._device_at: float | None = None  # when to look for one; None if none is missing
        self._unheard: QueueItem | None = None  # an urgent item that waits for a device

    @property
    def waits(self) -> bool:
        """Whether the next item waits for a sound device."""
        return self._device_at is not None and self.urgent is None and self.queue.goes_on

    @property
    def comes(self) -> bool:
        """Whether an item will play, now or once there is a device."""
        return self.urgent is not None or self.waits

    def at_once(self, item: QueueItem) -> None:
        """Make *item* the urgent one, in place of any other."""
        self.queue.drop(self._unheard)
        self.urgent = item

    def take(self) -> QueueItem | None:
        """Remove and return the item to play now, if any; one that is too late for its hour is dropped."""
        item, self.urgent = self.urgent, None
        urgent = item is not None
        while item is None and not self.waits and (item := self.queue.take()) is not None:
            if not item.fresh():
                log.warning('"%s" is left out: its hour has gone by', item.title)
                item = None
        if item is not None:
            self._unheard = item if urgent else None
        return item

    def without_device(self, item: QueueItem) -> None:
        """Put *item*, which was taken, back at the front, to play once there is a sound device."""
        self.queue.put_back(item)
        self._device_at = self._clock() + DEVICE_SECONDS

    def looks(self) -> bool:
        """Return whether it is time to look for the missing device; True at most every `DEVICE_SECONDS`."""
        if not self.waits or self._clock() < (self._device_at or 0.0):
            return False
        self._device_at = self._clock() + DEVICE_SECONDS
        return True

    def with_device(self) -> None:
        """Note that there is a device."""
        self._device_at = None
