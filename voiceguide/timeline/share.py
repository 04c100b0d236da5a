"""Sharing time out over rests, as water finds its level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from voiceguide.audio import Frames, frames
from voiceguide.timeline.items import Gap

_POINT: Final = 20
"""Bits after the binary point of a level."""

_SMALLEST_GROWTH: Final = frames(0.1)
"""What a rest written as next to nothing grows by, so that it can reach its `most` too."""

_Vector = npt.NDArray[np.int64]


class Shares:
    """Rests in a row, each to be ``about + level * weight * about``, kept within its least and most.

    One level serves all: the lowest at which they fill the time there is. Integers throughout, so that every
    machine finds the same one.
    """

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self._about = _vector(gap.about for gap in gaps)
        self._least = _vector(gap.least for gap in gaps)
        self._most = _vector(gap.most for gap in gaps)
        self._growth = _vector(max(gap.weight * gap.about, _SMALLEST_GROWTH) for gap in gaps)
        # The levels at which each rest reaches its limits. It stays there, which keeps products small.
        self._bottom = ((self._least - self._about) << _POINT) // self._growth
        self._top = -(((self._about - self._most) << _POINT) // self._growth)

    def first(self, start: int, time: int) -> Frames:
        """Return the length of rest *start* when it and all after it are to fill *time* frames together.

        Where they cannot, it is the least or the most that it can be.
        """
        low, high = int(self._bottom[start:].min()), int(self._top[start:].max())
        while low < high:
            level = (low + high) // 2
            if int(self._lengths(start, level).sum()) < time:
                low = level + 1
            else:
                high = level
        return Frames(int(self._lengths(start, low)[0]))

    def _lengths(self, start: int, level: int) -> _Vector:
        """Return the rests from *start* on at *level*, shape (rests,); each grows with it."""
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
