"""The grid: sessions are encoded in segments of 9.6 s, which hold whole packets of every codec."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from voiceguide.audio import CHANNELS, Block, Frames

SEGMENT: Final = 460_800
"""Frames in a segment: 400 MP3 frames, 450 AAC packets, 480 Opus packets."""

PIECE: Final = 24_000
"""Frames requested of a `Render` at a time: few enough to start soon, enough to have little overhead."""

Render = Callable[[Frames, int], Block]
"""``render(start, count)`` returns frames [start, start + count) of the finished mix, shape (count, 2).

Pure and thread-safe. Called only for frames inside the session.
"""


def segments(length: Frames) -> int:
    """Return how many segments *length* frames make."""
    return max(1, -(-length // SEGMENT))


def span(segment: int, length: Frames) -> tuple[Frames, int]:
    """Return the first frame of *segment*, counting from 0, and how many frames it has.

    Raises:
        IndexError: if a session of *length* frames has no such segment.
    """
    if not 0 <= segment < segments(length):
        raise IndexError(f"segment {segment} of {segments(length)}")
    start = segment * SEGMENT
    return Frames(start), min(SEGMENT, length - start)


def pull(render: Render, length: Frames, start: int, count: int) -> Block:
    """Return frames [start, start + count), with silence beyond the session's end."""
    inside = max(0, min(count, length - start))
    if 0 < inside == count:
        return render(Frames(start), count)
    block = np.zeros((count, CHANNELS), np.float32)
    if inside:
        block[:inside] = render(Frames(start), inside)
    return block


def pieces(render: Render, length: Frames, start: int, stop: int, size: int = PIECE) -> Iterator[Block]:
    """Yield frames [start, stop) in blocks of *size* frames, the last of which may be shorter."""
    for at in range(start, stop, size):
        yield pull(render, length, at, min(size, stop - at))
