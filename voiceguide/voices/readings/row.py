"""What a table of readings is made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct, field

Said = str | Callable[[re.Match[str]], str]
"""What is said in place of a match: as in `re.sub`."""


class Reading(Struct, frozen=True):
    """One form: where `pattern` is found, `said` is given to every engine but those that `by` names."""

    pattern: re.Pattern[str]
    said: Said
    by: Mapping[str, Said] = field(default_factory=dict)

    def read(self, text: str, engine: str) -> str:
        """Return *text* with every such form written for *engine*."""
        return self.pattern.sub(self.by.get(engine, self.said), text)


class Table(Struct, frozen=True):
    """A language: its rows in the order they are applied, made for the first text that has `hint` in it."""

    hint: re.Pattern[str]
    rows: Callable[[], tuple[Reading, ...]]


def row(pattern: str, said: Said, by: Mapping[str, Said] | None = None, *, any_case: bool = False) -> Reading:
    """Return the row of *pattern*."""
    return Reading(re.compile(pattern, re.IGNORECASE if any_case else 0), said, by or {})
