"""How much a server does at once, and the slots of those who wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from msgspec import Struct

from voiceguide.errors import BusyError
from voiceguide.server.sessions import HeldSession
from voiceguide.session.ground import GROUND

SET_APART: Final = 4
"""Render jobs, and slots to wait in, that the way back to the ground has when all else is full."""


class Limits(Struct, frozen=True):
    """What a server does at once. Times in seconds; `disk` and `clips` in bytes."""

    jobs: int = 32
    listeners: int = 48
    ahead: float = 90.0
    turn: float = 9.6
    linger: float = 60.0
    disk: int = 2 << 30
    clips: int = 1 << 30
    retry: int = 10
    patience: float = 20.0
    """How long a listener waits for a session to be planned; a list of them, a part of that."""

    def busy(self, why: str) -> BusyError:
        """Return the error for what is more than that, which says when to ask again."""
        return BusyError(f"{why}; try again in {self.retry} seconds", self.retry)


class Slots:
    """Slots for those who wait for a session that is being made, as many as *limits* allow. Thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._common = threading.BoundedSemaphore(limits.listeners)
        self._set_apart = threading.BoundedSemaphore(SET_APART)

    def take(self, held: HeldSession | None) -> Callable[[], None]:
        """Take a slot for who waits for *held*, or for what is no session; return what gives it back.

        Who has to get to the ground has a few more, when all others are taken.

        Raises:
            BusyError: if there is none.
        """
        ground = held is not None and is_ground(held)
        for slots in (self._common, self._set_apart) if ground else (self._common,):
            if slots.acquire(blocking=False):
                return slots.release
        raise self._limits.busy("too many are listening to sessions that are still being made")

    @contextmanager
    def taken(self, held: HeldSession | None = None) -> Iterator[None]:
        """Have a slot, as `take` gives it, while the block runs.

        Raises:
            BusyError: if there is none.
        """
        leave = self.take(held)
        try:
            yield
        finally:
            leave()


def is_ground(held: HeldSession) -> bool:
    """Return whether *held* leads to the ground."""
    return held.session.script.name == GROUND
