"""How much may be worked out about a script, counted and not timed: the same on any machine."""

from __future__ import annotations

from typing import Final

from voiceguide.errors import Problem
from voiceguide.script.model import Where

MOST_WORK: Final = 100_000_000
"""What looking a script through may take; some seconds."""

_ITEM: Final = 1_000
_SESSION: Final = 1
_ESTIMATE: Final = 5_000
_LETTER: Final = 150
_WRITTEN: Final = 100


class Work:
    """What may still be spent. `spent` is set when that is used up."""

    def __init__(self, most: int = MOST_WORK) -> None:
        self.most = self.left = most

    @property
    def spent(self) -> bool:
        """Whether nothing is left."""
        return self.left < 0

    def item(self, sessions: int) -> None:
        """Spend what one step or item takes, written for so many *sessions* at once."""
        self.left -= _ITEM + _SESSION * sessions

    def estimate(self, text: str) -> None:
        """Spend what it takes to fill in and estimate *text*."""
        self.left -= _ESTIMATE + _LETTER * len(text)

    def written(self, steps: int) -> None:
        """Spend what it takes to write so many *steps* out for one session."""
        self.left -= _WRITTEN * steps


def too_much(where: Where) -> Problem:
    """Return what to say where a script takes more work than there is to look through."""
    what = (
        "working out how long this can be takes too much by here; "
        "repeat less, or let fewer steps depend on options, branches and the length"
    )
    return Problem(where.path, where.line, where.column, where.field, what)
