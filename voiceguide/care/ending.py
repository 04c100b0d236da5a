"""Rules 6, 9 and 10: coming back at the end, naming support, and saying beforehand what comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from voiceguide.care.phrases import any_of
from voiceguide.care.subject import Finding, Subject
from voiceguide.script.model import Breathe, Ladder

_LAST: Final = 8
"""How many lines count as the end."""

_BACK: Final = {
    "looking around": re.compile(r"\b(?:look(?:ing)?|see|room|around you|round you|eyes)\b", re.IGNORECASE),
    "moving": any_of(
        r"mov(?:e|es|ing)|stretch|wiggle|roll|shake|stand|get up|press|shift|fingers|toes|shoulders|arms"
    ),
    "the time of day": any_of(
        r"time of day|what time|o'clock|clock|morning|afternoon|evening|tonight|today",
        r"(?:the|this) day",
    ),
}

_EXEMPT: Final = "wind-down"
"""The technique that ends in sleep."""


def coming_back(subject: Subject) -> Iterator[Finding]:
    """Rule 6: every session ends with coming back to the room."""
    if subject.script.technique == _EXEMPT:
        return
    for hearing in subject.hearings:
        end = " ".join(said.text for said in hearing.said[-_LAST:])
        missing = [what for what, words in _BACK.items() if not words.search(end)]
        if missing and hearing.said:
            what = f"{hearing.kind} it ends without {' and without '.join(missing)}"
            yield Finding(hearing.said[-1].where, what, "end with use: blocks/closing, or write it here")
            return


_SUPPORT: Final = any_of(
    r"doctor|therapist|counsell?or|nurse|(?:help|support|crisis) ?-?lines?|emergency",
    r"lines? you can (?:ring|call)",
)
_NEED_SUPPORT: Final = ("gentle-looking-back", "let-it-out", "ride-the-urge")
_LAST_WITH_SUPPORT: Final = 14


def support(subject: Subject) -> Iterator[Finding]:
    """Rule 9: ladders and three other techniques end by naming support."""
    script = subject.script
    ladder = any(isinstance(step, Ladder) for step in subject.steps)
    if not (ladder or script.technique in _NEED_SUPPORT or script.technique.endswith("-ladder")):
        return
    for hearing in subject.hearings:
        named = any(_SUPPORT.search(said.text) for said in hearing.said[-_LAST_WITH_SUPPORT:])
        if not named and hearing.said:
            what = f"{hearing.kind} it ends without naming support"
            yield Finding(hearing.said[-1].where, what, "add use: blocks/support before the closing")
            return


def told_before(subject: Subject) -> Iterator[Finding]:
    """Rule 10: the text shown before the start says what the session contains."""
    script = subject.script
    if not script.summary.strip():
        yield Finding(subject.key("summary"), "there is no summary", "say in a sentence what is done")
    told = " ".join(script.contains).lower()
    if any(isinstance(step, Breathe) for step in subject.steps) and "breath" not in told:
        yield Finding(subject.key("contains"), "breathing is paced, untold", "add breathing to contains")
    ladder = any(isinstance(step, Ladder) for step in subject.steps)
    if script.intensity == "gentle" and (ladder or script.technique == "let-it-out"):
        name = "a ladder" if ladder else "letting it out"
        yield Finding(subject.key("intensity"), f"{name} is not gentle", "write intensity: steady or strong")
