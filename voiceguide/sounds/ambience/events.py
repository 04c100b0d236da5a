"""Finds loud, rare events in a recording, such as a door; turned down and left out of its level."""

from __future__ import annotations

import math
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from voiceguide.audio import clock, decibels
from voiceguide.sounds.ambience.heard import STEP, Heard, Numbers

_ABOVE_DB: Final = 6.0
"""A sound this far above the louder part of the rest is an event, and is turned down to that level."""

_RARE: Final = 0.1
_RARE_STEPS: Final = 30
_MOST: Final = 0.25
"""Events take at most a tenth of the time, or three seconds, and never more than this part."""

_OFTEN_STEPS: Final = 100
_OFTEN: Final = 3
"""More events than this, and more than one in ten seconds, are part of the recording and not turned down."""

_APART: Final = 10
"""Steps between two events; nearer ones count as one."""

_NOTHING_DB: Final = -75.0
"""Relative to full scale, the level below which everything is microphone noise; events are above it."""

_BLOCK: Final = 4
"""Steps in the 400 ms over which each loudness is measured."""

_REACH: Final = 3
"""Steps before and after an event over which the gain changes."""


def tamed(heard: Heard) -> tuple[Heard, str | None]:
    """Return *heard* with its loud, rare events turned down, and a sentence on them, None if there are none.

    Steps that touch an event then have no loudness, so that the level is that of the rest.
    """
    over = _over(heard)
    starts = _starts(over)
    if not len(starts) or len(starts) > max(_OFTEN, len(over) / _OFTEN_STEPS):
        return heard, None
    gains = _smooth(-over)
    factor = 10 ** (gains / 20)
    touched = np.convolve(gains < 0, np.ones(_BLOCK))[_BLOCK - 1 :] > 0
    quieter = msgspec.structs.replace(
        heard,
        peak=float(np.max(heard.peaks * 10 ** (_nearest(gains) / 20))),
        powers=heard.powers * factor**2,
        loudness=np.where(touched, -np.inf, heard.loudness),
        gains_db=gains,
    )
    return quieter, _sentence(starts, float(over.max()))


def gains(heard: Heard, start: int, count: int) -> Numbers | None:
    """Return the factor for each of *count* frames from *start* on; None if none is turned down."""
    first, last = max(0, start // STEP - 1), (start + count) // STEP + 2
    if not np.any(heard.gains_db[first:last] < 0):
        return None
    centres = (np.arange(len(heard.gains_db)) + 0.5) * STEP
    level: Numbers = np.interp(np.arange(start, start + count), centres, heard.gains_db)
    return np.asarray(10 ** (level / 20))


def _over(heard: Heard) -> Numbers:
    """Return by how many dB each step exceeds the usual level, 0 if it does not."""
    with np.errstate(divide="ignore"):
        power, peak = 10 * np.log10(heard.powers), 20 * np.log10(heard.peaks)
    there = power > decibels(heard.peak) - 96.0
    if not np.any(there) or float(np.median(power[there])) < _NOTHING_DB:
        return np.zeros(len(power))
    over = np.maximum(_above(power, there), _above(peak, there))
    # A step is as loud as the quietest stretch that contains it, so that loud neighbours do not count for it.
    padded = np.concatenate([np.full(_BLOCK - 1, np.inf), heard.loudness])
    padded[np.isinf(padded)] = np.inf
    least = np.lib.stride_tricks.sliding_window_view(padded, _BLOCK).min(axis=1)
    return np.maximum(over, np.where(np.isinf(least), 0.0, _above(least, there & np.isfinite(least))))


def _above(levels: Numbers, there: npt.NDArray[np.bool_]) -> Numbers:
    """Return by how many dB *levels* exceed that of all but the rare loudest steps plus `_ABOVE_DB`."""
    ranked = np.sort(levels[there])
    if not len(ranked):
        return np.zeros(len(levels))
    rare = int(min(max(len(ranked) * _RARE, _RARE_STEPS), len(ranked) * _MOST))
    over: Numbers = np.maximum(levels - ranked[len(ranked) - 1 - rare] - _ABOVE_DB, 0.0)
    return over


def _starts(over: Numbers) -> npt.NDArray[np.intp]:
    """Return the first step of each event."""
    at = np.flatnonzero(over)
    return at[np.diff(at, prepend=-_APART - 1) > _APART]


def _smooth(wanted: Numbers) -> Numbers:
    """Return *wanted* smoothed over neighbouring steps, nowhere above it."""
    wide, narrow = _REACH, _REACH - 1
    around = np.pad(wanted, wide + narrow, mode="edge")
    least = np.lib.stride_tricks.sliding_window_view(around, 2 * wide + 1).min(axis=1)
    window = np.hanning(2 * narrow + 3)[1:-1]
    return np.minimum(np.convolve(least, window / window.sum(), mode="valid"), 0.0)


def _nearest(gains_db: Numbers) -> Numbers:
    """Return the highest gain of any frame of each step."""
    padded = np.pad(gains_db, 1, mode="edge")
    return np.maximum(np.maximum(padded[:-2], padded[2:]), padded[1:-1])


def _sentence(starts: npt.NDArray[np.intp], most_db: float) -> str:
    first = clock(int(starts[0]) * STEP)
    loud = math.ceil(most_db + _ABOVE_DB)
    what = (
        f"a loud event at {first}" if len(starts) == 1 else f"{len(starts)} loud events, the first at {first}"
    )
    return f"It has {what}, up to {loud} dB over the rest: turned down by up to {math.ceil(most_db)} dB."
