"""The sheet that one session is written out on: items in order, with the implied silences."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from itertools import count as counting
from itertools import repeat
from typing import Final, assert_never

from msgspec.structs import replace

from voiceguide.audio import Frames, frames
from voiceguide.errors import Problem, ScriptError
from voiceguide.plan import wording
from voiceguide.plan.fit import Estimate
from voiceguide.plan.items import BedChange, Chapter, Gap, Item, Line, Overlay, Sound, Strike, Tone
from voiceguide.plan.wishes import Resolved
from voiceguide.script.fill import fill
from voiceguide.script.model import Condition, Where

MOST: Final = 20_000
"""The most steps, and the most items, of a session."""

AFTER_VOICE: Final = frames(0.7)
AFTER_BELL: Final = frames(2.5)


def exactly(time: Frames) -> Gap:
    return Gap(time, time, time)


def too_many(where: Where) -> Problem:
    """Return the problem of a session with more than `MOST` steps."""
    what = f"the session comes to more than {MOST:,} steps here; repeat less, or for a shorter time"
    return Problem(where.path, where.line, where.column, where.field, what)


def pick(seed: str, path: tuple[int, ...], choices: int) -> int:
    """Return which of *choices* the *seed* takes at *path*: uniform, and the same on any machine."""
    turns = ".".join(str(turn) for turn in path)
    digest = hashlib.sha256(f"{seed}\n{turns}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % choices


class Sheet:
    """`Paper` for the one session that *resolved* asks for.

    A gap due after a sound is added unless one is written before the next sound; adjacent gaps are joined.
    `about` is the estimated length of everything on the sheet, in frames.
    """

    def __init__(self, resolved: Resolved, title: str, estimate: Estimate) -> None:
        self.items: list[Item] = []
        self.about = 0
        self.values = {
            **dict(resolved.options),
            "title": title,
            "name": resolved.name,
            "length": wording.duration(resolved.length),
        }
        self._options = dict(resolved.options)
        self._resolved = resolved
        self._estimate = estimate
        self._steps = 0
        self._where = Where("", 1, 1)
        self._due = Frames(0)
        self._due_at = 0

    def step(self, where: Where) -> None:
        """Note that the next items come from the step at *where*.

        Raises:
            ScriptError: from this or a later call, if there are too many steps or items.
        """
        self._where = where
        self._steps += 1
        self._check(self._steps)

    def meeting(self, when: Condition | None) -> Iterator[None]:
        if when is None or when.holds(self._options, self._resolved.length):
            yield

    def filled(self, text: str, values: Mapping[str, str]) -> str:
        return fill(text, values)

    def branches(self, path: tuple[int, ...], choices: int) -> Iterator[int]:
        yield pick(self._resolved.seed, path, choices)

    def rungs(self, count: int) -> Iterator[int]:
        yield from range(min(count, self._resolved.rungs))

    def rounds(self, times: int | None, lasting: Frames | None) -> Iterator[int]:
        if times is not None:
            yield from range(times)
            return
        start = self.about
        for done in counting():
            before = self.about
            yield done
            taken = self.about - before
            if not taken or self.about - start + taken > (lasting or 0):
                return

    def alike(self, count: int) -> Iterator[None]:
        yield from repeat(None, count)

    def chapter(self, title: str, depth: int, values: Mapping[str, str]) -> Iterator[None]:
        chapter = Chapter(fill(title, values), depth)
        self._add(chapter)
        yield
        if self.items[-1] is chapter:  # none of its steps is part of this session
            self.items.pop()

    def sound(self, item: Line | Overlay | Sound | Tone | Strike, due: Frames = Frames(0)) -> None:
        """Add something heard; *due* is the silence after it unless a gap is written next."""
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
            case Overlay() | Tone() | Strike():
                pass
            case _:
                assert_never(item)

    def gap(self, gap: Gap) -> None:
        """Add a written silence."""
        self._due = Frames(0)
        self.about += gap.about
        last = self.items[-1] if self.items else None
        if isinstance(last, Gap):
            self.items[-1] = _joined(last, gap)
        elif gap.most > 0:
            self._add(gap)

    def mark(self, item: BedChange) -> None:
        """Add something that takes no time and makes no sound."""
        self._add(item)

    def _add(self, item: Item) -> None:
        self.items.append(item)
        self._check(len(self.items))

    def _check(self, count: int) -> None:
        if count > MOST:
            raise ScriptError((too_many(self._where),))


def _joined(one: Gap, other: Gap) -> Gap:
    return replace(
        one,
        about=Frames(one.about + other.about),
        least=Frames(one.least + other.least),
        most=Frames(one.most + other.most),
        weight=max(one.weight, other.weight),
    )
