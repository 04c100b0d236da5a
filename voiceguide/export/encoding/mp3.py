"""MP3 at a constant bit rate: every byte's position is known before anything is spoken.

The file is (ID3 tag) + one Info frame + `Mp3Layout.count` audio frames, all frames equally long. Each depends
only on the samples around it, so any range can be encoded alone and equals a serial encode byte for byte.

Frame header: ISO/IEC 11172-3. Info frame: the Xing/LAME tag as described in "Mp3 Info Tag revision 1".
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from voiceguide.audio import RATE, Frames
from voiceguide.export.encoding import lame
from voiceguide.export.encoding.grid import SEGMENT, Render, pieces, segments

FRAME: Final = 1152
"""Sample frames in an MP3 frame."""

BITRATE: Final = 128_000

BITRATES: Final = {128_000: 9, 160_000: 10, 192_000: 11, 256_000: 13, 320_000: 14}
"""Numbers of bit rates in a frame header. Below 128 kbit/s the lack of a bit reservoir is audible."""

RUN_IN: Final = 4
"""MP3 frames encoded and discarded before a range. Two suffice for equal bytes; the others are margin."""

LOOKAHEAD: Final = 224
"""Sample frames that LAME reads past the end of the last frame it returns."""

DELAY: Final = 576
"""Frames of silence that LAME inserts first; decoders add another `DECODER_DELAY`."""

DECODER_DELAY: Final = 529


class Mp3Layout(Struct, frozen=True):
    """The positions in the MP3 of a session of `length` frames.

    Byte offsets count from the first audio frame (after the ID3 tag and the Info frame).
    """

    length: Frames
    bitrate: int = BITRATE

    def __post_init__(self) -> None:
        if self.bitrate not in BITRATES:
            raise ValueError(f"MP3 at {self.bitrate} bit/s: choose one of {', '.join(map(str, BITRATES))}")

    @property
    def frame_bytes(self) -> int:
        """Bytes of each MP3 frame."""
        return FRAME * self.bitrate // 8 // RATE

    @property
    def count(self) -> int:
        """The number of audio frames, which include LAME's and the decoder's delay, as LAME counts them."""
        return -(-(self.length + 2 * DELAY) // FRAME)

    @property
    def audio_bytes(self) -> int:
        """Bytes of all audio frames."""
        return self.count * self.frame_bytes

    @property
    def total_bytes(self) -> int:
        """Bytes of the file without its ID3 tag."""
        return self.audio_bytes + self.frame_bytes

    @property
    def padding(self) -> int:
        """Frames of silence that a decoder returns after the session."""
        return self.count * FRAME - DELAY - self.length

    def segment_span(self, segment: int) -> tuple[int, int]:
        """Return the first MP3 frame of *segment* and the one after its last."""
        each, last = SEGMENT // FRAME, segments(self.length) - 1
        if not 0 <= segment <= last:
            raise IndexError(f"segment {segment} of {last + 1}")
        return segment * each, self.count if segment == last else (segment + 1) * each


def encode_frames(
    render: Render,
    layout: Mp3Layout,
    first: int,
    stop: int,
    new_encoder: Callable[[int], lame.Encoder] = lame.encoder,
) -> Iterator[bytes]:
    """Yield MP3 frames [first, stop) as they are finished, one or more whole frames at a time.

    The mix is requested little beyond these frames. Leaving early stops the work.
    """
    lead = min(first, RUN_IN)
    start, end = (first - lead) * FRAME, stop * FRAME + LOOKAHEAD
    skip, left = lead * layout.frame_bytes, (stop - first) * layout.frame_bytes
    with new_encoder(layout.bitrate) as encoder:
        while left > 0:
            for block in pieces(render, layout.length, start, end):
                made = encoder.encode(block)
                skip, made = max(0, skip - len(made)), made[skip : skip + left]
                left -= len(made)
                if made:
                    yield made
            start, end = end, end + FRAME  # for an encoder that looks further ahead than LAME itself


def encode_segment(render: Render, layout: Mp3Layout, segment: int) -> Iterator[bytes]:
    """Yield the MP3 frames of *segment* as they are finished.

    Raises:
        IndexError: if there is no such segment.
    """
    return encode_frames(render, layout, *layout.segment_span(segment))


def encode_range(render: Render, layout: Mp3Layout, first_byte: int, last_byte: int) -> Iterator[bytes]:
    """Yield audio bytes [first_byte, last_byte], both included, at a cost proportional to their number.

    Raises:
        ValueError: if the range is not within the audio part.
    """
    if not 0 <= first_byte <= last_byte < layout.audio_bytes:
        raise ValueError(f"bytes {first_byte} to {last_byte} of {layout.audio_bytes}")
    return _range(render, layout, first_byte, last_byte + 1)


def _range(render: Render, layout: Mp3Layout, start: int, end: int) -> Iterator[bytes]:
    size = layout.frame_bytes
    skip, left = start % size, end - start
    for made in encode_frames(render, layout, start // size, -(-end // size)):
        part = made[skip : skip + left]
        skip, left = 0, left - len(part)
        yield part


def frame_header(bitrate: int) -> bytes:
    """Return the header of a frame: MPEG-1 layer III, no CRC, 48 kHz, joint stereo, original."""
    return bytes((0xFF, 0xFB, BITRATES[bitrate] << 4 | 0b01 << 2, 0b01 << 6 | 0b1 << 2))


def info_frame(layout: Mp3Layout) -> bytes:
    """Return the frame before the audio: its size, and what a decoder has to discard at both ends."""
    frame = bytearray(layout.frame_bytes)
    frame[:4] = frame_header(layout.bitrate)
    # After the header and 32 bytes of side information: flags for all fields, frames, bytes, then where each
    # hundredth of the time is in 256ths of the bytes (evenly, at a constant bit rate), then a quality.
    struct.pack_into(">4sIII", frame, 36, b"Info", 0b1111, layout.count, layout.total_bytes)
    frame[52:152] = bytes(percent * 256 // 100 for percent in range(100))
    struct.pack_into(">I", frame, 152, 100 - 10 * lame.QUALITY)
    struct.pack_into(
        ">9sBBIHHBB3sBbHIH",
        frame,
        156,
        b"LAME3.100",
        0x01,  # revision 0, constant bit rate
        170,  # low pass in units of 100 Hz
        *(0, 0, 0),  # peak and replay gains: not known before synthesis
        0x04,  # ATH type 4
        min(255, layout.bitrate // 1000),
        (DELAY << 12 | layout.padding).to_bytes(3, "big"),
        0b11 << 6 | 0b011 << 2,  # source above 44.1 kHz, joint stereo
        0,
        0,
        layout.total_bytes & 0xFFFFFFFF,
        0,  # CRC of the music: not known before synthesis
    )
    struct.pack_into(">H", frame, 190, crc16(bytes(frame[:190])))
    return bytes(frame)


def crc16(data: bytes) -> int:
    """Return the CRC-16/ARC of *data*, with which the LAME tag ends."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc
