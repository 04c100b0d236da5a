"""What a speaker plays next: what was asked for at once, then the queue, once there is a device for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from voiceguide.speaker.queue import Queue
from voiceguide.speaker.queue_item import QueueItem

log = logging.getLogger("voiceguide")

DEVICE_SECONDS: Final = 5.0
"""How often a sound device is looked for where there was none."""


class Upcoming:
    """`urgent` is what was asked for at once. Times of *clock* are in seconds; its user holds a lock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.queue = Queue()
        self.urgent: QueueItem | None = None
        self._clock = clock
        self._device_at: float | None = None  # when to look for one; None where none is missing
        self._unheard: QueueItem | None = None  # was to be played at once, and waits for a device

    @property
    def waits(self) -> bool:
        """Whether what is next waits for a sound device."""
        return self._device_at is not None and self.urgent is None and self.queue.goes_on

    @property
    def comes(self) -> bool:
        """Whether something will be played by itself, now or once there is a device."""
        return self.urgent is not None or self.waits

    def at_once(self, item: QueueItem) -> None:
        """Have *item* next. Of several that are asked for at once the latest counts."""
        self.queue.drop(self._unheard)
        self.urgent = item

    def take(self) -> QueueItem | None:
        """Take out what is to be played now, if anything is; what comes too late for its hour is left out."""
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
        """Have *item*, which was taken, first again, as soon as there is a sound device."""
        self.queue.put_back(item)
        self._device_at = self._clock() + DEVICE_SECONDS

    def looks(self) -> bool:
        """Return whether it is time to look for the device that is waited for; it is again in a while."""
        if not self.waits or self._clock() < (self._device_at or 0.0):
            return False
        self._device_at = self._clock() + DEVICE_SECONDS
        return True

    def with_device(self) -> None:
        """Wait for a device no more."""
        self._device_at = None
