"""Encodes segments in parallel and yields them in order, holding a few at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator
from concurrent.futures import Executor, Future, wait

from voiceguide.audio import Block, Frames
from voiceguide.export.encoding.codecs import Codec
from voiceguide.export.encoding.grid import Render, segments

AHEAD = 2
"""Finished segments that may wait for their turn, besides those being made."""


class Stopped(Exception):
    """Raised inside a segment that is no longer needed. Never leaves this module."""


def encode(
    codec: Codec, render: Render, length: Frames, bitrate: int, executor: Executor, jobs: int
) -> Generator[list[bytes]]:
    """Yield the parts of each segment in order, with *jobs* segments made at a time by *executor*'s threads.

    At most ``jobs + AHEAD`` segments exist at once. When the caller stops iterating or an exception is
    raised, the segments being made stop at their next block, and their threads are free before this generator
    returns. *render* must not wait for work given to the same executor.
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
