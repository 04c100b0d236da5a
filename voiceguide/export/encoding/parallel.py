"""Segments made side by side, given out in order, a few at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator
from concurrent.futures import Executor, Future, wait

from voiceguide.audio import Block, Frames
from voiceguide.export.encoding.codecs import Codec
from voiceguide.export.encoding.grid import Render, segments

AHEAD = 2
"""Finished segments that may wait for their turn, beside those being made."""


class Stopped(Exception):
    """Raised inside a segment whose result nobody wants any more. Never leaves this module."""


def encode(
    codec: Codec, render: Render, length: Frames, bitrate: int, executor: Executor, jobs: int
) -> Generator[list[bytes]]:
    """Yield the parts of each segment in order, *jobs* segments being made at a time by *executor*'s threads.

    No more than ``jobs + AHEAD`` segments exist at once. When the caller leaves, whether by itself or by an
    exception, the segments under way stop at their next block, and their threads are free before control
    returns. *render* must not wait for work that it gives to the same executor.
    """
    stop = threading.Event()

    def wanted(start: Frames, count: int) -> Block:
        if stop.is_set():
            raise Stopped
        return render(start, count)

    def make(segment: int) -> list[bytes]:
        return list(codec.encode(wanted, length, segment, bitrate))

    waiting: deque[Future[list[bytes]]] = deque()
    try:
        for segment in range(segments(length)):
            if len(waiting) == jobs + AHEAD:
                yield waiting.popleft().result()
            waiting.append(executor.submit(make, segment))
        while waiting:
            yield waiting.popleft().result()
    finally:
        stop.set()
        for future in waiting:
            future.cancel()
        wait(waiting)
