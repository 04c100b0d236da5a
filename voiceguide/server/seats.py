"""Places for those who wait for a session that is being made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from voiceguide.server.limits import Limits
from voiceguide.server.sessions import HeldSession
from voiceguide.session.ground import GROUND

SET_APART: Final = 4
"""Makings, and places to wait, that the way back to the ground has when all else is full."""


class Seats:
    """As many places as *limits* allow. Thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._common = threading.BoundedSemaphore(limits.listeners)
        self._set_apart = threading.BoundedSemaphore(SET_APART)

    def sit(self, held: HeldSession | None) -> Callable[[], None]:
        """Take a place for who waits for *held*, or for what is no session; return what gives it back.

        Who has to get to the ground has a few more, when all others are taken.

        Raises:
            BusyError: if there is none.
        """
        ground = held is not None and is_ground(held)
        for seats in (self._common, self._set_apart) if ground else (self._common,):
            if seats.acquire(blocking=False):
                return seats.release
        raise self._limits.busy("too many are listening to sessions that are still being made")

    @contextmanager
    def taken(self, held: HeldSession | None = None) -> Iterator[None]:
        """Have a place, as `sit` gives it, while the block runs.

        Raises:
            BusyError: if there is none.
        """
        rise = self.sit(held)
        try:
            yield
        finally:
            rise()


def is_ground(held: HeldSession) -> bool:
    """Return whether *held* leads to the ground."""
    return held.session.script.name == GROUND
