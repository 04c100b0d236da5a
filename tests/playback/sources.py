"""Sources to fade between whose every gain can be read off the mix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voiceguide.audio import Block
from voiceguide.playback.montage import FOREVER


@dataclass
class Flat:
    """The same value for ever, as far as it is `known`."""

    value: float
    known: int = FOREVER

    def block(self, start: int, count: int) -> Block:
        assert start + count <= self.known, "asked for more than is known"
        return np.full((count, 2), self.value, np.float32)


@dataclass
class Clock:
    """Each frame's own number, in millionths."""

    known: int = FOREVER

    def block(self, start: int, count: int) -> Block:
        assert start + count <= self.known, "asked for more than is known"
        numbers = np.arange(start, start + count) / 1e6
        return np.repeat(numbers.astype(np.float32)[:, None], 2, axis=1)


def steepest(block: Block) -> float:
    """Return the largest difference between two samples that follow each other."""
    return float(np.max(np.abs(np.diff(block, axis=0)), initial=0.0))
