"""Counts how short and how long many sessions of one script can be, without writing any of them out.

Each sum of `fit` is a row here, with a column for each session, so the script is gone through once for any
number of lengths. The results equal those of `Fit` for each session.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count as counting
from itertools import repeat
from typing import Final, assert_never

import numpy as np
from msgspec import Struct

from voiceguide.audio import Frames
from voiceguide.errors import Problem
from voiceguide.plan.cases import Cases, Mask
from voiceguide.plan.fit import Counts, Estimate, raised, spread
from voiceguide.plan.items import BedChange, Gap, Line, Overlay, Sound, Strike, Tone
from voiceguide.plan.readings import Readings
from voiceguide.plan.sheet import MOST, pick, too_many
from voiceguide.plan.unroll import LEAD_IN, TAIL, write
from voiceguide.plan.wishes import Resolved
from voiceguide.plan.work import Work, too_much
from voiceguide.script.model import Condition, Script, Where

_ROWS: Final = 6
_NEED, _ROOM, _ABOUT, _SLACK, _ITEMS, _STEPS = range(_ROWS)


class Counted(Struct, frozen=True):
    """The shortest, the usual and the longest length of each session, in frames, shape (sessions,).

    A session that is `over` has too many steps and is impossible; `problem` says where the first one exceeds
    them. If `spent`, counting took more than the work allowed: the lengths are not valid, and `problem` says
    so.
    """

    shortest: Counts
    about: Counts
    longest: Counts
    over: Mask
    problem: Problem | None
    spent: bool


def counted(
    script: Script,
    resolved: Sequence[Resolved],
    estimate: Estimate,
    work: Work,
    *,
    said: Sequence[str] | None = None,
) -> Counted:
    """Return how long the sessions of *script* with the wishes *resolved* can be.

    *said* is the wording of each session's length; by default it follows from the length.
    """
    cases = Cases(resolved, script.title, said)
    tally = Tally(cases, estimate, work)
    write(script, resolved[0], tally)
    return tally.counted()


class Tally:
    """`Paper` for many sessions at once. An item is added to the sessions that it is written for."""

    def __init__(self, cases: Cases, estimate: Estimate, work: Work) -> None:
        self.values = cases.values
        self._work = work
        self._cases = cases
        self._estimate = estimate
        self._readings = Readings(cases, estimate, work)
        self._sums = np.zeros((_ROWS, cases.count), dtype=np.int64)
        self._due = np.zeros(cases.count, dtype=np.int64)
        self._after_gap = np.zeros(cases.count, dtype=np.bool_)
        self._over = np.zeros(cases.count, dtype=np.bool_)
        self._met: dict[int, Mask] = {}
        self._here = np.ones(cases.count, dtype=np.bool_)
        self._where = Where("", 1, 1)
        self._problem: Problem | None = None

    def counted(self) -> Counted:
        """Return what has been counted."""
        need, room = self._sums[_NEED] + TAIL.least, self._sums[_ROOM] + TAIL.most
        missing = self._sums[_SLACK] + TAIL.least - TAIL.most
        longest = raised(LEAD_IN + need, LEAD_IN + room, missing)
        about = LEAD_IN + self._sums[_ABOUT] + TAIL.about
        return Counted(LEAD_IN + need, about, longest, self._over, self._problem, self._work.spent)

    def step(self, where: Where) -> None:
        self._where = where
        self._pay()
        self._sums[_STEPS] += self._here
        self._check(_STEPS)

    def meeting(self, when: Condition | None) -> Iterator[None]:
        if when is None:
            if self._here.any():
                yield
            return
        met = self._met.get(id(when))
        if met is None:
            for _ in (*when.options, *when.length):
                self._work.item(self._cases.count)
            met = self._met[id(when)] = self._cases.meeting(when)
        yield from self._among(met)

    def filled(self, text: str, values: Mapping[str, str]) -> str:
        return self._readings.filled(text, values)

    def branches(self, path: tuple[int, ...], choices: int) -> Iterator[int]:
        seeds = self._cases.seeds
        taken = np.array([pick(seeds.word(code), path, choices) for code in range(seeds.count)])[seeds.codes]
        for branch in np.unique(taken[self._here]):
            for _ in self._among(taken == branch):
                yield int(branch)

    def rungs(self, count: int) -> Iterator[int]:
        for index in range(count):
            for _ in self._among(self._cases.rungs > index):
                yield index

    def rounds(self, times: int | None, lasting: Frames | None) -> Iterator[int]:
        if times is not None:
            yield from (done for done in range(times) if self._here.any())
            return
        start, going = self._sums[_ABOUT].copy(), self._here
        for done in counting():
            before = self._sums[_ABOUT].copy()
            for _ in self._among(going):
                yield done
            taken = self._sums[_ABOUT] - before
            going = going & ~self._over & (taken > 0)
            going &= self._sums[_ABOUT] - start + taken <= (lasting or 0)
            if not going.any():
                return

    def alike(self, count: int) -> Iterator[None]:
        yield from repeat(None, min(count, 1))
        if count > 1:
            # From the second round on, each round begins in the state in which the one before ended.
            before = self._sums.copy()
            yield
            self._sums += (self._sums - before) * (count - 2)
            self._check(_ITEMS)

    def chapter(self, title: str, depth: int, values: Mapping[str, str]) -> Iterator[None]:
        after_gap = self._after_gap.copy()
        self._count_item()
        begun = self._sums[_ITEMS].copy()
        yield
        empty = self._here & (self._sums[_ITEMS] == begun)
        self._sums[_ITEMS] -= empty
        self._after_gap = np.where(empty, after_gap, self._after_gap)

    def sound(self, item: Line | Overlay | Sound | Tone | Strike, due: Frames = Frames(0)) -> None:
        heard = self._readings.heard(item.text, self._here) if isinstance(item, Line) else None
        for _ in self._among(self._here if heard is None else heard):
            self._sound(item, due)

    def _sound(self, item: Line | Overlay | Sound | Tone | Strike, due: Frames) -> None:
        self._pay()
        waiting = np.where(self._here, self._due, 0)
        self._sums[_ITEMS] += waiting > 0
        self._sums[: _ABOUT + 1] += waiting
        match item:
            case Line():
                self._speak(item)
            case Sound(length=time):
                self._add(time, time, time)
            case Overlay() | Tone() | Strike():
                pass
            case _:
                assert_never(item)
        self._count_item()
        self._due = np.where(self._here, due, self._due)

    def gap(self, gap: Gap) -> None:
        self._add(gap.least, gap.most, gap.about)
        self._due = np.where(self._here, 0, self._due)
        if gap.most > 0:
            self._sums[_ITEMS] += self._here & ~self._after_gap
            self._after_gap = self._after_gap | self._here
            self._check(_ITEMS)

    def mark(self, item: BedChange) -> None:
        self._count_item()

    def _speak(self, line: Line) -> None:
        spans = self._readings.spans(line, self._here)
        if spans is None:
            lo, about, hi = spread(line, self._estimate)
            self._add(hi, lo, about)
        else:
            lo, about, hi = spans * self._here
            self._sums[: _SLACK + 1] += np.stack((hi, lo, about, hi - lo))
            np.maximum(self._sums[_SLACK], 0, out=self._sums[_SLACK])

    def _add(self, need: int, room: int, about: int) -> None:
        """Add frames; slack is the largest excess of need over room of any run of last items, at least 0."""
        change = np.zeros(_ROWS, dtype=np.int64)
        change[[_NEED, _ROOM, _ABOUT, _SLACK]] = need, room, about, need - room
        self._sums += change[:, np.newaxis] * self._here
        np.maximum(self._sums[_SLACK], 0, out=self._sums[_SLACK])

    def _count_item(self) -> None:
        self._sums[_ITEMS] += self._here
        self._after_gap = self._after_gap & ~self._here
        self._check(_ITEMS)

    def _check(self, row: int) -> None:
        """Leave out from here on the sessions that exceed `MOST` in *row*."""
        over = self._here & (self._sums[row] > MOST)
        if over.any():
            self._over = self._over | over
            self._here = self._here & ~over
            self._problem = self._problem or too_many(self._where)

    def _pay(self) -> None:
        """Charge one item to the work; if it is spent, leave out all sessions."""
        self._work.item(self._cases.count)
        if self._work.spent:
            self._over[:] = True
            self._here = self._here & False
            self._problem = too_much(self._where)

    def _among(self, mask: Mask) -> Iterator[None]:
        """Yield once, with the current sessions limited to *mask*, if any remain."""
        outer = self._here
        self._here = outer & mask & ~self._over
        if self._here.any():
            yield
        self._here = outer & ~self._over
