"""Writes encoded segments into a file of each kind, with headers, tags and chapters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from voiceguide.audio import RATE, Frames
from voiceguide.export import flac, mp4, tags
from voiceguide.export.encoding import mp3, packets, wav
from voiceguide.export.encoding.meta import ChapterMark, Metadata, chapter_spans
from voiceguide.export.id3 import id3_tag

if TYPE_CHECKING:
    from av.container import OutputContainer

_TICK: Final = Fraction(1, RATE)

Parts = Iterable[Sequence[bytes]]
"""The encoded parts of each segment, in order."""


class ContainerInfo(Struct, frozen=True):
    """Information about the sound in a container. `cover` is a JPEG, `bitrate` in bit/s."""

    length: Frames
    bitrate: int
    meta: Metadata
    chapters: Sequence[ChapterMark] = ()
    cover: bytes | None = None


def write_mp3(path: Path, parts: Parts, sheet: ContainerInfo) -> None:
    """Write the ID3 tag, Info frame and audio frames."""
    with path.open("wb") as file:
        file.write(id3_tag(sheet.meta, sheet.chapters, sheet.cover, sheet.length))
        file.write(mp3.info_frame(mp3.Mp3Layout(sheet.length, sheet.bitrate)))
        for segment in parts:
            file.writelines(segment)


def write_wav(path: Path, parts: Parts, sheet: ContainerInfo) -> None:
    """Write the header and samples."""
    with path.open("wb") as file:
        file.write(wav.header(sheet.length, sheet.meta.title))
        for segment in parts:
            file.writelines(segment)


def write_m4a(path: Path, parts: Parts, sheet: ContainerInfo) -> None:
    """Write AAC in MP4 with its index first, so that it can play while it loads."""
    _write_mp4(path, parts, sheet, audiobook=False)


def write_m4b(path: Path, parts: Parts, sheet: ContainerInfo) -> None:
    """Write AAC in MP4 as an audiobook."""
    _write_mp4(path, parts, sheet, audiobook=True)


def _write_mp4(path: Path, parts: Parts, sheet: ContainerInfo, *, audiobook: bool) -> None:
    series = (sheet.meta.series, sheet.meta.part) if audiobook else ()
    more = mp4.items(sheet.cover, *series)
    words = {mp4.PLACE: mp4.room(more)} if more else {}
    mux_mp4(path, parts, sheet, {"movflags": "+faststart"}, words, audiobook=audiobook)
    if more:
        mp4.fill(path, more)


def mux_mp4(
    path: Path,
    parts: Parts,
    sheet: ContainerInfo,
    options: dict[str, str],
    words: Mapping[str, str] = MappingProxyType({}),
    *,
    audiobook: bool,
) -> None:
    """Write AAC in MP4 with *options* of ffmpeg's muxer and *words* as further tags; without the cover."""
    # With the sample rate as the movie's time scale, its edit list ends the session on the exact frame.
    usual = {"movie_timescale": str(RATE), "brand": "M4B " if audiobook else "M4A "}
    with _open(path, "ipod", usual | options) as container:
        container.metadata.update(tags.mp4_tags(sheet.meta, audiobook=audiobook) | dict(words))
        container.set_chapters(_chapters(sheet))
        _mux(container, packets.AAC, parts, sheet)


def write_opus(path: Path, parts: Parts, sheet: ContainerInfo) -> None:
    """Write Opus in Ogg (RFC 7845). Chapters are written as comments, as ffmpeg rounds their seconds."""
    with _open(path, "ogg", {}) as container:
        container.metadata.update(tags.vorbis_comments(sheet.meta, sheet.chapters))
        if sheet.cover:
            container.metadata.update(tags.picture_comment(sheet.cover))
        _mux(container, packets.OPUS, parts, sheet)


def write_flac(path: Path, parts: Parts, sheet: ContainerInfo) -> None:
    """Write FLAC."""
    samples = (part for segment in parts for part in segment)
    flac.write(path, samples, sheet.length, tags.vorbis_comments(sheet.meta, sheet.chapters), sheet.cover)


def _open(path: Path, kind: str, options: dict[str, str]) -> AbstractContextManager[OutputContainer]:
    import av

    # "file:" because a folder's name can look like an ffmpeg protocol; bitexact for equal bytes every time.
    return av.open(f"file:{path}", "w", format=kind, options={"fflags": "+bitexact", **options})


def _chapters(sheet: ContainerInfo) -> list[Any]:
    return [
        {"id": number, "start": start, "end": end, "time_base": _TICK, "metadata": {"title": title}}
        for number, (start, end, title) in enumerate(chapter_spans(sheet.chapters, sheet.length))
    ]


def _mux(container: OutputContainer, codec: packets.PacketCodec, parts: Parts, sheet: ContainerInfo) -> None:
    from av import Packet

    stream: Any = container.add_stream(codec.encoder, rate=RATE)
    stream.metadata["language"] = sheet.meta.language_code
    packets.configure(stream.codec_context, codec, sheet.bitrate)
    container.start_encoding()
    number = 0
    for segment in parts:
        for data in segment:
            packet = Packet(data)
            start, length = codec.times(number, sheet.length)
            packet.stream, packet.time_base, packet.is_keyframe = stream, _TICK, True
            packet.pts = packet.dts = start
            packet.duration = length
            container.mux(packet)
            number += 1


CONTAINERS: Final = {
    "mp3": write_mp3,
    "m4a": write_m4a,
    "m4b": write_m4b,
    "opus": write_opus,
    "flac": write_flac,
    "wav": write_wav,
}
"""The function that writes each codec's file: (path, parts, sheet)."""
