"""The lengths that a script can have, where what it says depends on how long it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec.structs import replace

from voiceguide.audio import RATE, Frames
from voiceguide.script.fill import PLACEHOLDER
from voiceguide.script.model import Lengths, Own, Say, Script, Step, Use
from voiceguide.timeline import wording
from voiceguide.timeline.fit import Estimate, Reach
from voiceguide.timeline.tally import counted
from voiceguide.timeline.walk import walk
from voiceguide.timeline.wishes import Resolved


class Stretches:
    """Stretches of lengths over which a session of *script* is written out in the same way, counted at once.

    They are within *bounds*, which the script declares unless given; *resolved* has all other wishes.
    """

    def __init__(
        self, script: Script, resolved: Resolved, estimate: Estimate, bounds: Lengths | Own | None = None
    ) -> None:
        least, most = (bounds or script.length).least, (bounds or script.length).most
        inner = {turn for turn in turns(script) if least < turn <= most}
        firsts = [least, *sorted(inner)]
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


def turns(script: Script) -> Iterator[int]:
    """Yield the lengths from which on a session is written out otherwise."""
    steps = tuple(walk(script.steps))
    for step in steps:
        for sign, bound in step.when.length if step.when is not None else ():
            yield bound + (sign in (">", "<="))
    if any(_says_length(step) for step in steps):
        yield from wording.duration_turns()


def _says_length(step: Step) -> bool:
    match step:
        case Say(phrases=phrases):
            texts = [phrase.text for phrase in phrases]
        case Use(values=values):
            texts = [value for _, value in values]
        case _:
            return False
    return any(match[1] == "length" for text in texts for match in PLACEHOLDER.finditer(text))
