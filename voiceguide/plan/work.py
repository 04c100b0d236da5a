"""A budget for examining a script, counted instead of timed, so that it is the same on any machine."""

from __future__ import annotations

from typing import Final

from voiceguide.errors import Problem
from voiceguide.script.model import Where

MOST_WORK: Final = 100_000_000
"""The budget for examining one script; it lasts some seconds."""

_ITEM: Final = 1_000
_SESSION: Final = 1
_ESTIMATE: Final = 5_000
_LETTER: Final = 150
_WRITTEN: Final = 100


class Work:
    """A budget of work; `spent` once it is used up."""

    def __init__(self, most: int = MOST_WORK) -> None:
        self.most = self.left = most

    @property
    def spent(self) -> bool:
        """Whether the budget is used up."""
        return self.left < 0

    def item(self, sessions: int) -> None:
        """Spend the cost of one step or item written for so many *sessions* at once."""
        self.left -= _ITEM + _SESSION * sessions

    def estimate(self, text: str) -> None:
        """Spend the cost of filling in and estimating *text*."""
        self.left -= _ESTIMATE + _LETTER * len(text)

    def written(self, steps: int) -> None:
        """Spend the cost of writing so many *steps* out for one session."""
        self.left -= _WRITTEN * steps


def too_much(where: Where) -> Problem:
    """Return the problem of a script that takes more work to examine than the budget."""
    what = (
        "working out how long this can be takes too much by here; "
        "repeat less, or let fewer steps depend on options, branches and the length"
    )
    return Problem(where.path, where.line, where.column, where.field, what)
