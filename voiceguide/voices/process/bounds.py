"""What a line may be at the most: how long it may take to speak, how long it may last, what its sound is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from voiceguide.audio import Frames, Mono, frames, seconds
from voiceguide.voices.process.wire import too_long

_LOUDEST: Final = 2.0**40
"""Samples are levelled, whatever their scale; beyond this sums of their squares are no numbers any more."""

LOAD_SECONDS: Final = 45.0
"""What an engine is given on top for its first line: to import libraries and load a model."""


def patience(expected: Frames) -> float:
    """Return how many seconds to wait for a line of about *expected* frames."""
    return 20.0 + 4.0 * seconds(expected)


def longest(expected: Frames) -> Frames:
    """Return how many frames of sound a line of about *expected* frames may have."""
    return Frames(max(4 * expected, frames(60.0)))


def right_kind(shape: Sequence[int], kind: str) -> bool:
    """Return whether samples of *shape* and *kind* (a dtype's name) are those of one channel."""
    return len(shape) == 1 and kind.startswith("float")


def fault(shape: Sequence[int], kind: str, sound: Mono, most: int) -> str:
    """Return what is wrong with *sound*, amid a sentence; "" if it is finite samples of one channel.

    *shape* and *kind* (a dtype's name) are as the engine gave them, *most* is how many frames it may have.
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
