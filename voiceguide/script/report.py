"""Collects what is found while a script is read: problems, and the options it uses."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import Final

from msgspec import Struct, field

from voiceguide.errors import Problem
from voiceguide.script.model import Where

_MOST_COMPARED: Final = 20_000
"""The most names compared in one script, to bound the time with many options and unknown names."""


class Report(Struct):
    """Collects problems while a script and the files it uses are read."""

    problems: dict[Problem, None] = field(default_factory=dict)
    """Every problem once, in the order found, so that those of a block used twice are not repeated."""
    used: set[str] = field(default_factory=set)
    """Names of options that a condition or a text uses."""
    steps_read: int = 0
    compared: int = 0
    lengths_said: int = 0

    def add(self, where: Where, what: str, severity: str = "error") -> None:
        """Note a problem."""
        self.problems[Problem(where.path, where.line, where.column, where.field, what, severity=severity)] = (
            None
        )

    def hint(self, name: str, known: Collection[str]) -> str:
        """Return what `did_you_mean` says of *name*, or "" after `_MOST_COMPARED` comparisons."""
        self.compared += len(known)
        return did_you_mean(name, known) if self.compared <= _MOST_COMPARED else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the name in *known* most similar to *name*, or ""."""
    return next(iter(difflib.get_close_matches(name, list(known), 1, 0.6)), "")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence on an unknown *name*: the nearest known name, or all of them."""
    names = list(known)
    near = nearest(name, names)
    if near:
        return f'; did you mean "{near}"?'
    return f"; known here: {', '.join(names)}" if names else ""


def short(text: str) -> str:
    """Return *text* short enough to quote in a sentence."""
    return text if len(text) <= 40 else text[:39] + "…"
