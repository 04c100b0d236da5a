"""A ladder climbed live: rung by rung, each only when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from voiceguide.audio import Frames, frames
from voiceguide.player.course import Course, natural
from voiceguide.player.wording import Wording, asking
from voiceguide.script.model import Pace, Script
from voiceguide.timeline.fit import Estimate
from voiceguide.timeline.items import Gap, Item, Timeline
from voiceguide.timeline.parts import parts
from voiceguide.timeline.sheet import exactly
from voiceguide.timeline.unroll import unroll
from voiceguide.timeline.wishes import Resolved

STAYS: Final = 3
"""No answer means stay, so many times; then comes a gentle close."""

SHORTEST_STAY: Final = frames(20.0)
_BEFORE_ASKING: Final = frames(2.0)


class Ladder:
    """A ladder's parts, written out, and where the listener stands. Rungs count from 0.

    `number` is the rung; it, the question after it and what follows are at positions that `stands` is told.
    """

    def __init__(self, parts: Parts, wording: Wording, pace: Pace, estimate: Estimate) -> None:
        self.rungs = parts.rungs
        self.closing = parts.closing
        self.number = 0
        self._parts = parts
        self._wording = wording
        self._pace = pace
        self._estimate = estimate
        self._first = self._question = self._after = 0

    def first(self, given: Timeline) -> Course:
        """Return the course to begin with: to the first rung, and if nobody answers, to the end."""
        opening = self._parts.opening
        self.stands(0, len(opening))
        items = (*opening, *self.rung(0), *self.closing)
        return natural(replace(given, items=items), Frames(0), self._estimate)

    def stands(self, number: int, first: int, question: int | None = None) -> None:
        """Note that rung *number* begins at item *first*, or is stayed at from item *question*."""
        self.number = number
        self._first = first
        if question is None:
            self._question = first + len(self.rungs[number])
            self._after = first + len(self.rung(number))
        else:
            self._question = question
            self._after = question + len(self.stay(number))

    def ends(self) -> None:
        """Note that the ladder is left."""
        self._first = self._question = self._after = 0

    def holds(self, item: int) -> bool:
        """Return whether *item* is on the ladder."""
        return self._first <= item < self._after

    def asks(self, item: int) -> bool:
        """Return whether at *item* an answer is waited for."""
        return self._question <= item < self._after

    def rung(self, number: int) -> tuple[Item, ...]:
        """Return rung *number*, and the question after it; it goes no further by itself."""
        question = self._wording.ladder if number == 0 else self._wording.ladder_again
        return (*self.rungs[number], exactly(_BEFORE_ASKING), *self._asking(question, number))

    def stay(self, number: int) -> tuple[Item, ...]:
        """Return what is heard when the listener chooses to stay at rung *number*."""
        wait = exactly(self._parts.stays[number])
        return (wait, *self._asking(self._wording.ladder_again, number))

    def _asking(self, question: tuple[str, ...], number: int) -> tuple[Item, ...]:
        return asking(question, self._wording.ladder_again, self._pace, self._parts.stays[number], STAYS)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a ladder is made of. `stays` is how long each rung waits for an answer; no rung ends with it."""

    opening: tuple[Item, ...]
    rungs: tuple[tuple[Item, ...], ...]
    stays: tuple[Frames, ...]
    closing: tuple[Item, ...]


def ladder(script: Script, resolved: Resolved, estimate: Estimate, wording: Wording) -> Ladder | None:
    """Return the ladder of *script*, or None if it has none."""
    found = parts(script, resolved.length)

    def items(name: str) -> tuple[Item, ...]:
        return unroll(found[name], resolved, estimate).items if name in found else ()

    rungs = [_without_stay(items(name)) for name in found if name.startswith("rung-")]
    if not rungs:
        return None
    written = tuple(rung for rung, _ in rungs)
    made = Parts(items("opening"), written, tuple(stay for _, stay in rungs), items("closing"))
    return Ladder(made, wording, script.pace, estimate)


def _without_stay(rung: tuple[Item, ...]) -> tuple[tuple[Item, ...], Frames]:
    last = rung[-1]
    if isinstance(last, Gap):
        return rung[:-1], Frames(max(last.about, SHORTEST_STAY))
    return rung, SHORTEST_STAY
