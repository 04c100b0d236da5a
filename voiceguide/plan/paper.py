"""The protocol of what a script is written out on: the sheet of one session, or the tally of many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from voiceguide.audio import Frames
from voiceguide.plan.items import BedChange, Gap, Line, Overlay, Sound, Strike, Tone
from voiceguide.script.model import Condition, Where


class Paper(Protocol):
    """Takes items one after another, and decides which of a script's steps are written.

    What is written at a value of an iterator belongs to the sessions that have that value; all of it is
    written before the next value is asked for.
    """

    @property
    def values(self) -> Mapping[str, str]:
        """Values of placeholders that are the same in every session."""

    def step(self, where: Where) -> None:
        """Note that the next items come from the step at *where*."""

    def meeting(self, when: Condition | None) -> Iterator[None]:
        """Yield once if any session meets *when*."""

    def filled(self, text: str, values: Mapping[str, str]) -> str:
        """Return *text* with its placeholders filled in, or a mark that stands for it on this paper."""

    def branches(self, path: tuple[int, ...], choices: int) -> Iterator[int]:
        """Yield each branch that some session takes at *path*, of the number of *choices*."""

    def rungs(self, count: int) -> Iterator[int]:
        """Yield the indexes of the rungs that are climbed, of *count*."""

    def rounds(self, times: int | None, lasting: Frames | None) -> Iterator[int]:
        """Yield the rounds of a repeat, from 0: *times*, or as many as fit in *lasting*, at least one."""

    def alike(self, count: int) -> Iterator[None]:
        """Yield for *count* rounds that are all written alike and have no flexible rest in them."""

    def chapter(self, title: str, depth: int, values: Mapping[str, str]) -> Iterator[None]:
        """Yield once, to write what is in the chapter; an empty chapter is left out."""

    def sound(self, item: Line | Overlay | Sound | Tone | Strike, due: Frames = Frames(0)) -> None:
        """Add something heard; *due* is the silence after it unless a gap is written next."""

    def gap(self, gap: Gap) -> None:
        """Add a written silence."""

    def mark(self, item: BedChange) -> None:
        """Add something that takes no time and makes no sound."""
