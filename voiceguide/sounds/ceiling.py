"""Limits the mix by a gain that depends only on the frames shortly before and after, without state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from voiceguide.audio import Block, gain
from voiceguide.plan.margins import REACH

Curve: TypeAlias = npt.NDArray[Any]

CEILING_DB: Final = -1.5
"""The limit on peaks of the mix (dBTP); the half decibel up to -1 is for what a lossy codec adds."""

_OVERSAMPLING: Final = 4  # BS.1770-4, Annex 2, asks for 192 kHz at least
_TAPS: Final = 32  # for each point between two frames
_LOOK: Final = (REACH - _TAPS) // 2  # 255 frames to each side, 5.3 ms: a box of 256 moved over a box of 256


def _between() -> Curve:
    """Return the weights of the frames around a point between two frames, for each such point."""
    at = np.arange(1, _OVERSAMPLING)[:, None] / _OVERSAMPLING
    away = np.arange(_TAPS)[None, :] - (_TAPS // 2 - 1) - at
    weights = np.sinc(away) * np.cos(np.pi * away / (_TAPS + 1)) ** 2
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


_WEIGHTS: Final = _between()
_MOST: Final = float(
    np.abs(_WEIGHTS).sum(axis=1).max()
)  # bounds a true peak, as a multiple of the largest sample


def under(near: Block, first: int, count: int) -> Block:
    """Return *count* frames of *near* from *first* on, turned down smoothly around peaks over the ceiling.

    *near* has `REACH` more frames on both sides, except at the ends of the session. Frames far from any such
    peak are unchanged, and any split of a range gives the same samples.
    """
    asked, ceiling = near[first : first + count], gain(CEILING_DB)
    if float(np.max(np.abs(near), initial=0.0)) * _MOST <= ceiling:
        return asked
    peaks = np.maximum.reduce(list(_peaks(near)))
    if float(peaks.max()) <= ceiling:
        return asked
    # 0.1 dB under the ceiling, since a peak is measured by interpolating the limited samples again.
    wanted = np.where(peaks > ceiling, ceiling * gain(-0.1) / np.maximum(peaks, ceiling), 1.0)
    around = np.pad(wanted, 2 * _LOOK, constant_values=1.0)[first : first + count + 4 * _LOOK]
    least = _gathered(around, np.minimum)
    less = _gathered(1.0 - least, np.add) / 65_536  # exactly zero, not about zero, where no gain is wanted
    return (asked * (1.0 - less)[:, None]).astype(np.float32)


def _peaks(near: Block) -> Iterator[Curve]:
    """Yield the magnitude of the frames, and those of the points between each frame and the next."""
    yield np.max(np.abs(near), axis=1)
    padded = np.pad(near, ((_TAPS // 2 - 1, _TAPS // 2), (0, 0)))
    for weights in _WEIGHTS:
        place = np.zeros_like(near)
        for tap, weight in enumerate(weights):
            place += weight * padded[tap : tap + len(near)]
        yield np.max(np.abs(place), axis=1)


def _gathered(values: Curve, join: np.ufunc) -> Curve:
    """Return *join* of the values within `_LOOK` of each, with those in the middle counted more often.

    The order does not depend on where the range begins, as sums of floats differ with their order.
    """
    for _ in range(2):
        for step in (1, 2, 4, 8, 16, 32, 64, 128):
            values = join(values[:-step], values[step:])
    return values
