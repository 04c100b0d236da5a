"""Rule 8: exposure stays mild, never climbs by itself, and always offers the way back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voiceguide.care.phrases import Match, any_of, find, word_set
from voiceguide.care.subject import Finding, Subject
from voiceguide.care.written import rung_lines
from voiceguide.script.model import Ladder

_UP: Final = any_of(
    r"(?:next|higher|another) (?:rung|step|level)|(?:rung|step|level) (?:up|higher)|climb\w*",
    r"(?:go|goes|going|move|moving|carry|step) (?:on )?(?:up|upwards?|higher)",
    r"(?:go|move|moving) on (?:to|now)",
)
_ASKS_FIRST: Final = re.compile(
    r"\b(?:if|might|may|could|can|would|whenever|when you|another day|keeps?|waits?|or|not?)\b|n't\b",
    re.IGNORECASE,
)
_BACK: Final = re.compile(r"\b(?:back|down|return)\b", re.IGNORECASE)

_HARD: Final = any_of(
    r"(?:worst|hardest|most (?:painful|frightening)) (?:memory|thing|moment|day|time|experience)",
    r"traumatic|the (?:attack|abuse|assault|accident)|blood|bleeding|corpse|weapon|knife|gun",
    r"scream(?:s|ing)?|who (?:has )?hurt you|relive|picture (?:yourself )?dying",
)
_LEFT_OUT: Final = word_set("not n't no never nobody nothing without than instead rather nor avoid")


def exposure(subject: Subject) -> Iterator[Finding]:
    """Rule 8: the listener is asked before each climb, every rung offers the way back, nothing is harsh."""
    for line in subject.lines:
        for found in find(_HARD, line.text):
            if not found.after_any(_LEFT_OUT, 6):
                what = f'"{found.phrase}" is not mild'
                yield Finding(line.where, what, "choose something small and everyday")
    for step in subject.steps:
        if isinstance(step, Ladder):
            yield from _ladder(subject, step)


def _ladder(subject: Subject, ladder: Ladder) -> Iterator[Finding]:
    for rung in ladder.rungs:
        lines = rung_lines(subject.script, rung)
        for line in lines:
            for found in find(_UP, line.text):
                if not _asks(found):
                    what = f'"{found.phrase}" goes up by itself'
                    yield Finding(line.where, what, 'leave it to the listener: "the next step will keep"')
        if not any(_BACK.search(line.text) for line in lines):
            what = f'the rung "{rung.title}" does not offer the way back'
            yield Finding(rung.where, what, "add use: blocks/rung-choice at its end")


def _asks(found: Match) -> bool:
    return found.sentence.asks or bool(_ASKS_FIRST.search(found.sentence.text))
