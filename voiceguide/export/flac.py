"""Writes FLAC files with tags and picture before the sound, so that nothing moves later.

RFC 9639: "fLaC", metadata blocks, frames. The first block is complete only at the end, and is then
overwritten.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import numpy as np

from voiceguide.audio import CHANNELS, RATE, Frames
from voiceguide.errors import SinkError
from voiceguide.export import tags

if TYPE_CHECKING:
    from av import AudioCodecContext, Packet

_MAGIC: Final = b"fLaC"
_STREAMINFO: Final = 0
_STREAMINFO_BYTES: Final = 34
_COMMENTS: Final = 4
_PICTURE: Final = 6
_LAST: Final = 0x80


def write(
    path: Path, samples: Iterator[bytes], length: Frames, comments: Mapping[str, str], cover: bytes | None
) -> None:
    """Write *samples*, 16-bit stereo, *length* frames in all, after *comments* and *cover*, a JPEG."""
    encoder = _encoder()
    with path.open("wb") as file:
        file.write(_head(_with_length(encoder.extradata or b"", length), comments, cover))
        for packet in _packets(encoder, samples):
            file.write(bytes(packet))
            for told in packet.iter_sidedata():
                if told.data_type == "new_extradata":
                    # From the last, empty packet; unlike the first, it has the checksum of all samples.
                    file.seek(len(_MAGIC) + 4)
                    file.write(bytes(told))


def retag(grown: Path, path: Path, comments: Mapping[str, str], cover: bytes | None) -> None:
    """Write to *path* the sound of the FLAC *grown*, with *comments* and *cover* instead of its own."""
    with grown.open("rb") as old, path.open("wb") as new:
        new.write(_head(_streaminfo(old), comments, cover))
        shutil.copyfileobj(old, new)


def _head(streaminfo: bytes, comments: Mapping[str, str], cover: bytes | None) -> bytes:
    blocks = [(_STREAMINFO, streaminfo), (_COMMENTS, tags.comment_block(comments))]
    if cover:
        blocks.append((_PICTURE, tags.picture_block(cover)))
    last = len(blocks) - 1
    return _MAGIC + b"".join(
        bytes((kind | (_LAST if place == last else 0),)) + len(body).to_bytes(3, "big") + body
        for place, (kind, body) in enumerate(blocks)
    )


def _streaminfo(file: BinaryIO) -> bytes:
    """Return the first block of *file*, leaving the position at its first frame."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise SinkError(f"{file.name} is no FLAC file any more; make it again")
    found, last = b"", False
    while not last:
        header = file.read(4)
        if len(header) < 4:
            raise SinkError(f"{file.name} was cut while it was made; make it again")
        body = file.read(int.from_bytes(header[1:], "big"))
        found, last = found or body, bool(header[0] & _LAST)
    return found


def _with_length(streaminfo: bytes, length: Frames) -> bytes:
    """Return *streaminfo* with *length* in its 36 bits, which the encoder leaves empty until the end."""
    whole = int.from_bytes(streaminfo, "big") | length << 128  # an MD5 sum follows it
    return whole.to_bytes(_STREAMINFO_BYTES, "big")


def _encoder() -> AudioCodecContext:
    from av import AudioCodecContext

    made = AudioCodecContext.create("flac", "w")
    assert isinstance(made, AudioCodecContext)
    made.sample_rate, made.layout, made.format = RATE, "stereo", "s16"
    made.time_base = Fraction(1, RATE)
    made.open()
    return made


def _packets(encoder: AudioCodecContext, samples: Iterator[bytes]) -> Iterator[Packet[Any]]:
    """Yield FLAC frames, encoded serially: this is fast, and the checksum needs all samples in order."""
    from av import AudioFrame

    at = 0
    for part in samples:
        block = np.frombuffer(part, "<i2").reshape(1, -1)
        frame = AudioFrame.from_ndarray(block, "s16", "stereo")
        frame.sample_rate, frame.time_base, frame.pts = RATE, encoder.time_base, at
        at += block.size // CHANNELS
        yield from encoder.encode(frame)
    yield from encoder.encode(None)
