"""WAV, 16 bits: the header is known beforehand, and samples can be made for any range.

Over 4 GiB the file is RF64 (EBU Tech 3306), whose sizes have 64 bits.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from voiceguide.audio import CHANNELS, RATE, Frames
from voiceguide.export.encoding.grid import PIECE, Render, pull
from voiceguide.export.encoding.pcm import to_int16

FRAME_BYTES: Final = 2 * CHANNELS

_LARGEST: Final = 0xFFFFFFFF


def header(length: Frames, title: str = "") -> bytes:
    """Return the bytes before the samples of *length* frames; *title* goes into the INFO list."""
    data = length * FRAME_BYTES
    fmt = _chunk(b"fmt ", struct.pack("<HHIIHH", 1, CHANNELS, RATE, RATE * FRAME_BYTES, FRAME_BYTES, 16))
    name = title.encode() + b"\0"
    info = _chunk(b"LIST", b"INFO" + _chunk(b"INAM", name)) if title else b""
    riff = len(b"WAVE" + fmt + info) + 8 + data
    if riff <= _LARGEST:
        return b"RIFF" + struct.pack("<I", riff) + b"WAVE" + fmt + info + b"data" + struct.pack("<I", data)
    ds64 = _chunk(b"ds64", struct.pack("<QQQI", riff + 36, data, length, 0))
    unknown = struct.pack("<I", _LARGEST)
    return b"RF64" + unknown + b"WAVE" + ds64 + fmt + info + b"data" + unknown


def encode_frames(render: Render, length: Frames, start: int, stop: int) -> Iterator[bytes]:
    """Yield frames [start, stop) as in the file, some at a time."""
    for at in range(start, stop, PIECE):
        block = pull(render, length, at, min(PIECE, stop - at))
        yield to_int16(block, at).astype("<i2").tobytes()


def encode_range(render: Render, length: Frames, first_byte: int, last_byte: int) -> Iterator[bytes]:
    """Yield bytes [first_byte, last_byte] of the samples, both included, counted from the header's end.

    Raises:
        ValueError: if the range is not within them.
    """
    if not 0 <= first_byte <= last_byte < length * FRAME_BYTES:
        raise ValueError(f"bytes {first_byte} to {last_byte} of {length * FRAME_BYTES}")
    return _range(render, length, first_byte, last_byte + 1)


def _range(render: Render, length: Frames, start: int, end: int) -> Iterator[bytes]:
    skip, left = start % FRAME_BYTES, end - start
    for made in encode_frames(render, length, start // FRAME_BYTES, -(-end // FRAME_BYTES)):
        part = made[skip : skip + left]
        skip, left = 0, left - len(part)
        yield part


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
