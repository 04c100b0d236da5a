"""The table of codecs: one row for each file name's ending."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from voiceguide.audio import RATE, Frames
from voiceguide.errors import SinkError
from voiceguide.export.encoding import mp3, packets, wav
from voiceguide.export.encoding.grid import Render, span

Encode = Callable[[Render, Frames, int, int], Iterator[bytes]]
"""``encode(render, length, segment, bitrate)`` yields the parts of a segment as each is finished."""


class Codec(Struct, frozen=True):
    """One way to encode. `name` is the file name's ending without its dot.

    `bitrate` is the default in bit/s, `bitrates` those allowed; both are empty if there is no choice.
    `encode` yields MP3 frames (some together), AAC or Opus packets (one each), or 16-bit samples (WAV and
    FLAC). `least_bytes(length, bitrate)` is the least size of a file: exact for MP3 and WAV without their
    tags.
    """

    name: str
    media_type: str
    encode: Encode
    least_bytes: Callable[[Frames, int], int]
    bitrate: int = 0
    bitrates: tuple[int, ...] = ()

    def check(self, bitrate: int | None) -> int:
        """Return *bitrate*, or the default for None.

        Raises:
            SinkError: if this codec does not offer it.
        """
        if bitrate is None:
            return self.bitrate
        if bitrate not in self.bitrates:
            offered = ", ".join(str(each // 1000) for each in self.bitrates)
            choice = f"choose one of {offered} kbit/s" if offered else "it has none to choose"
            raise SinkError(f"{self.name} is not made at {bitrate / 1000:g} kbit/s: {choice}")
        return bitrate


def codec(name: str) -> Codec:
    """Return the codec of that *name*.

    Raises:
        SinkError: if there is none.
    """
    found = CODECS.get(name)
    if found is None:
        raise SinkError(f"{name!r} is not a kind of file made here: choose one of {', '.join(CODECS)}")
    return found


def codec_for(path: Path) -> Codec:
    """Return the codec for *path*'s ending.

    Raises:
        SinkError: if there is none.
    """
    found = CODECS.get(path.suffix.lower().removeprefix("."))
    if found is None:
        endings = ", ".join(f".{name}" for name in CODECS)
        raise SinkError(f"{path}: the name's ending says what to make, so give it one of {endings}")
    return found


def _mp3(render: Render, length: Frames, segment: int, bitrate: int) -> Iterator[bytes]:
    return mp3.encode_segment(render, mp3.Mp3Layout(length, bitrate), segment)


def _packets(row: packets.PacketCodec) -> Encode:
    def encode(render: Render, length: Frames, segment: int, bitrate: int) -> Iterator[bytes]:
        first, stop = row.segment_span(segment, length)
        return packets.encode_packets(row, render, length, bitrate, first, stop)

    return encode


def _pcm(render: Render, length: Frames, segment: int, _bitrate: int) -> Iterator[bytes]:
    start, count = span(segment, length)
    return wav.encode_frames(render, length, start, start + count)


def _mp3_bytes(length: Frames, bitrate: int) -> int:
    return mp3.Mp3Layout(length, bitrate).total_bytes


def _wav_bytes(length: Frames, _bitrate: int) -> int:
    return len(wav.header(length)) + length * wav.FRAME_BYTES


def _half(length: Frames, bitrate: int) -> int:
    return length * bitrate // 16 // RATE


_AAC: Final = (96_000, 128_000, 160_000, 192_000, 256_000)
_OPUS: Final = (48_000, 64_000, 96_000, 128_000, 160_000, 192_000)

CODECS: Final = {
    row.name: row
    for row in (
        Codec("mp3", "audio/mpeg", _mp3, _mp3_bytes, mp3.BITRATE, tuple(mp3.BITRATES)),
        Codec("m4a", "audio/mp4", _packets(packets.AAC), _half, 160_000, _AAC),
        Codec("m4b", "audio/mp4", _packets(packets.AAC), _half, 160_000, _AAC),
        Codec("opus", "audio/ogg; codecs=opus", _packets(packets.OPUS), _half, 96_000, _OPUS),
        Codec("flac", "audio/flac", _pcm, _half),
        Codec("wav", "audio/wav", _pcm, _wav_bytes),
    )
}
