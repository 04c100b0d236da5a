"""How much a server does at once."""

from __future__ import annotations

from msgspec import Struct

from voiceguide.errors import BusyError


class Limits(Struct, frozen=True):
    """What a server does at once. Times in seconds; `disk` and `clips` in bytes."""

    makings: int = 32
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
