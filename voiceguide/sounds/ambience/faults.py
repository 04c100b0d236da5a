"""What is wrong with a recording's channels, put right, and what cannot be."""

from __future__ import annotations

from typing import Final

import numpy as np
from msgspec import Struct

from voiceguide.audio import CHANNELS
from voiceguide.sounds.ambience.heard import Heard, Numbers

_DEAD_DB: Final = -40.0
"""A channel this far under the other, most of the time, is dead."""

_OPPOSITE: Final = -0.8
"""Channels that are so alike, most of the time, and opposite: of both together little is left, 10 dB less."""

_FEWEST_CLIPPED: Final = 30
_CLIPPED: Final = 1e-5


class Fault(Struct, frozen=True):
    """What is wrong, in a sentence that says what was done; `mend` makes two channels of two, if it can."""

    what: str
    mend: Numbers


def fault(heard: Heard) -> Fault | None:
    """Return what is wrong with the channels of the recording."""
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
    """Return a sentence on samples that are cut off, which nothing mends; None for a few or none."""
    if heard.clipped < max(_FEWEST_CLIPPED, heard.count * _CLIPPED):
        return None
    return "It is clipped, so loud places crackle: record it anew at a lower level, if you can."
