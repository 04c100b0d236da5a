"""A minute that is unkind to encoders: hum and hiss in bursts, clicks, digital silence, whispers, noise."""

from __future__ import annotations

from functools import cache

import numpy as np

from voiceguide.audio import RATE, Block, Frames, frames
from voiceguide.export.encoding.grid import Render


@cache
def minute() -> Block:
    """Return the minute; nobody may write to it."""
    random = np.random.default_rng(7)
    count = frames(60)
    t = np.arange(count) / RATE
    speaking = (t % 11 < 5) * np.clip(np.sin(2 * np.pi * 3.1 * t), 0, 1) ** 2
    phase = 2 * np.pi * np.cumsum(110 + 10 * np.sin(2 * np.pi * 0.7 * t)) / RATE
    voice = sum(np.sin(n * phase) / n for n in range(1, 20)) * speaking * 0.12
    hiss = random.standard_normal(count) * 0.05 * speaking
    mix = random.standard_normal((count, 2)) * 0.01 + (voice + hiss)[:, np.newaxis]
    for at in range(frames(1), count - 200, frames(3.77)):
        mix[at : at + 200] += random.standard_normal((200, 1)) * 0.5
    mix[frames(18) : frames(21)] = 0
    mix[frames(28) : frames(33)] *= 0.003
    mix[frames(37) : frames(41)] = random.uniform(-0.9, 0.9, (frames(4), 2))
    made: Block = np.clip(mix, -1, 1).astype(np.float32)
    made.flags.writeable = False
    return made


def render(block: Block) -> Render:
    """Return a render that gives *block*, and no frame that it does not have."""

    def give(start: Frames, count: int) -> Block:
        assert 0 <= start <= start + count <= len(block)
        return block[start : start + count]

    return give
