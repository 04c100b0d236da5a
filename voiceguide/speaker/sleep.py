"""The sleep timer of a speaker, which goes on from one session to the next."""

from __future__ import annotations

from collections.abc import Callable

from voiceguide.audio import RATE, Frames


class SleepTimer:
    """A timer by *clock*, in seconds. `at` is the time at which it rings; None: never.

    `drowsy` is set while the session fades out after the timer rang: then sleep can still be cancelled.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.at: float | None = None
        self.drowsy = False
        self._clock = clock
        self._after = 0.0

    def set(self, after: Frames | None) -> None:
        """Set the timer to ring in *after* frames; None: never."""
        self._after = 0.0 if after is None else after / RATE
        self.at = None if after is None else self._clock() + self._after

    def stir(self) -> bool:
        """If drowsy, restart the timer as it was set last; return whether it was restarted."""
        begins = self.drowsy and self._after > 0.0
        if begins:
            self.at = self._clock() + self._after
        return begins

    def rings(self) -> bool:
        """Return whether the timer rings now; True only once."""
        if self.at is None or self._clock() < self.at:
            return False
        self.at = None
        return True
