from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest

from voiceguide.audio import Block, Frames
from voiceguide.export.encoding import parallel
from voiceguide.export.encoding.codecs import CODECS
from voiceguide.export.encoding.grid import SEGMENT, segments

WAV = CODECS["wav"]
LENGTH = Frames(20 * SEGMENT)


def silence(start: Frames, count: int) -> Block:
    return np.zeros((count, 2), np.float32)


class Fault(Exception):
    pass


def test_segments_come_in_order() -> None:
    """Whoever finishes first, segments are given in their order."""
    later = threading.Event()

    def mix(start: Frames, count: int) -> Block:
        if start >= SEGMENT:
            later.set()
        else:
            assert later.wait(10)  # the first segment finishes after a later one has begun
        return np.full((count, 2), start // SEGMENT * 1000 / 32768, np.float32)

    length = Frames(3 * SEGMENT)
    with ThreadPoolExecutor(2) as pool, closing(parallel.encode(WAV, mix, length, 0, pool, 2)) as parts:
        levels = [np.frombuffer(part[0], "<i2").mean().round() for part in parts]
    assert levels == [0, 1000, 2000]


def test_few_segments_exist_at_once() -> None:
    """However slow the reader, no more segments are begun than may wait."""
    begun: set[int] = set()

    def mix(start: Frames, count: int) -> Block:
        begun.add(start // SEGMENT)
        return silence(start, count)

    with ThreadPoolExecutor(2) as pool, closing(parallel.encode(WAV, mix, LENGTH, 0, pool, 2)) as parts:
        for given, _ in enumerate(parts, 1):
            assert len(begun) <= given + 2 + parallel.AHEAD
    assert len(begun) == segments(LENGTH)


def test_leaving_stops_the_work() -> None:
    """When the reader leaves, segments under way stop at their next block, and no other is begun."""
    asked = 0

    def mix(start: Frames, count: int) -> Block:
        nonlocal asked
        asked += 1
        return silence(start, count)

    with ThreadPoolExecutor(2) as pool:
        with closing(parallel.encode(WAV, mix, LENGTH, 0, pool, 2)) as parts:
            next(parts)
        before = asked
        assert pool.submit(int, "7").result() == 7
        assert asked == before


def test_a_fault_in_one_segment_ends_all() -> None:
    """An exception while a segment is made reaches the reader."""

    def mix(start: Frames, count: int) -> Block:
        if start // SEGMENT == 2:
            raise Fault
        return silence(start, count)

    with ThreadPoolExecutor(2) as pool, pytest.raises(Fault):
        list(parallel.encode(WAV, mix, LENGTH, 0, pool, 2))
