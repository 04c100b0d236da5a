"""Limits on a spoken line: time to speak it, its length, and the form of its samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from voiceguide.audio import Frames, Mono, frames, seconds
from voiceguide.voices.process.wire import too_long

_LOUDEST: Final = 2.0**40
"""Samples may have any scale, as they are levelled, but beyond this the sum of their squares overflows."""

LOAD_SECONDS: Final = 45.0
"""Extra seconds for an engine's first line, to import libraries and load a model."""


def patience(expected: Frames) -> float:
    """Return how many seconds to wait for a line of about *expected* frames to be spoken."""
    return 20.0 + 4.0 * seconds(expected)


def longest(expected: Frames) -> Frames:
    """Return the most frames of sound of a line estimated at *expected* frames."""
    return Frames(max(4 * expected, frames(60.0)))


def right_kind(shape: Sequence[int], kind: str) -> bool:
    """Return whether samples of *shape* and *kind* (a dtype's name) are those of one channel."""
    return len(shape) == 1 and kind.startswith("float")


def fault(shape: Sequence[int], kind: str, sound: Mono, most: int) -> str:
    """Return what is wrong with *sound*, as a part of a sentence; "" if it is finite samples of one channel.

    *shape* and *kind* (a dtype's name) are those that the engine returned; *most* is the most frames allowed.
    """
    if not right_kind(shape, kind):
        return "it gave samples of the wrong kind"
    if not sound.size:
        return "it gave no sound"
    if sound.size > most:
        return too_long(sound.size, most)
    if not (np.abs(sound) < _LOUDEST).all():
        return "it gave samples that are not numbers"
    return ""
