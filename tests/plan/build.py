"""Scripts and timelines written by hand, in few words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from voiceguide.audio import Frames, frames
from voiceguide.plan.items import Cue, Gap, Item, Line, Timeline
from voiceguide.plan.settle import settle
from voiceguide.plan.unroll import unroll
from voiceguide.plan.wishes import Wishes, resolve
from voiceguide.script.model import Bed, Lengths, Pace, Phrase, Rest, Say, Script, Step, Where

HERE: Final = Where("here.yaml", 3, 5, "steps[0]")
PACE: Final = Pace(60)
TODAY: Final = date(2026, 11, 22)
DEFAULT: Final = frames(0.7)
"""The silence between two lines with no rest written."""


def estimate(text: str, pace: Pace) -> Frames:
    """One second a word at 60 words a minute."""
    return frames(len(text.split()) * 60 / pace)


def gap(about: float, least: float | None = None, most: float | None = None, weight: int = 1) -> Gap:
    """A gap in seconds; exact unless limits are given."""
    low = about if least is None else least
    high = about if most is None else most
    return Gap(frames(about), frames(low), frames(high), weight)


def line(index: int, words: int, slot: float = 0.0) -> Line:
    """A line estimated at *words* seconds."""
    return Line(index, index, " ".join(["word"] * words), PACE, None, 0.0, HERE, frames(slot))


def timeline(*items: Item, lead_in: float = 1.5, tail: Gap | None = None) -> Timeline:
    return Timeline("test", items, frames(lead_in), tail or gap(6, 3, 12), Bed("soft-rain", -20.0))


def settled(given: Timeline, length: float, truths: Mapping[int, float] | None = None) -> list[Cue]:
    """Cues of *given* at *length* seconds; a line's truth is its estimate, unless *truths* has its index."""
    known = truths or {}

    def spoken(asked: Line) -> Frames:
        return frames(known[asked.index]) if asked.index in known else estimate(asked.text, asked.pace)

    return [cue for cue in settle(given, frames(length), estimate, spoken) if isinstance(cue, Cue)]


def say(*phrases: str | float) -> Say:
    """Phrases, each with the pause after it, in seconds, where one is given."""
    made: list[Phrase] = []
    for phrase in phrases:
        if isinstance(phrase, str):
            made.append(Phrase(phrase))
        else:
            made[-1] = Phrase(made[-1].text, frames(phrase))
    return Say(HERE, phrases=tuple(made))


def rest(about: float, least: float | None = None, most: float | None = None, weight: int = 1) -> Rest:
    made = gap(about, least, most, weight)
    return Rest(HERE, None, made.about, made.least, made.most, made.weight)


def script(*steps: Step, options: Mapping[str, tuple[str, ...]] | None = None) -> Script:
    """A script of *steps*, one to thirty minutes long, five if nobody says."""
    return Script(
        name="test",
        path=Path("here.yaml"),
        title="A test",
        summary="For tests.",
        technique="body-scan",
        language="en",
        intensity="gentle",
        contains=(),
        length=Lengths(frames(300), frames(60), frames(1800)),
        options=options or {},
        pace=PACE,
        voice=None,
        bed=Bed("soft-rain", -20.0),
        steps=steps,
        digest="0" * 64,
    )


def unrolled(given: Script, wishes: Wishes | None = None) -> Timeline:
    return unroll(given, resolve(given, wishes or Wishes(), TODAY), estimate)


def texts(given: Timeline) -> list[str]:
    return [spoken.text for spoken in given.lines]
