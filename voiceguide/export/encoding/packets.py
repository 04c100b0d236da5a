"""AAC and Opus packets by PyAV, segment by segment.

An encoder for a range starts a few packets before it, and discards them: by then the transform's overlap and
the encoder's estimates have settled. Joined packets differ from a serial encode only within coding noise.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING, Final

import numpy as np
from msgspec import Struct

from voiceguide.audio import RATE, Block, Frames
from voiceguide.export.encoding.grid import SEGMENT, Render, pieces, pull, segments

if TYPE_CHECKING:
    from av import AudioCodecContext, AudioFrame


class PacketCodec(Struct, frozen=True):
    """How one of PyAV's encoders cuts a session into packets.

    `frames` is the length of a packet, `priming` the frames in the first one before the session begins,
    `run_in` the number of packets discarded before a range.
    """

    encoder: str
    sample_format: str
    frames: int
    priming: int
    run_in: int

    def count(self, length: Frames) -> int:
        """Return how many packets a session of *length* frames has."""
        return -(-(length + self.priming) // self.frames)

    def segment_span(self, segment: int, length: Frames) -> tuple[int, int]:
        """Return the first packet of *segment* and the one after its last.

        Raises:
            IndexError: if there is no such segment.
        """
        each, last = SEGMENT // self.frames, segments(length) - 1
        if not 0 <= segment <= last:
            raise IndexError(f"segment {segment} of {last + 1}")
        return segment * each, self.count(length) if segment == last else (segment + 1) * each

    def times(self, packet: int, length: Frames) -> tuple[int, int]:
        """Return the start of packet number *packet* and its length, in frames; the last may be shorter."""
        start = packet * self.frames - self.priming
        return start, min(self.frames, length - start)


AAC: Final = PacketCodec("aac", "fltp", frames=1024, priming=1024, run_in=16)
OPUS: Final = PacketCodec("libopus", "flt", frames=960, priming=312, run_in=12)


def context(codec: PacketCodec, bitrate: int) -> AudioCodecContext:
    """Return a new encoder."""
    from av import AudioCodecContext

    made = AudioCodecContext.create(codec.encoder, "w")
    assert isinstance(made, AudioCodecContext)
    configure(made, codec, bitrate)
    return made


def configure(made: AudioCodecContext, codec: PacketCodec, bitrate: int) -> None:
    """Configure *made* like every encoder of a session, so that their packets fit one stream."""
    made.sample_rate = RATE
    made.layout = "stereo"
    made.format = codec.sample_format
    made.bit_rate = bitrate
    made.time_base = Fraction(1, RATE)
    made.thread_count = 1


def encode_packets(
    codec: PacketCodec, render: Render, length: Frames, bitrate: int, first: int, stop: int
) -> Iterator[bytes]:
    """Yield packets [first, stop) one by one. Leaving early stops the work."""
    skip, left = min(first, codec.run_in), stop - first
    encoder = context(codec, bitrate)
    for block in _blocks(codec, render, length, first - skip, stop):
        for packet in encoder.encode(_frame(codec, block)):
            if skip:
                skip -= 1
                continue
            yield bytes(packet)
            left -= 1
            if not left:
                return


def _blocks(codec: PacketCodec, render: Render, length: Frames, first: int, stop: int) -> Iterator[Block]:
    """Yield the mix from packet *first* to *stop* in blocks of one packet, then on until iteration stops."""
    size = codec.frames
    for piece in pieces(render, length, first * size, stop * size, 24 * size):
        yield from np.split(piece, range(size, len(piece), size))
    for packet in count(stop):
        yield pull(render, length, packet * size, size)


def _frame(codec: PacketCodec, block: Block) -> AudioFrame:
    from av import AudioFrame

    planar = codec.sample_format.endswith("p")
    samples = np.ascontiguousarray(block.T if planar else block.reshape(1, -1))
    frame = AudioFrame.from_ndarray(samples, codec.sample_format, "stereo")
    frame.sample_rate = RATE
    return frame
