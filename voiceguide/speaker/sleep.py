"""When a speaker falls asleep, whatever plays then, and what it takes to keep it awake."""

from __future__ import annotations

from collections.abc import Callable

from voiceguide.audio import RATE, Frames


class SleepTimer:
    """Times of *clock* are in seconds. `at` is when it is time; None: never.

    `drowsy` is set while what plays fades out because it was time: then it can still be taken back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.at: float | None = None
        self.drowsy = False
        self._clock = clock
        self._after = 0.0

    def set(self, after: Frames | None) -> None:
        """Have it be time *after* so many frames; None: never."""
        self._after = 0.0 if after is None else after / RATE
        self.at = None if after is None else self._clock() + self._after

    def stir(self) -> bool:
        """If it is drowsy, start anew, as it was set; return whether it did."""
        begins = self.drowsy and self._after > 0.0
        if begins:
            self.at = self._clock() + self._after
        return begins

    def rings(self) -> bool:
        """Return whether it is time; it is once only."""
        if self.at is None or self._clock() < self.at:
            return False
        self.at = None
        return True
