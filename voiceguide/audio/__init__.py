"""The audio format used inside: one sample rate and one dtype; convert only where audio enters or leaves."""

from __future__ import annotations

import math
from typing import Final, NewType

import numpy as np
import numpy.typing as npt

RATE: Final = 48_000
"""Sample frames a second, everywhere inside."""

RATES: Final = range(1_000, 1_536_001)
"""Sample rates accepted in files; a rate outside this range means that the header is wrong."""

CHANNELS: Final = 2

Frames = NewType("Frames", int)
"""A count of sample frames at `RATE`; also a position on the timeline. A frame is one sample per channel."""

Block = npt.NDArray[np.float32]
"""Samples of shape (frames, 2), nominally in [-1, 1], at `RATE`."""

Mono = npt.NDArray[np.float32]
"""Samples of shape (frames,), nominally in [-1, 1], at `RATE`."""


def frames(seconds: float) -> Frames:
    """Return the nearest count of frames to *seconds*."""
    return Frames(math.floor(seconds * RATE + 0.5))


def seconds(count: int) -> float:
    """Return how long *count* frames last, in seconds."""
    return count / RATE


def gain(level_db: float) -> float:
    """Return the factor on amplitude that *level_db* stands for."""
    return float(10.0 ** (level_db / 20.0))


def decibels(factor: float) -> float:
    """Return *factor*, a ratio of amplitudes, in dB; minus infinity for 0."""
    return 20.0 * math.log10(factor) if factor > 0 else -math.inf


def clock(count: int) -> str:
    """Return *count* frames as a clock time to the nearest second: ``7:13`` or ``1:02:03``."""
    whole = round(count / RATE)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"
