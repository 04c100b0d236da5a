from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.export.encoding.signal import minute, render
from voiceguide.audio import RATE, Block, Frames, frames
from voiceguide.export.encoding.grid import SEGMENT, Render, segments
from voiceguide.export.encoding.packets import AAC, OPUS, PacketCodec, context, encode_packets

BOTH = pytest.mark.parametrize(("codec", "bitrate"), [(AAC, 160_000), (OPUS, 96_000)], ids=["aac", "opus"])


def joined(codec: PacketCodec, bitrate: int, mix: Render, length: Frames) -> list[bytes]:
    spans = [codec.segment_span(k, length) for k in range(segments(length))]
    return [packet for span in spans for packet in encode_packets(codec, mix, length, bitrate, *span)]


def decoded(codec: PacketCodec, bitrate: int, packets: list[bytes]) -> npt.NDArray[np.float64]:
    """Return what a decoder makes of *packets*, the priming left out."""
    from av import AudioCodecContext, Packet

    decoder: Any = AudioCodecContext.create("aac" if codec is AAC else "libopus", "r")
    encoder: Any = context(codec, bitrate)
    encoder.open()
    decoder.extradata = encoder.extradata
    decoder.sample_rate, decoder.layout = RATE, "stereo"
    heard = [frame for packet in packets for frame in decoder.decode(Packet(packet))]
    arrays = [
        frame.to_ndarray() if frame.format.is_planar else frame.to_ndarray().reshape(-1, 2).T
        for frame in heard
    ]
    sound = np.concatenate(arrays, axis=1).T.astype(float)
    scale = 32768 if heard[0].format.name.startswith("s16") else 1
    missing = codec.priming if codec is AAC else 0  # this Opus decoder leaves its priming out by itself
    return sound[missing:] / scale


def steady(count: int) -> Block:
    t = np.arange(count) / RATE
    tone = 0.2 * np.sin(2 * np.pi * 330 * t) + 0.1 * np.sin(2 * np.pi * 1870 * t)
    return np.stack([tone, tone * 0.7], axis=1).astype(np.float32)


@BOTH
@given(st.integers(1, frames(3600)))
def test_segments_have_every_packet_once(codec: PacketCodec, bitrate: int, length: int) -> None:
    """Packets of the segments follow each other, and the last ends with the session's last frame."""
    spans = [codec.segment_span(k, Frames(length)) for k in range(segments(Frames(length)))]
    assert spans[0][0] == 0
    assert all(a[1] == b[0] for a, b in pairwise(spans))
    last = spans[-1][1] - 1
    start, lasting = codec.times(last, Frames(length))
    assert start + lasting == length
    assert 0 < lasting <= codec.frames


@BOTH
def test_priming_is_what_the_encoder_says(codec: PacketCodec, bitrate: int) -> None:
    """The first packet starts as long before the session as the table says."""
    from av import AudioFrame

    encoder: Any = context(codec, bitrate)
    packets = []
    for number in range(3):
        shape = (2, codec.frames) if codec.sample_format.endswith("p") else (1, 2 * codec.frames)
        frame = AudioFrame.from_ndarray(np.zeros(shape, np.float32), codec.sample_format, "stereo")
        frame.sample_rate, frame.pts = RATE, number * codec.frames
        packets += encoder.encode(frame)
    assert packets[0].pts == -codec.priming
    assert encoder.frame_size == codec.frames


@BOTH
def test_seams_are_within_coding_noise(codec: PacketCodec, bitrate: int) -> None:
    """Steady tones, the hardest to hide a seam in, have no more than coding noise around each seam."""
    block = steady(2 * SEGMENT + 5000)
    sound = decoded(codec, bitrate, joined(codec, bitrate, render(block), Frames(len(block))))[: len(block)]
    error = np.abs(sound - block[: len(sound)])
    for seam in (SEGMENT, 2 * SEGMENT):
        assert error[seam - 2048 : seam + 2048].max() < 0.015
        assert np.sqrt(np.mean(error[seam - 2048 : seam + 2048] ** 2)) < 0.002


@BOTH
def test_a_click_stays_where_it_is(codec: PacketCodec, bitrate: int) -> None:
    """What happens at a frame is heard there, after a seam too."""
    block = np.zeros((SEGMENT + 20_000, 2), np.float32)
    at = SEGMENT + 12_345
    block[at : at + 3] = 0.9
    sound = decoded(codec, bitrate, joined(codec, bitrate, render(block), Frames(len(block))))
    assert abs(int(np.abs(sound[:, 0]).argmax()) - at) <= 4


@BOTH
def test_run_in_never_reaches_before_the_session(codec: PacketCodec, bitrate: int) -> None:
    """A stretch near the start runs in from the start at most, and gives as many packets as asked."""
    got = list(encode_packets(codec, render(minute()), frames(60), bitrate, 3, 10))
    assert len(got) == 7


@BOTH
def test_first_segment_is_the_serial_encode(codec: PacketCodec, bitrate: int) -> None:
    """The first segment's packets are those of an encoder that goes on."""
    first = list(encode_packets(codec, render(minute()), frames(60), bitrate, 0, 40))
    more = list(encode_packets(codec, render(minute()), frames(60), bitrate, 0, 60))
    assert more[:40] == first


def test_there_is_no_segment_after_the_last() -> None:
    """Asking for a segment that does not exist is an error."""
    with pytest.raises(IndexError):
        AAC.segment_span(1, Frames(SEGMENT))
