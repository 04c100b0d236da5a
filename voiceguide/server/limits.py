"""Limits on what a server does at once, and slots for waiting clients."""

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
"""Render jobs, and waiting slots, reserved for the grounding session when all others are taken."""


class Limits(Struct, frozen=True):
    """Limits of a server. Times are in seconds, `disk` and `clips` in bytes.

    At most `jobs` render at once, and `listeners` clients wait for them. A job stays at most `ahead` before
    each client, compares clients' leads in steps of `turn`, and ends after `linger` without clients. A client
    that is refused may ask again after `retry`.
    """

    jobs: int = 32
    listeners: int = 48
    ahead: float = 90.0
    turn: float = 9.6
    linger: float = 60.0
    disk: int = 2 << 30
    clips: int = 1 << 30
    retry: int = 10
    patience: float = 20.0
    """How long a client waits for a session to be planned. A list of sessions waits for part of this."""

    def busy(self, why: str) -> BusyError:
        """Return the error for a refused client, with the reason *why* and when to ask again."""
        return BusyError(f"{why}; try again in {self.retry} seconds", self.retry)


class Slots:
    """Slots for clients that wait for a session being made, as many as *limits* allow. Thread-safe."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._common = threading.BoundedSemaphore(limits.listeners)
        self._set_apart = threading.BoundedSemaphore(SET_APART)

    def take(self, held: HeldSession | None) -> Callable[[], None]:
        """Take a slot to wait for *held*, None for other work; return the function that releases it.

        The grounding session has `SET_APART` more slots, for when all others are taken.

        Raises:
            BusyError: if no slot is free.
        """
        ground = held is not None and is_ground(held)
        for slots in (self._common, self._set_apart) if ground else (self._common,):
            if slots.acquire(blocking=False):
                return slots.release
        raise self._limits.busy("too many are listening to sessions that are still being made")

    @contextmanager
    def taken(self, held: HeldSession | None = None) -> Iterator[None]:
        """Hold a slot, as from `take`, while the block runs.

        Raises:
            BusyError: if no slot is free.
        """
        leave = self.take(held)
        try:
            yield
        finally:
            leave()


def is_ground(held: HeldSession) -> bool:
    """Return whether *held* is the grounding session."""
    return held.session.script.name == GROUND
