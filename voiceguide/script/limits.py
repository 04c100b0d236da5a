"""Computes the size of a script with its repeats written out, by multiplication."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, assert_never

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import RATE
from voiceguide.script.durations import LONGEST, written
from voiceguide.script.model import (
    Bell,
    Breathe,
    ChangeAmbience,
    CheckIn,
    Count,
    Ladder,
    OneOf,
    PlaySound,
    Repeat,
    Rest,
    Rung,
    Say,
    Section,
    Step,
    Use,
    Where,
)
from voiceguide.script.spec import MOST_STEPS

_CHARACTERS_A_SECOND: Final = 12
"""A slow voice's rough speed; used only to guess how often a repeat fits in its time."""

Note = Callable[[Where, str], None]


class Size(Struct, frozen=True):
    """The size of steps: `least` frames in every session, `about` frames usually.

    Steps under a condition add nothing to either; `brief` is the shortest of their times, or 0.
    """

    steps: int = 0
    least: int = 0
    about: int = 0
    brief: int = 0

    def __add__(self, other: Size) -> Size:
        brief = min(self.brief or other.brief, other.brief or self.brief)
        return Size(self.steps + other.steps, self.least + other.least, self.about + other.about, brief)


def measure(steps: Iterable[Step], note: Note) -> Size:
    """Return the size of *steps*; *note* is called once for each limit, where it is exceeded."""
    total = Size()
    for step in steps:
        size = _size(step, note)
        _tell_if_over(total.steps, size.steps, 1, step.where, note)
        if step.when is None:
            total += replace(size, steps=size.steps + 1)
        else:
            total += Size(size.steps + 1, brief=size.about or size.brief)
        if total.least > LONGEST >= total.least - size.least:
            note(step.where, "up to here the exact times alone come to more than 8 hours, the most there is")
    return total


def _tell_if_over(before: int, more: int, own: int, where: Where, note: Note) -> None:
    """Note that *where* is the step that exceeds the limit, unless one part alone already exceeds it."""
    if before <= MOST_STEPS and more <= MOST_STEPS < before + more + own:
        note(where, f"this is step {MOST_STEPS + 1:,} or later; a script has at most {MOST_STEPS:,}")


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
            return _one_of([measure(branch, note) for branch in branches])
        case Ladder(rungs=rungs):
            return _ladder(rungs, note)
        case Repeat():
            return _repeat(step, note)
        case ChangeAmbience() | CheckIn():
            return Size()
        case _:
            assert_never(step)


def _one_of(sizes: list[Size]) -> Size:
    """Return the size of a choice: the most steps and the least time of its branches."""
    about = min(size.about or size.brief for size in sizes)
    return Size(max(size.steps for size in sizes), min(size.least for size in sizes), about)


def _ladder(rungs: tuple[Rung, ...], note: Note) -> Size:
    """Return the size of a ladder: all of its steps, the time of its first rung."""
    sizes = []
    steps = 0
    for rung in rungs:
        sizes.append(measure((*rung.steps, rung.stay), note))
        _tell_if_over(steps, sizes[-1].steps, 0, rung.where, note)
        steps += sizes[-1].steps
    return replace(sizes[0], steps=steps)


def _repeat(step: Repeat, note: Note) -> Size:
    once = measure(step.steps, note)
    if step.times is not None:
        times = step.times
        size = Size(once.steps * times, once.least * times, once.about * times, once.brief)
    elif once.about or once.brief:
        lasting = step.lasting or 0
        times = max(1, lasting // (once.about or once.brief))
        size = Size(once.steps * times, once.least, max(lasting, once.about))
    else:
        note(step.where, "nothing in here takes time, so it would never end; add a line or a rest")
        return once
    if size.steps > MOST_STEPS >= once.steps:
        note(step.where, f"written out this is {size.steps:,} steps; a script has at most {MOST_STEPS:,}")
    return size


def too_short(least: int, most: int) -> str:
    """Return a sentence if a script that needs *least* frames cannot fit in *most*, else ""."""
    if least <= most:
        return ""
    return f"the exact times alone come to {written(least)}, longer than the longest length, {written(most)}"
