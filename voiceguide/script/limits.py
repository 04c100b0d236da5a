"""How much a script comes to when its repeats are written out, by multiplication."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from voiceguide.audio import RATE
from voiceguide.script.durations import LONGEST, written
from voiceguide.script.model import (
    Bell,
    Breathe,
    Count,
    Ladder,
    OneOf,
    PlaySound,
    Repeat,
    Rest,
    Say,
    Section,
    Step,
    Use,
    Where,
)
from voiceguide.script.spec import MOST_STEPS

_CHARACTERS_A_SECOND: Final = 12
"""How fast a slow voice speaks, roughly: only to guess how often a repeat fits in its time."""

Note = Callable[[Where, str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """What steps come to. `least` frames are needed in any session; `about` frames are usual."""

    steps: int = 0
    least: int = 0
    about: int = 0

    def __add__(self, other: Size) -> Size:
        return Size(self.steps + other.steps, self.least + other.least, self.about + other.about)

    def times(self, count: int) -> Size:
        return Size(self.steps * count, self.least * count, self.about * count)


def measure(steps: Iterable[Step], note: Note) -> Size:
    """Return what *steps* come to; *note* hears once of where that gets too much."""
    total = Size()
    for step in steps:
        inside = _size(step, note)
        size = Size(inside.steps + 1) if step.when is not None else inside + Size(steps=1)
        fits = total.steps <= MOST_STEPS
        total += size
        if fits and total.steps > MOST_STEPS >= inside.steps:
            note(step.where, f"this is step {MOST_STEPS + 1:,} or later; a script has at most {MOST_STEPS:,}")
        if total.least > LONGEST >= total.least - size.least:
            note(step.where, "up to here the exact times alone come to more than 8 hours, the most there is")
    return total


def _size(step: Step, note: Note) -> Size:
    match step:
        case Say(phrases=phrases):
            pauses = sum(phrase.pause for phrase in phrases)
            spoken = sum(len(phrase.text) for phrase in phrases) * RATE // _CHARACTERS_A_SECOND
            return Size(0, pauses, pauses + spoken)
        case Rest(least=least, about=about):
            return Size(0, least, about)
        case Breathe():
            cycle = step.breath_in + step.hold_full + step.breath_out + step.hold_empty
            lasts = cycle * (step.rounds or max(1, (step.lasting or 0) // cycle))
            return Size(0, lasts, lasts)
        case Count(start=start, stop=stop, every=every):
            gaps = abs(stop - start)
            return Size(gaps, gaps * every, gaps * every)
        case Bell(times=times, every=every):
            return Size(0, (times - 1) * every, (times - 1) * every)
        case PlaySound(length=length):
            return Size(0, length, length)
        case Section(steps=steps) | Use(steps=steps):
            return measure(steps, note)
        case OneOf(branches=branches):
            sizes = [measure(branch, note) for branch in branches]
            return Size(*(pick(part) for pick, part in zip((max, min, min), _parts(sizes), strict=True)))
        case Ladder(rungs=rungs):
            climb = [(*rung.steps, rung.stay) for rung in rungs]
            first = measure(climb[0], note)
            return Size(measure(chain.from_iterable(climb), note).steps, first.least, first.about)
        case Repeat():
            return _repeat(step, note)
    return Size()


def _parts(sizes: list[Size]) -> tuple[list[int], list[int], list[int]]:
    return [size.steps for size in sizes], [size.least for size in sizes], [size.about for size in sizes]


def _repeat(step: Repeat, note: Note) -> Size:
    once = measure(step.steps, note)
    if step.times is not None:
        size = once.times(step.times)
    else:
        # Steps under a condition count as no time; where there are no others, the shortest of them has to do.
        some = [_size(inner, note).about for inner in step.steps if inner.when is not None]
        about = once.about or min((size for size in some if size), default=0)
        if not about:
            note(step.where, "nothing in here takes time, so it would never end; add a line or a rest")
            return once
        size = Size(once.steps * max(1, (step.lasting or 0) // about), once.least, step.lasting or 0)
    if size.steps > MOST_STEPS >= once.steps:
        what = (
            f"written out this is {size.steps:,} steps"
            if size.steps < 10**9
            else "written out this has no end"
        )
        note(step.where, f"{what}; a script has at most {MOST_STEPS:,}")
    return size


def too_short(least: int, most: int) -> str:
    """Return a sentence if a script that needs *least* frames can never fit in *most*, else ""."""
    if least <= most:
        return ""
    return f"the exact times alone come to {written(least)}, longer than the longest length, {written(most)}"
