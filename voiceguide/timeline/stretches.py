"""The lengths that a script can have, where what it says depends on how long it is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from msgspec.structs import replace

from voiceguide.audio import RATE, Frames
from voiceguide.script.fill import PLACEHOLDER
from voiceguide.script.model import Lengths, Own, Say, Script, Use
from voiceguide.timeline import wording
from voiceguide.timeline.fit import Estimate, Reach
from voiceguide.timeline.tally import counted
from voiceguide.timeline.walk import walk
from voiceguide.timeline.wishes import Resolved

_WORDS: Final = ("an hour", "one second", "seven hours and fifty-seven minutes")
"""The shortest and the longest words for a length."""


class Stretches:
    """Stretches of lengths over which a session of *script* is written out in the same way, counted at once.

    They are within *bounds*, which the script declares unless given; *resolved* has all other wishes.
    """

    def __init__(
        self, script: Script, resolved: Resolved, estimate: Estimate, bounds: Lengths | Own | None = None
    ) -> None:
        least, most = (bounds or script.length).least, (bounds or script.length).most
        firsts = [least, *sorted({turn for turn in _tested(script) if least < turn <= most})]
        if _says_length(script):
            firsts = sorted({*firsts, *_said_otherwise(script, resolved, estimate, firsts, most)})
        found = counted(script, [replace(resolved, length=Frames(each)) for each in firsts], estimate)
        self._shortest = np.maximum(found.shortest, firsts)
        self._longest = np.minimum(found.longest, [*(turn - 1 for turn in firsts[1:]), most])
        self._about = found.about
        self.problem = found.problem
        self._had = (self._shortest <= self._longest) & ~found.over

    def joined(self) -> tuple[Reach, ...]:
        """Return the lengths that can be had, the shortest first; stretches that meet are one."""
        found: list[Reach] = []
        for index in np.flatnonzero(self._had):
            shortest, longest = Frames(int(self._shortest[index])), Frames(int(self._longest[index]))
            if found and found[-1].longest + 1 == shortest:
                shortest = found.pop().shortest
            found.append(Reach(shortest, longest))
        return tuple(found)

    def own(self) -> Frames | None:
        """Return how long a session is with every rest as written, in whole seconds where that can be had.

        Steps that depend on the length may leave more than one, or none: then it is the one nearest to what
        is written, the shortest of those. None where no length can be had.
        """
        if not self._had.any():
            return None
        about, least, most = (each[self._had] for each in (self._about, self._shortest, self._longest))
        up, down = -(-least // RATE) * RATE, most // RATE * RATE
        whole = up <= down
        near = np.clip(-(-about // RATE) * RATE, np.where(whole, up, least), np.where(whole, down, most))
        return Frames(int(near[np.argmin(np.abs(near - about))]))


def varies(script: Script) -> bool:
    """Return whether *script* is written out otherwise at another length."""
    return _says_length(script) or any(True for _ in _tested(script))


def _tested(script: Script) -> Iterator[int]:
    """Yield the lengths from which on a test of the length comes out otherwise."""
    for step in walk(script.steps):
        for sign, bound in step.when.length if step.when is not None else ():
            yield bound + (sign in (">", "<="))


def _said_otherwise(
    script: Script, resolved: Resolved, estimate: Estimate, firsts: Sequence[int], most: int
) -> Iterator[int]:
    """Yield the lengths from which on the length is said otherwise, but where none can be had anyway.

    There are hundreds. However it is said, a session is about as long as with the shortest and the longest
    words for it; a tenth is left on either side.
    """
    lasts = [*(first - 1 for first in firsts[1:]), most]
    cases = [replace(resolved, length=Frames(first)) for first in firsts for _ in _WORDS]
    found = counted(script, cases, estimate, said=_WORDS * len(firsts))
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
            case _:
                pass
