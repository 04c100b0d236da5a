"""The possible lengths of a script whose steps or words depend on the length."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, assert_never

import numpy as np
from msgspec.structs import replace

from voiceguide.audio import RATE, Frames
from voiceguide.errors import Problem
from voiceguide.plan import wording
from voiceguide.plan.fit import Counts, Estimate, Reach
from voiceguide.plan.tally import counted
from voiceguide.plan.walk import walk
from voiceguide.plan.wishes import Resolved
from voiceguide.plan.work import Work
from voiceguide.script.fill import PLACEHOLDER
from voiceguide.script.model import Ladder, Leaf, Lengths, OneOf, Own, Repeat, Say, Script, Section, Use

_TRIES: Final = 6
"""How often a session's own estimated length is tried, before every length is examined."""

_WORDS: Final = ("an hour", "one second", "seven hours and fifty-seven minutes")
"""The wordings of a length that take the least and the most time to say."""


class Stretches:
    """Stretches of lengths over which *script* is written out in the same way, counted at once.

    They are within *bounds*, by default what the script declares; *resolved* has all other wishes. If
    counting takes more than *work*, `spent` is true, and one possible length, if `settled` finds it, stands
    for all.
    """

    def __init__(
        self,
        script: Script,
        resolved: Resolved,
        estimate: Estimate,
        bounds: Lengths | Own | None = None,
        work: Work | None = None,
    ) -> None:
        work = work or Work()
        bounds = bounds or script.length
        least, most = bounds.least, bounds.most
        firsts = [least, *sorted({turn for turn in _tested(script) if least < turn <= most})]
        if _says_length(script):
            firsts = sorted({*firsts, *_said_otherwise(script, resolved, estimate, firsts, most, work)})
        found = counted(script, [replace(resolved, length=Frames(each)) for each in firsts], estimate, work)
        self._shortest = np.maximum(found.shortest, firsts)
        self._longest = np.minimum(found.longest, [*(turn - 1 for turn in firsts[1:]), most])
        self._about = found.about
        self._had = (self._shortest <= self._longest) & ~found.over
        self.problem, self.spent = found.problem, found.spent
        self._one = partial(settled, script, [resolved], estimate, bounds)

    def joined(self) -> tuple[Reach, ...]:
        """Return the possible lengths in ascending order; adjacent stretches are joined."""
        if self.spent:
            only = self.own()
            return () if only is None else (Reach(only, only),)
        found: list[Reach] = []
        for index in np.flatnonzero(self._had):
            shortest, longest = Frames(int(self._shortest[index])), Frames(int(self._longest[index]))
            if found and found[-1].longest + 1 == shortest:
                shortest = found.pop().shortest
            found.append(Reach(shortest, longest))
        return tuple(found)

    def own(self) -> Frames | None:
        """Return the session's length with every rest as written, in whole seconds if possible.

        If steps depend on the length, it is the possible length nearest to what is written, the shortest of
        equally near ones. None if no length is possible.
        """
        if self.spent:
            one = int(self._one(Work())[0][0])
            return Frames(one) if one >= 0 else None
        if not self._had.any():
            return None
        about, least, most = (each[self._had] for each in (self._about, self._shortest, self._longest))
        up, down = -(-least // RATE) * RATE, most // RATE * RATE
        whole = up <= down
        near = np.clip(-(-about // RATE) * RATE, np.where(whole, up, least), np.where(whole, down, most))
        return Frames(int(near[np.argmin(np.abs(near - about))]))


def settled(
    script: Script, cases: Sequence[Resolved], estimate: Estimate, bounds: Lengths | Own, work: Work
) -> tuple[Counts, Problem | None]:
    """Return for each of *cases* a possible length within *bounds*, or -1 if none is found in a few tries.

    The problem tells that a session has too many steps at the length in *cases*, or that *work* is spent.

    Each case is tried at the length estimated by its last try, until the two agree. A result does not depend
    on the other cases; once *work* is spent, no more are found.
    """
    found, problem = np.full(len(cases), -1, dtype=np.int64), None
    asked = np.array([case.length for case in cases], dtype=np.int64)
    for tried in range(_TRIES):
        open_ = np.flatnonzero(found < 0)
        if not open_.size or work.spent:
            break
        trying = [replace(cases[int(index)], length=Frames(int(asked[index]))) for index in open_]
        here = counted(script, trying, estimate, work)
        if here.problem is not None and (tried == 0 or here.spent):
            problem = here.problem
        shortest, longest = np.maximum(here.shortest, bounds.least), np.minimum(here.longest, bounds.most)
        had = (shortest <= asked[open_]) & (asked[open_] <= longest) & ~here.over
        found[open_[had]] = asked[open_[had]]
        near = np.clip(-(-here.about // RATE) * RATE, shortest, np.maximum(longest, shortest))
        asked[open_] = np.minimum(near, bounds.most)
    return found, problem


def _tested(script: Script) -> Iterator[int]:
    """Yield the lengths at which the result of a length test changes."""
    for step in walk(script.steps):
        for sign, bound in step.when.length if step.when is not None else ():
            yield bound + (sign in (">", "<="))


def _said_otherwise(
    script: Script, resolved: Resolved, estimate: Estimate, firsts: Sequence[int], most: int, work: Work
) -> Iterator[int]:
    """Yield the lengths at which their wording changes, except where no length is possible anyway.

    There are hundreds. A session with any wording is assumed to be about as long as with the shortest and the
    longest wording; the margin is a tenth on either side.
    """
    lasts = [*(first - 1 for first in firsts[1:]), most]
    cases = [replace(resolved, length=Frames(first)) for first in firsts for _ in _WORDS]
    found = counted(script, cases, estimate, work, said=_WORDS * len(firsts))
    shortest = found.shortest.reshape(len(firsts), -1).min(axis=1) * 9 // 10
    longest = found.longest.reshape(len(firsts), -1).max(axis=1) * 11 // 10
    said = wording.duration_turns()
    for first, last, low, high in zip(firsts, lasts, shortest.tolist(), longest.tolist(), strict=True):
        begin, end = max(first + 1, low), min(last, high)
        if begin <= end:
            inside = said[max(0, bisect_right(said, begin) - 1) : bisect_right(said, end)]
            yield from (turn for turn in inside if turn > first)


def _says_length(script: Script) -> bool:
    return any(match[1] == "length" for text in _texts(script) for match in PLACEHOLDER.finditer(text))


def _texts(script: Script) -> Iterator[str]:
    for step in walk(script.steps):
        match step:
            case Say(phrases=phrases):
                yield from (phrase.text for phrase in phrases)
            case Use(values=values):
                yield from (value for _, value in values)
            case Leaf() | Section() | Repeat() | OneOf() | Ladder():
                pass
            case _:
                assert_never(step)
