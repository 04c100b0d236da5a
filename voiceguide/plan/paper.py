"""What a script is written out on: the sheet of one session, or a tally of many at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from voiceguide.audio import Frames
from voiceguide.plan.items import BedChange, Gap, Line, Overlay, Sound, Strike, Tone
from voiceguide.script.model import Condition, Where


class Paper(Protocol):
    """Takes items one after another, and says which of a script's steps are to be written.

    What is written while an iterator is at one of its values is meant for the sessions that have that value;
    it is written whole before the next one is asked for.
    """

    @property
    def values(self) -> Mapping[str, str]:
        """What placeholders stand for, as far as it is the same in every session."""

    def step(self, where: Where) -> None:
        """Say that what follows comes from the step at *where*."""

    def meeting(self, when: Condition | None) -> Iterator[None]:
        """Yield once if any session meets *when*."""

    def filled(self, text: str, values: Mapping[str, str]) -> str:
        """Return *text* with its placeholders filled in, or what stands for it on this paper alone."""

    def branches(self, path: tuple[int, ...], choices: int) -> Iterator[int]:
        """Yield the branch taken at *path*, of so many *choices*; each that some session takes."""

    def rungs(self, count: int) -> Iterator[int]:
        """Yield the rungs that are climbed, of *count*, from 0."""

    def rounds(self, times: int | None, lasting: Frames | None) -> Iterator[int]:
        """Yield the rounds of a repeat, from 0: so many *times*, or what fits in *lasting*, at least one."""

    def alike(self, count: int) -> Iterator[None]:
        """Yield for *count* rounds that are all written alike and have no rest in them that gives way."""

    def chapter(self, title: str, depth: int, values: Mapping[str, str]) -> Iterator[None]:
        """Yield once, for what is in the chapter; one with nothing in it leaves no trace."""

    def sound(self, item: Line | Overlay | Sound | Tone | Strike, due: Frames = Frames(0)) -> None:
        """Add something heard; *due* is the silence after it unless another is written."""

    def gap(self, gap: Gap) -> None:
        """Add a written silence."""

    def mark(self, item: BedChange) -> None:
        """Add something that takes no time and makes no sound."""
