"""The sheet a session is written out on: items in order, with the silences that go without saying."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from voiceguide.audio import Frames, frames
from voiceguide.errors import Problem, ScriptError
from voiceguide.script.model import Where
from voiceguide.timeline.fit import Estimate
from voiceguide.timeline.items import BedChange, Chapter, Gap, Item, Line, Overlay, Sound, Strike, Tone

MOST: Final = 20_000
"""A session has at most this many steps, and this many items."""

AFTER_VOICE: Final = frames(0.7)
AFTER_BELL: Final = frames(2.5)


def exactly(time: Frames) -> Gap:
    return Gap(time, time, time)


class Sheet:
    """Takes items one after another.

    A gap that is due after a sound, and not written before the next one, is put in; gaps in a row become one.
    `about` is how long everything on the sheet takes, in frames, as far as can be told.
    """

    def __init__(self, estimate: Estimate) -> None:
        self.items: list[Item] = []
        self.about = 0
        self._estimate = estimate
        self._steps = 0
        self._where = Where("", 1, 1)
        self._due = Frames(0)
        self._due_at = 0

    def step(self, where: Where) -> None:
        """Say that what follows comes from the step at *where*.

        Raises:
            ScriptError: here or in what follows, if there are too many steps or items.
        """
        self._where = where
        self._steps += 1
        self._check(self._steps)

    def sound(self, item: Line | Overlay | Sound | Tone | Strike, due: Frames = Frames(0)) -> None:
        """Add something heard; *due* is the silence after it unless another is written."""
        if self._due:
            self.items.insert(self._due_at, exactly(self._due))
            self.about += self._due
        self._add(item)
        self._due, self._due_at = due, len(self.items)
        match item:
            case Line():
                self.about += max(self._estimate(item.text, item.pace), item.slot)
            case Sound():
                self.about += item.length
            case _:
                pass

    def gap(self, gap: Gap) -> None:
        """Add a written silence."""
        self._due = Frames(0)
        self.about += gap.about
        last = self.items[-1] if self.items else None
        if isinstance(last, Gap):
            self.items[-1] = _joined(last, gap)
        elif gap.most > 0:
            self._add(gap)

    def mark(self, item: Chapter | BedChange) -> None:
        """Add something that takes no time and makes no sound."""
        self._add(item)

    def _add(self, item: Item) -> None:
        self.items.append(item)
        self._check(len(self.items))

    def _check(self, count: int) -> None:
        if count > MOST:
            where = self._where
            what = f"the session comes to more than {MOST:,} steps here; repeat less, or for a shorter time"
            raise ScriptError((Problem(where.path, where.line, where.column, where.field, what),))


def _joined(one: Gap, other: Gap) -> Gap:
    return replace(
        one,
        about=Frames(one.about + other.about),
        least=Frames(one.least + other.least),
        most=Frames(one.most + other.most),
        weight=max(one.weight, other.weight),
    )
