"""The classes of which tables of readings are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct, field

Said = str | Callable[[re.Match[str]], str]
"""The replacement of a match, as in `re.sub`."""


class Reading(Struct, frozen=True):
    """One form: matches of `pattern` become `said`, or for the engines in `by`, that engine's text."""

    pattern: re.Pattern[str]
    said: Said
    by: Mapping[str, Said] = field(default_factory=dict)

    def read(self, text: str, engine: str) -> str:
        """Return *text* with every match rewritten for *engine*."""
        return self.pattern.sub(self.by.get(engine, self.said), text)


class Table(Struct, frozen=True):
    """A language's rows in order, made when the first text that matches `hint` occurs."""

    hint: re.Pattern[str]
    rows: Callable[[], tuple[Reading, ...]]


def row(pattern: str, said: Said, by: Mapping[str, Said] | None = None, *, any_case: bool = False) -> Reading:
    """Return the row of *pattern*."""
    return Reading(re.compile(pattern, re.IGNORECASE if any_case else 0), said, by or {})
