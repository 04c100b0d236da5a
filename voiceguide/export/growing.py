"""Files that can be read while they are written, and are replaced by better ones when complete.

The growing file has everything that is known at its start. After the last segment, the file that
`render.write` makes takes its place, from the same packets: with the chapters at their true times, and MP4
with its picture and its index first. Readers of the growing file can read on.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames
from voiceguide.errors import SinkError
from voiceguide.export import containers, flac, tags
from voiceguide.export.containers import ContainerInfo, Parts
from voiceguide.export.encoding import mp3, packets, parallel
from voiceguide.export.encoding.codecs import Codec
from voiceguide.export.encoding.grid import Render, segments
from voiceguide.export.file import explained
from voiceguide.export.render import reported
from voiceguide.files import PartFile

# ISO BMFF in fragments of two seconds, each written when full; the first waits for the sound to start.
_FRAGMENTS: Final = {
    "movflags": "+delay_moov+default_base_moof",
    "frag_duration": "2000000",
    "flush_packets": "1",
}


_PIECE: Final = 1 << 20


class _Way(Struct, frozen=True):
    """How one kind of file grows, and how the complete one is written: (grown file, path, sheet)."""

    grow: Callable[[Path, Parts, ContainerInfo], None]
    finish: Callable[[Path, Path, ContainerInfo], None]


def grow(
    render: Render,
    part: PartFile,
    codec: Codec,
    sheet: ContainerInfo,
    settled: Callable[[], ContainerInfo],
    *,
    jobs: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Encode *render* into *part*, which may be read meanwhile, then replace it by the complete file.

    *codec* is one of `GROWING`, or mp3. *sheet* has what is known now, *settled* returns what is known at the
    end; *jobs* and *progress* are as in `render.write`. The caller keeps or drops *part* afterwards.

    Raises:
        SinkError: if the file cannot be written.
    """
    way, jobs = _WAYS[codec.name], jobs or os.cpu_count() or 1
    count = segments(sheet.length)
    with explained(part.path), ThreadPoolExecutor(jobs, "encode") as pool:
        made = parallel.encode(codec, render, sheet.length, sheet.bitrate, pool, jobs)
        with closing(made) as parts:
            way.grow(part.path, reported(parts, count, progress), sheet)
        whole = PartFile(part.path.parent, codec.name)
        try:
            way.finish(part.path, whole.path, settled())
            part.give_way(whole)
        finally:
            whole.drop()


def _grow_mp4(path: Path, parts: Parts, sheet: ContainerInfo, *, audiobook: bool) -> None:
    containers.mux_mp4(path, parts, sheet, _FRAGMENTS, audiobook=audiobook)


def _again(
    write: Callable[[Path, Parts, ContainerInfo], None],
    codec: packets.PacketCodec,
    grown: Path,
    path: Path,
    sheet: ContainerInfo,
) -> None:
    write(path, _packets(grown, codec, sheet.length), sheet)


def _packets(path: Path, codec: packets.PacketCodec, length: Frames) -> Iterator[Sequence[bytes]]:
    """Yield the packets of the first *length* frames in the file at *path* one by one."""
    import av

    found = 0
    options = {"ignore_editlist": "1"} if codec is packets.AAC else {}
    with av.open(f"file:{path}", options=options) as container:
        for packet in container.demux(audio=0):
            if packet.size:
                found += 1
                yield (bytes(packet),)
    if found != codec.count(length):
        raise SinkError(f"{path} lost some of its sound while it was made; make it again")


def _tagged_mp3(grown: Path, path: Path, sheet: ContainerInfo) -> None:
    """Write the frames of *grown* after the tag of *sheet*, whose chapters may differ."""
    with grown.open("rb") as old:
        old.seek(-mp3.Mp3Layout(sheet.length, sheet.bitrate).audio_bytes, os.SEEK_END)
        containers.write_mp3(path, ((piece,) for piece in iter(partial(old.read, _PIECE), b"")), sheet)


def _tagged_flac(grown: Path, path: Path, sheet: ContainerInfo) -> None:
    flac.retag(grown, path, tags.vorbis_comments(sheet.meta, sheet.chapters), sheet.cover)


_WAYS: Final = {
    "mp3": _Way(containers.write_mp3, _tagged_mp3),
    "m4a": _Way(partial(_grow_mp4, audiobook=False), partial(_again, containers.write_m4a, packets.AAC)),
    "m4b": _Way(partial(_grow_mp4, audiobook=True), partial(_again, containers.write_m4b, packets.AAC)),
    "opus": _Way(containers.write_opus, partial(_again, containers.write_opus, packets.OPUS)),
    "flac": _Way(containers.write_flac, _tagged_flac),
}
GROWING: Final = tuple(name for name in _WAYS if name != "mp3")
"""Codecs of files whose size is known only at the end. MP3 grows only if it is to have chapters."""
