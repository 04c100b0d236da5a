from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.encoding.signal import minute, render
from voiceguide.audio import RATE, Block, Frames, frames
from voiceguide.export.encoding import wav
from voiceguide.export.encoding.pcm import to_int16


def silence(count: int) -> Block:
    return np.zeros((count, 2), np.float32)


@settings(deadline=None)
@given(st.integers(0, 9000), st.integers(0, 9000), st.integers(0, 3000))
def test_sixteen_bits_do_not_depend_on_the_cut(start: int, count: int, cut: int) -> None:
    """The same frames give the same 16 bits, however the session is cut into blocks."""
    block, cut = minute()[start : start + count], min(cut, count)
    parts = [to_int16(block[:cut], start), to_int16(block[cut:], start + cut)]
    assert np.array_equal(np.concatenate(parts), to_int16(block, start))


def test_dither_is_triangular() -> None:
    """Dithered silence has no mean, the power of triangular dither and rounding, and channels that differ."""
    made = to_int16(silence(frames(10)), 0).astype(float)
    assert abs(made.mean()) < 0.001
    assert made.var() == pytest.approx(1 / 6 + 1 / 12, rel=0.02)
    assert np.abs(made).max() == 1
    assert abs(np.corrcoef(made.T)[0, 1]) < 0.01


def test_what_is_under_one_bit_is_kept_as_an_average() -> None:
    """A level of a quarter of a bit is still there on average: rounding makes no distortion."""
    quarter = silence(frames(10)) + np.float32(0.25 / 32768)
    assert to_int16(quarter, 77).mean() == pytest.approx(0.25, abs=0.003)


def test_dither_is_mostly_high() -> None:
    """The dither has less power below 4 kHz than white dither would have."""
    made = to_int16(silence(1 << 16), 0)[:, 0].astype(float)
    power = np.abs(np.fft.rfft(made)) ** 2
    low = int(4000 / RATE * len(made))
    assert power[1:low].mean() < 0.6 * power.mean()


def test_full_scale_does_not_wrap() -> None:
    """Samples at and beyond full scale stay at the ends of 16 bits."""
    loud = silence(1000) + np.float32(1.5)
    assert (to_int16(loud, 0) == 32767).all()
    assert (to_int16(-loud, 0) == -32768).all()


def test_file_is_read_by_others() -> None:
    """Header and samples together are a WAV of the exact length, within 2 LSB of what went in."""
    block = minute()[: frames(1) + 1]
    length = Frames(len(block))
    body = b"".join(wav.encode_frames(render(block), length, 0, length))
    data, rate = soundfile.read(BytesIO(wav.header(length, "Sitting") + body), dtype="float32")
    assert rate == RATE
    assert data.shape == block.shape
    assert np.abs(data - block).max() <= 2 / 32768


@pytest.mark.parametrize("title", ["", "odd", "even", "Ümlaut"])
def test_header_counts_every_byte(title: str) -> None:
    """The RIFF size is the file's size less eight, with or without a title."""
    head = wav.header(Frames(1000), title)
    assert int.from_bytes(head[4:8], "little") == len(head) + 4000 - 8
    assert len(head) % 2 == 0


def test_long_night_becomes_rf64() -> None:
    """Over 4 GiB the sizes have 64 bits, and another program's reader finds the length."""
    length = frames(8 * 3600)
    head = wav.header(length)
    assert head[:4] == b"RF64"
    assert int.from_bytes(head[20:28], "little") == len(head) + 4 * length - 8
    assert int.from_bytes(head[28:36], "little") == 4 * length
    assert int.from_bytes(head[36:44], "little") == length


@settings(deadline=None)
@given(st.data())
def test_any_range_is_a_slice_of_the_whole(data: st.DataObject) -> None:
    """A range of bytes is the same stretch of the whole file's samples."""
    block = minute()[:30_000]
    first = data.draw(st.integers(0, 4 * len(block) - 1))
    last = data.draw(st.integers(first, 4 * len(block) - 1))
    made = b"".join(wav.encode_range(render(block), Frames(len(block)), first, last))
    assert made == to_int16(block, 0).tobytes()[first : last + 1]


def test_range_outside_is_refused() -> None:
    """A range outside the samples is refused."""
    with pytest.raises(ValueError, match="bytes"):
        wav.encode_range(render(minute()), Frames(10), 0, 40)
