"""Messages between a program and its speaking process: a length, a JSON header, then samples.

Four bytes big-endian give the header's length. The header is a JSON object; its ``frames``, where there is
one, counts the little-endian float32 samples that follow.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

import numpy as np

from voiceguide.audio import RATE, Mono

Header = Mapping[str, Any]

_LENGTH: Final = struct.Struct(">I")
_SAMPLE: Final = np.dtype("<f4")
_MOST_HEADER: Final = 1 << 20
_MOST_FRAMES: Final = 8 * 3600 * RATE


class BrokenWire(Exception):
    """The other side sent something that is no message."""


class WireEnded(BrokenWire):
    """The other side has gone."""


def send(wire: BinaryIO, header: Header, sound: Mono | None = None) -> None:
    """Write one message and flush it.

    Raises:
        OSError: if the other side has gone.
    """
    if sound is not None:
        header = {**header, "frames": int(sound.size)}
    data = json.dumps(header).encode()
    wire.write(_LENGTH.pack(len(data)) + data)
    if sound is not None:
        wire.write(np.ascontiguousarray(sound, dtype=_SAMPLE).tobytes())
    wire.flush()


def receive(wire: BinaryIO) -> tuple[Header, Mono]:
    """Wait for one message and return it; the sound is empty where there is none.

    Raises:
        WireEnded: if the other side has gone.
        BrokenWire: if what it sends is no message.
    """
    (length,) = _LENGTH.unpack(_exactly(wire, _LENGTH.size))
    if length > _MOST_HEADER:
        raise BrokenWire("it sent no message")
    try:
        header = json.loads(_exactly(wire, length))
        count = int(header.get("frames", 0))
    except (AttributeError, TypeError, ValueError) as error:
        raise BrokenWire("it sent no message") from error
    if not 0 <= count <= _MOST_FRAMES:
        raise BrokenWire(f"it sent {count} frames")
    sound = np.frombuffer(_exactly(wire, count * _SAMPLE.itemsize), dtype=_SAMPLE)
    return header, sound.astype(np.float32, copy=False)


def _exactly(wire: BinaryIO, count: int) -> bytes:
    data = wire.read(count)  # a buffered reader gives less only at the end
    if len(data) < count:
        raise WireEnded("it ended")
    return data
