"""Messages between a program and its speaking process: a length, a JSON header, then samples.

A message begins with the length of its header in four bytes, big-endian. The header is a JSON object; its
``frames``, if present, counts the little-endian float32 samples that follow.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt

from voiceguide.audio import Mono, seconds

Header = Mapping[str, Any]
Floats = npt.NDArray[np.floating[Any]]

_LENGTH: Final = struct.Struct(">I")
_SAMPLE: Final = np.dtype("<f4")
_PIECE: Final = 1 << 18
_MOST_HEADER: Final = 1 << 20


class BrokenWire(Exception):
    """The other side sent an invalid message."""


class WireEnded(BrokenWire):
    """The other side has closed the connection."""


def send(wire: BinaryIO, header: Header, sound: Floats | None = None) -> None:
    """Write one message and flush it: the header, then *sound*, of shape (frames,), in pieces.

    Raises:
        OSError: if the other side has closed the connection.
    """
    if sound is not None:
        header = {**header, "frames": int(sound.size)}
    data = json.dumps(header).encode()
    wire.write(_LENGTH.pack(len(data)) + data)
    if sound is not None:
        wire.flush()  # a side that refuses so many frames need not wait for them
        with np.errstate(over="ignore"):  # the receiver detects values that are not finite
            for start in range(0, len(sound), _PIECE):
                wire.write(sound[start : start + _PIECE].astype(_SAMPLE).tobytes())
    wire.flush()


def receive(wire: BinaryIO, most: int = 0) -> tuple[Header, Mono]:
    """Wait for one message and return it; the sound is empty if there is none.

    Raises:
        WireEnded: if the other side has closed the connection.
        BrokenWire: if the message is invalid, or has more than *most* frames of sound, of which none is then
            read.
    """
    (length,) = _LENGTH.unpack(_exactly(wire, _LENGTH.size))
    if length > _MOST_HEADER:
        raise BrokenWire("it sent no message")
    try:
        header = json.loads(_exactly(wire, length))
        count = int(header.get("frames", 0))
    except (AttributeError, TypeError, ValueError) as error:
        raise BrokenWire("it sent no message") from error
    if count < 0:
        raise BrokenWire("it sent no message")
    if count > most:
        raise BrokenWire(too_long(count, most))
    sound = np.frombuffer(_exactly(wire, count * _SAMPLE.itemsize), dtype=_SAMPLE)
    return header, sound.astype(np.float32, copy=False)


def too_long(count: int, most: int) -> str:
    """Return the problem of *count* frames of sound, where at most *most* are allowed."""
    return f"it gave {seconds(count):.0f} s of sound where {seconds(most):.0f} s is the most"


def _exactly(wire: BinaryIO, count: int) -> bytes:
    data = wire.read(count)  # a buffered reader gives less only at the end
    if len(data) < count:
        raise WireEnded("it ended")
    return data
