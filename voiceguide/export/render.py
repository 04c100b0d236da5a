"""Writes a session to a file: segments encoded in parallel, written in order, completely or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path

from voiceguide.audio import Frames
from voiceguide.export.containers import CONTAINERS, ContainerInfo, Parts
from voiceguide.export.encoding import parallel
from voiceguide.export.encoding.codecs import Codec, codec_for
from voiceguide.export.encoding.grid import Render, segments
from voiceguide.export.encoding.meta import ChapterMark, Metadata
from voiceguide.export.file import whole


def write(
    render: Render,
    length: Frames,
    path: Path,
    codec: Codec | None = None,
    *,
    meta: Metadata,
    chapters: Sequence[ChapterMark] = (),
    cover: bytes | None = None,
    bitrate: int | None = None,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Encode *length* frames of *render* into a file at *path*.

    *codec* None means that of the ending. *cover* is a JPEG, *bitrate* in bit/s. *jobs* segments are made at
    a time (None: one per processor), by *executor*'s threads if given. *progress* is called with the part
    done, from 0 to 1, in the calling thread.

    Raises:
        SinkError: if the file cannot be written or its ending is unknown.
    """
    codec = codec or codec_for(path)
    bitrate, jobs = codec.check(bitrate), jobs or os.cpu_count() or 1
    sheet = ContainerInfo(length, bitrate, meta, chapters, cover)
    with ExitStack() as stack:
        part = stack.enter_context(whole(path, codec.least_bytes(length, bitrate)))
        pool = executor or stack.enter_context(ThreadPoolExecutor(jobs, "encode"))
        parts = stack.enter_context(closing(parallel.encode(codec, render, length, bitrate, pool, jobs)))
        CONTAINERS[codec.name](part, reported(parts, segments(length), progress), sheet)


def reported(parts: Parts, count: int, progress: Callable[[float], None] | None) -> Iterator[Sequence[bytes]]:
    """Yield *parts*, and call *progress* after each with the part of *count* that is done."""
    for done, segment in enumerate(parts, 1):
        yield segment
        if progress:
            progress(done / count)
