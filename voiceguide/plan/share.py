"""Shares time out over rests by one common level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from voiceguide.audio import Frames, frames
from voiceguide.plan.items import Gap

_POINT: Final = 20
"""Binary digits after the point of a level."""

_MIDDLE: Final = 4
"""Every so many guesses, the level is guessed by bisection."""

_SMALLEST_GROWTH: Final = frames(0.1)
"""The least growth per level, so that a rest written as nearly 0 can still reach its `most`."""

_Vector = npt.NDArray[np.int64]


class Shares:
    """Rests in a row, each ``about + level * weight * about`` long, kept within its least and most.

    All rests share the lowest level at which they fill the time. Integers throughout, so that every machine
    finds the same level.
    """

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self._about = _vector(gap.about for gap in gaps)
        self._least = _vector(gap.least for gap in gaps)
        self._most = _vector(gap.most for gap in gaps)
        self._growth = _vector(max(gap.weight * gap.about, _SMALLEST_GROWTH) for gap in gaps)
        # The levels at which each rest reaches its limits; clipping to them keeps products small.
        self._bottom = ((self._least - self._about) << _POINT) // self._growth
        self._top = -(((self._about - self._most) << _POINT) // self._growth)
        # The same over all rests from each on to the last.
        self._lowest = np.minimum.accumulate(self._bottom[::-1])[::-1].tolist()
        self._highest = np.maximum.accumulate(self._top[::-1])[::-1].tolist()
        self._growth_after = np.cumsum(self._growth[::-1])[::-1].tolist()
        self._near = 0

    def first(self, start: int, time: int) -> Frames:
        """Return the length of rest *start*, in frames, when it and all after it fill *time* frames together.

        If they cannot, it is its least or its most.
        """
        low, high = self._lowest[start], self._highest[start]
        # The search begins at the last level found; this changes how long it takes, not what it finds.
        level, tried = min(max(self._near, low), high), 0
        run, rise = 1 << _POINT, self._growth_after[start]
        before: tuple[int, int] | None = None
        while low < high:
            total = int(self._lengths(start, level).sum())
            if total < time:
                low = level + 1
            else:
                high = level
            if before is not None and before[1] != total:
                run, rise = level - before[0], total - before[1]
            before, tried = (level, total), tried + 1
            guess = level + (time - total) * run // rise if tried % _MIDDLE else (low + high) // 2
            level = max(low, min(guess, high - 1))
        self._near = low
        return Frames(int(self._lengths(start, low)[0]))

    def _lengths(self, start: int, level: int) -> _Vector:
        """Return the lengths of the rests from *start* on, shape (rests,); they grow with *level*."""
        here: _Vector = np.maximum(self._bottom[start:], level)
        np.minimum(here, self._top[start:], out=here)
        here *= self._growth[start:]
        here >>= _POINT
        here += self._about[start:]
        np.maximum(here, self._least[start:], out=here)
        np.minimum(here, self._most[start:], out=here)
        return here


def _vector(values: Iterable[int]) -> _Vector:
    return np.fromiter(values, dtype=np.int64)
