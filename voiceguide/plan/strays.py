"""Finds the cues that are not timed as written, because lines took longer than their estimates allow.

`settle` then keeps the total length and the order, and shortens rests; this module finds and describes the
cues concerned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import assert_never

from msgspec import Struct

from voiceguide.audio import seconds
from voiceguide.errors import StrayError
from voiceguide.plan.items import (
    BedCue,
    BellCue,
    ChapterCue,
    Cue,
    EndCue,
    Line,
    RestCue,
    SoundCue,
    SpeechCue,
    ToneCue,
)


class Stray(Struct, frozen=True):
    """A cue that is not as written, and the last line heard before it, if any."""

    cue: SpeechCue | RestCue | EndCue
    after: Line | None

    def __str__(self) -> str:
        match self.cue:
            case SpeechCue(line=line, length=length, over=over):
                slot = f"{seconds(length - over):g} s"
                return f"{_named(line)} takes {seconds(length):.2f} s, and the next was to come after {slot}"
            case RestCue(length=length, short=short, exact=exact):
                written = f"{'' if exact else 'at least '}{seconds(length + short):g} s"
                after = f" after {_named(self.after)}" if self.after else ""
                return f"the rest of {written}{after} lasts {seconds(length):.2f} s"
            case EndCue(unheard=unheard):
                after = f" after {_named(self.after)}" if self.after else ""
                left_out = f"{unheard} {'line or sound' if unheard == 1 else 'lines or sounds'}"
                return f"what comes{after} is left out ({left_out}): there is no room before the end"


def stray(cue: Cue, after: Line | None) -> Stray | None:
    """Return *cue* as a stray if it is one, with *after*, the line before it."""
    match cue:
        case SpeechCue(over=over) if over:
            return Stray(cue, after)
        case RestCue(short=short) if short:
            return Stray(cue, after)
        case EndCue(unheard=unheard) if unheard:
            return Stray(cue, after)
        case SpeechCue() | RestCue() | EndCue():
            return None
        case SoundCue() | ToneCue() | BellCue() | BedCue() | ChapterCue():
            return None
        case _:
            assert_never(cue)


def strays(cues: Iterable[Cue]) -> Iterator[Stray]:
    """Yield every stray among *cues*, which come in order of time."""
    after = None
    for cue in cues:
        found = stray(cue, after)
        if found is not None:
            yield found
        if isinstance(cue, SpeechCue):
            after = cue.line


def sentence(found: Sequence[Stray], voice: str) -> str:
    """Return the sentence on *found*, at least one stray, in a session spoken by *voice*."""
    first, *others = found
    more = (
        f", and {len(others)} more {'place is' if len(others) == 1 else 'places are'} not as written"
        if others
        else ""
    )
    return (
        f"{first}{more}: {voice} takes longer over its lines than it estimates; "
        "ask for a longer session or another voice, or write looser rests (~3s)"
    )


def refuse_strays(cues: Iterable[Cue], voice: str) -> None:
    """Check that all *cues* of a session spoken by *voice* are as written.

    Raises:
        StrayError: if some are not.
    """
    found = tuple(strays(cues))
    if found:
        raise StrayError(sentence(found, voice))


def _named(line: Line) -> str:
    text = line.text if len(line.text) <= 40 else f"{line.text[:39].rstrip()}…"
    return f'"{text}" ({PurePath(line.where.path).name}:{line.where.line})'
