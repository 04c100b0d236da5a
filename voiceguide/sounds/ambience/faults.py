"""Finds faults in a recording's channels, and mends those that can be mended."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from voiceguide.audio import CHANNELS
from voiceguide.sounds.ambience.heard import Heard, Numbers

_DEAD_DB: Final = -40.0
"""A channel this far under the other, most of the time, counts as dead."""

_OPPOSITE: Final = -0.8
"""The correlation below which channels count as opposite; their sum is 10 dB quieter."""

_FEWEST_CLIPPED: Final = 30
_CLIPPED: Final = 1e-5


class Fault(Struct, frozen=True):
    """A fault, in a sentence that says what was done; `mend` is a 2 by 2 matrix applied to the channels."""

    what: str
    mend: Numbers


def fault(heard: Heard) -> Fault | None:
    """Return the fault of the recording's channels, or None."""
    left, right = (heard.sides[:, side] for side in range(CHANNELS))
    there = np.maximum(left, right) > 1e-10
    if not np.any(there):
        return None
    left, right, common = left[there], right[there], heard.common[there]
    ratio_db = 10 * np.median(np.log10((left + 1e-20) / (right + 1e-20)))
    if abs(ratio_db) > -_DEAD_DB:
        dead, whole = ("left", "right") if ratio_db < 0 else ("right", "left")
        only = np.array([[0.0, 0.0], [1.0, 1.0]] if ratio_db < 0 else [[1.0, 1.0], [0.0, 0.0]])
        return Fault(f"Its {dead} channel is dead: the {whole} one is on both sides.", only)
    if np.median(common / np.sqrt(left * right + 1e-30)) < _OPPOSITE:
        what = (
            "Its channels have opposite phases, so one loudspeaker would play nothing: the right is turned."
        )
        return Fault(what, np.diag([1.0, -1.0]))
    return None


def clipped(heard: Heard) -> str | None:
    """Return a sentence on clipped samples, which cannot be mended; None for few or none."""
    if heard.clipped < max(_FEWEST_CLIPPED, heard.count * _CLIPPED):
        return None
    return "It is clipped, so loud places crackle: record it anew at a lower level, if you can."
