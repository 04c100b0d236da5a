from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from functools import cache
from io import BytesIO
from itertools import pairwise
from typing import Any, Self, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.encoding.signal import minute, render
from voiceguide.audio import RATE, Block, Frames, frames, seconds
from voiceguide.audio.loudness import lufs
from voiceguide.export.encoding import lame, mp3
from voiceguide.export.encoding.grid import SEGMENT, segments
from voiceguide.export.encoding.mp3 import FRAME, Mp3Layout, encode_range, encode_segment, info_frame

needs_lame = pytest.mark.skipif(lame.native() is None, reason="no LAME here but PyAV's")


def serial(block: Block, bitrate: int) -> bytes:
    library = lame.native()
    assert library is not None
    with lame.NativeLame(library, bitrate, lame.QUALITY) as encoder:
        return encoder.encode(block) + encoder.finish()


def joined(block: Block, layout: Mp3Layout) -> bytes:
    parts = (encode_segment(render(block), layout, k) for k in range(segments(layout.length)))
    return b"".join(piece for part in parts for piece in part)


def decoded(data: bytes) -> Block:
    import av

    container: Any
    with av.open(BytesIO(data), format="mp3") as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1).T


@needs_lame
@pytest.mark.parametrize("bitrate", [128_000, 192_000])
def test_joined_segments_are_one_serial_encode(bitrate: int) -> None:
    """Segments encoded alone and joined are byte for byte what one encoder writes."""
    block = minute()[: frames(60) - 777]
    assert joined(block, Mp3Layout(Frames(len(block)), bitrate)) == serial(block, bitrate)


@pytest.mark.slow
@needs_lame
@settings(max_examples=25, deadline=None)
@given(
    st.one_of(
        st.integers(1, 6 * FRAME),
        st.integers(-2 * FRAME, 2 * FRAME).map(lambda more: SEGMENT + more),
        st.sampled_from([k * FRAME + more for k in (1, 2, 399, 400, 401) for more in (-1, 0, 1)]),
    )
)
def test_any_length_is_one_serial_encode(length: int) -> None:
    """Whatever the length, the bytes are those of one encoder, and as many as the layout says."""
    block = minute()[frames(17) :][:length]
    layout = Mp3Layout(Frames(length))
    made = joined(block, layout)
    assert len(made) == layout.audio_bytes
    assert made == serial(block, 128_000)


@needs_lame
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_any_range_is_a_slice_of_the_whole(data: st.DataObject) -> None:
    """A range of bytes, wherever it begins and ends, is the same stretch of the whole file."""
    block, layout = _short()
    first = data.draw(st.integers(0, layout.audio_bytes - 1))
    last = data.draw(st.integers(first, min(layout.audio_bytes, first + 5000) - 1))
    made = b"".join(encode_range(render(block), layout, first, last))
    assert made == _whole()[first : last + 1]


def speechlike() -> Block:
    """Return ten seconds of a buzz that comes and goes as a voice does, and has nothing over 6 kHz."""
    t = np.arange(frames(10)) / RATE
    loud = 0.06 * np.clip(np.sin(2 * np.pi * 0.9 * t), 0.05, 1)
    buzz = loud * sum(np.cos(2 * np.pi * 150 * n * t + n * n) for n in range(1, 40)) / np.sqrt(40)
    return np.repeat(buzz[:, np.newaxis], 2, axis=1).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("new_encoder", [lame.encoder, lambda rate: lame.PyAvLame(rate, lame.QUALITY)])
@pytest.mark.parametrize("bitrate", sorted(mp3.BITRATES))
def test_no_bit_rate_is_softer(bitrate: int, new_encoder: Callable[[int], lame.Encoder]) -> None:
    """What is decoded is as loud as what went in, within 0.1 LU, at every bit rate, by either LAME."""
    block = speechlike()
    layout = Mp3Layout(Frames(len(block)), bitrate)
    made = b"".join(mp3.encode_frames(render(block), layout, 0, layout.count, new_encoder))
    assert lufs(decoded(info_frame(layout) + made)) == pytest.approx(lufs(block), abs=0.1)


def _short() -> tuple[Block, Mp3Layout]:
    block = minute()[frames(14) : frames(34)]
    return block, Mp3Layout(Frames(len(block)))


@cache
def _whole() -> bytes:
    return joined(*_short())


@pytest.mark.parametrize("span", [(-1, 5), (5, 4), (0, 10**9)])
def test_range_outside_is_refused(span: tuple[int, int]) -> None:
    """A range outside the audio is refused before any work."""
    with pytest.raises(ValueError, match="bytes"):
        encode_range(render(minute()), Mp3Layout(frames(60)), *span)


def test_work_is_in_proportion_to_the_range() -> None:
    """A short range in the middle of a segment asks for little more of the mix than it carries."""
    asked: list[int] = []

    def watched(start: Frames, count: int) -> Block:
        asked.append(count)
        return minute()[start : start + count]

    layout = Mp3Layout(frames(60))
    middle = frames(25) // FRAME * layout.frame_bytes
    list(encode_range(watched, layout, middle, middle + 10 * layout.frame_bytes - 1))
    assert sum(asked) <= (10 + mp3.RUN_IN + 1) * FRAME


def test_first_bytes_need_only_the_first_seconds() -> None:
    """The first 64 KiB are there when little more than the four seconds they carry has been mixed."""
    reach = 0

    def watched(start: Frames, count: int) -> Block:
        nonlocal reach
        reach = max(reach, start + count)
        return minute()[start : start + count]

    got = 0
    for piece in encode_segment(watched, Mp3Layout(frames(60)), 0):
        got += len(piece)
        if got >= 65_536:
            break
    assert seconds(reach) < 65_536 * 8 / 128_000 + 0.6


def test_encoders_are_closed_when_the_reader_leaves() -> None:
    """Leaving a stretch early gives its encoder back."""

    class Echo:
        open = 0

        def __enter__(self) -> Self:
            self.open += 1
            return self

        def __exit__(self, *failure: object) -> None:
            self.open -= 1

        def encode(self, block: Block) -> bytes:
            return bytes(len(block))

    echo = Echo()
    made = mp3.encode_frames(render(minute()), Mp3Layout(frames(60)), 0, 400, lambda _: echo)
    with closing(cast("Generator[bytes]", made)):
        next(made)
        assert echo.open == 1
    assert echo.open == 0


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 4 * FRAME), st.sampled_from(sorted(mp3.BITRATES)))
def test_decoders_give_exactly_the_session(length: int, bitrate: int) -> None:
    """A decoder that reads the Info frame gives as many frames as went in, none moved."""
    block = minute()[frames(5) :][:length]
    layout = Mp3Layout(Frames(length), bitrate)
    made = decoded(info_frame(layout) + joined(block, layout))
    assert len(made) == length


def test_a_click_stays_where_it_is() -> None:
    """What happens at a frame is heard at that frame."""
    block = np.zeros((frames(0.5), 2), np.float32)
    block[12_345] = 0.9
    layout = Mp3Layout(Frames(len(block)), 192_000)
    made = decoded(info_frame(layout) + joined(block, layout))
    assert int(np.abs(made[:, 0]).argmax()) == 12_345


def test_info_frame_is_read_by_others() -> None:
    """Another program's reader finds length, bit rate and kind in the Info frame."""
    from mutagen.mp3 import MP3, BitrateMode

    layout = Mp3Layout(Frames(100_000), 160_000)
    info: Any = MP3(BytesIO(info_frame(layout) + joined(minute()[:100_000], layout))).info
    assert info.length == pytest.approx(seconds(100_000), abs=1e-6)
    assert (info.bitrate, info.sample_rate, info.channels) == (160_000, 48_000, 2)
    assert info.bitrate_mode is BitrateMode.CBR


def test_every_frame_has_the_same_header_and_size() -> None:
    """Each MP3 frame starts where the layout says."""
    made, size = _whole(), _short()[1].frame_bytes
    assert all(made[at : at + 3] == mp3.frame_header(128_000)[:3] for at in range(0, len(made), size))


@given(st.integers(1, frames(8 * 3600)), st.sampled_from(sorted(mp3.BITRATES)))
def test_layout_holds_together(length: int, bitrate: int) -> None:
    """Frames, padding and segments agree for every length, and the padding fits its 12 bits."""
    layout = Mp3Layout(Frames(length), bitrate)
    assert layout.count * FRAME == mp3.DELAY + length + layout.padding
    assert mp3.DECODER_DELAY <= layout.padding < 4096
    spans = [layout.segment_span(k) for k in range(segments(layout.length))]
    assert spans[0][0] == 0
    assert spans[-1][1] == layout.count
    assert all(a[1] == b[0] for a, b in pairwise(spans))


def test_unknown_bitrates_are_refused() -> None:
    """A bit rate that would be heard, or that MP3 has not, is refused."""
    with pytest.raises(ValueError, match="choose one of 128000"):
        Mp3Layout(frames(1), 64_000)


def test_there_is_no_segment_after_the_last() -> None:
    """Asking for a segment that does not exist is an error."""
    with pytest.raises(IndexError):
        encode_segment(render(minute()), Mp3Layout(frames(60)), 7)


def test_pyav_can_stand_in() -> None:
    """Without LAME's C functions, PyAV's encoder gives as many bytes, and every sound in its place."""
    block = np.zeros((frames(1), 2), np.float32)
    block[30_000] = 0.9
    layout = Mp3Layout(Frames(len(block)))
    parts = (
        mp3.encode_frames(render(block), layout, *span, lambda bitrate: lame.PyAvLame(bitrate, lame.QUALITY))
        for span in ((0, 17), (17, layout.count))
    )
    made = b"".join(piece for part in parts for piece in part)
    assert len(made) == layout.audio_bytes
    assert int(np.abs(decoded(info_frame(layout) + made)[:, 0]).argmax()) == 30_000


def test_crc_is_the_one_of_the_standard() -> None:
    """CRC-16/ARC of the check string is BB3D."""
    assert mp3.crc16(b"123456789") == 0xBB3D
