"""A ladder while it is played: each rung comes only when the listener asks for it."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import Frames, frames
from voiceguide.plan.fit import Estimate
from voiceguide.plan.items import Gap, Item, Timeline
from voiceguide.plan.parts import parts
from voiceguide.plan.sheet import exactly
from voiceguide.plan.unroll import unroll
from voiceguide.plan.wishes import Resolved
from voiceguide.playback.course import Course, natural
from voiceguide.playback.prompts import Prompts, asking
from voiceguide.script.model import Pace, Script

STAYS: Final = 3
"""No answer means stay, this many times; then the session closes gently."""

SHORTEST_STAY: Final = frames(20.0)
_BEFORE_ASKING: Final = frames(2.0)


class _Stretch(Struct, frozen=True):
    """The `items` of a rung, or of a stay at it, from item `first`; the question begins at `question`."""

    first: int
    question: int
    items: tuple[Item, ...]
    number: int

    @property
    def after(self) -> int:
        """The first item after it, if the listener does not answer."""
        return self.first + len(self.items)


class Climb:
    """A ladder's parts as items, and the rung of each item of the course. Rungs count from 0."""

    def __init__(self, parts: LadderParts, prompts: Prompts, pace: Pace, estimate: Estimate) -> None:
        self.rungs = parts.rungs
        self.closing = parts.closing
        self._parts = parts
        self._prompts = prompts
        self._pace = pace
        self._estimate = estimate
        self._stretches: list[_Stretch] = []

    def first(self, given: Timeline) -> Course:
        """Return the first course: the opening, the first rung and, if it is not answered, the closing."""
        opening = self._parts.opening
        self.stands(0, len(opening))
        items = (*opening, *self.rung(0), *self.closing)
        return natural(replace(given, items=items), Frames(0), self._estimate)

    def stands(self, number: int, first: int) -> None:
        """Note that rung *number* begins at item *first*; what was noted after that is dropped."""
        question = first + len(self.rungs[number])
        self._note(_Stretch(first, question, self.rung(number), number))

    def stays(self, number: int, first: int) -> None:
        """Note that the listener stays at rung *number* from item *first* on."""
        self._note(_Stretch(first, first, self.stay(number), number))

    def ends(self, first: int) -> None:
        """Note that the ladder is left at item *first*."""
        self._note(_Stretch(first, first, (), 0))

    def again(self, item: int) -> tuple[int, tuple[Item, ...]] | None:
        """Return the position and the items of what follows when the listener goes back to *item*.

        Choices made after *item* are forgotten. None if there were none.
        """
        begun = max(1, sum(stretch.first <= item for stretch in self._stretches))
        stretch = self._stretches[begun - 1]
        if begun == len(self._stretches) or not stretch.items:
            return None
        self._stretches = self._stretches[:begun]
        return stretch.first, (*stretch.items, *self.closing)

    def _note(self, stretch: _Stretch) -> None:
        self._stretches = [*(old for old in self._stretches if old.first < stretch.first), stretch]

    def _at(self, item: int) -> _Stretch | None:
        """Return the stretch of the ladder that *item* is in."""
        begun = [stretch for stretch in self._stretches if stretch.first <= item]
        last = begun[-1] if begun else None
        return last if last is not None and (item < last.after or last is not self._stretches[-1]) else None

    def at(self, item: int) -> int | None:
        """Return the rung that *item* is on, or None if it is not on the ladder."""
        stretch = self._at(item)
        return None if stretch is None else stretch.number

    def closes(self, item: int) -> bool:
        """Return whether *item* comes after the ladder."""
        begun = [stretch for stretch in self._stretches if stretch.first <= item]
        return bool(begun) and item >= begun[-1].after

    def asks(self, item: int) -> bool:
        """Return whether the ladder waits for an answer at *item*."""
        stretch = self._at(item)
        return stretch is not None and item >= stretch.question

    def rung(self, number: int) -> tuple[Item, ...]:
        """Return the items of rung *number*, and of the question after it."""
        question = self._prompts.ladder if number == 0 else self._prompts.ladder_again
        return (*self.rungs[number], exactly(_BEFORE_ASKING), *self._asking(question, number))

    def stay(self, number: int) -> tuple[Item, ...]:
        """Return what is heard when the listener chooses to stay at rung *number*."""
        wait = exactly(self._parts.stays[number])
        return (wait, *self._asking(self._prompts.ladder_again, number))

    def _asking(self, question: tuple[str, ...], number: int) -> tuple[Item, ...]:
        return asking(question, self._prompts.ladder_again, self._pace, self._parts.stays[number], STAYS)


class LadderParts(Struct, frozen=True):
    """The parts of a ladder. `stays` is how long each rung waits for an answer; `rungs` do not include it."""

    opening: tuple[Item, ...]
    rungs: tuple[tuple[Item, ...], ...]
    stays: tuple[Frames, ...]
    closing: tuple[Item, ...]


def climb_of(script: Script, resolved: Resolved, estimate: Estimate, prompts: Prompts) -> Climb | None:
    """Return the ladder of *script*, or None if it has none."""
    found = parts(script, resolved.length)

    def items(name: str) -> tuple[Item, ...]:
        return unroll(found[name], resolved, estimate).items if name in found else ()

    rungs = [_without_stay(items(name)) for name in found if name.startswith("rung-")]
    if not rungs:
        return None
    written = tuple(rung for rung, _ in rungs)
    made = LadderParts(items("opening"), written, tuple(stay for _, stay in rungs), items("closing"))
    return Climb(made, prompts, script.pace, estimate)


def _without_stay(rung: tuple[Item, ...]) -> tuple[tuple[Item, ...], Frames]:
    last = rung[-1]
    if isinstance(last, Gap):
        return rung[:-1], Frames(max(last.about, SHORTEST_STAY))
    return rung, SHORTEST_STAY
