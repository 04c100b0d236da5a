"""Converts float to 16 bits; the dither depends on the frame number only, so any range can be made alone."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from voiceguide.audio import Block

Pcm = npt.NDArray[np.int16]
"""16-bit samples of shape (frames, 2)."""

FULL_SCALE: Final = 32768


def to_int16(block: Block, start: int) -> Pcm:
    """Return *block* in 16 bits; its first frame is number *start* of the session.

    The dither is triangular, 2 LSB peak to peak, and the difference of neighbouring values, so that most of
    it lies at high frequencies, where it is heard least.
    """
    noise = _uniform(start - 1, len(block) + 1)
    scaled = block * np.float32(FULL_SCALE)
    scaled += noise[1:] - noise[:-1]
    np.rint(scaled, out=scaled)
    np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1, out=scaled)
    return scaled.astype(np.int16)


def _uniform(start: int, count: int) -> npt.NDArray[np.float32]:
    """Return numbers in [-0.5, 0.5), two for each frame from *start*, by the mixing step of SplitMix64."""
    mixed = np.arange(start, start + count, dtype=np.int64).astype(np.uint64)
    mixed *= np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    halves = mixed.astype("<u8").view("<i4").reshape(-1, 2)
    return halves.astype(np.float32) * np.float32(2.0**-32)
