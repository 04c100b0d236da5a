"""The breath tones."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pyloudnorm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.audio import RATE, Block, Frames, frames
from voiceguide.sounds.tones import LOUDNESS_LUFS, tone

Kind = Literal["in", "hold", "out"]
KINDS: tuple[Kind, ...] = ("in", "hold", "out")


def pitch(sound: npt.NDArray[np.float32]) -> float:
    """Return the strongest frequency of *sound* in Hz."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 1 << 17))
    return float(np.argmax(spectrum)) * RATE / (1 << 17)


def third(sound: Block, which: int) -> npt.NDArray[np.float32]:
    """Return the middle half of one third of *sound*, one channel."""
    long = len(sound) // 3
    return sound[which * long + long // 4 : which * long + 3 * long // 4, 0]


@given(st.sampled_from(KINDS), st.integers(0, frames(3)))
def test_length(kind: Kind, length: int) -> None:
    """A tone is exactly as long as asked, in two channels, finite, and within full scale."""
    sound = tone(kind, Frames(length))
    assert sound.shape == (length, 2)
    assert sound.dtype == np.float32
    assert np.all(np.abs(sound) < 0.2)


@pytest.mark.parametrize("length", [frames(1.5), frames(4), frames(10)])
def test_directions(length: Frames) -> None:
    """In rises, out falls, hold stays."""
    first, last = ({kind: pitch(third(tone(kind, length), which)) for kind in KINDS} for which in (0, 2))
    assert last["in"] > first["in"] * 1.2
    assert last["out"] < first["out"] / 1.2
    assert last["hold"] == pytest.approx(first["hold"], rel=0.01)


def test_tremor() -> None:
    """Only hold trembles, so that a single moment tells it from the others."""

    def depth(kind: Kind) -> float:
        middle = tone(kind, frames(6))[frames(1.5) : frames(4.5), 0].reshape(-1, 1200)
        level = np.sqrt(np.mean(middle**2, axis=1))
        return float(np.max(level) / np.min(level))

    assert depth("hold") > 1.6
    assert max(depth("in"), depth("out")) < 1.15


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("length", [frames(0.05), frames(2), frames(8)])
def test_no_click(kind: Kind, length: Frames) -> None:
    """A tone begins and ends at zero and nowhere jumps."""
    sound = tone(kind, length)
    assert np.all(sound[[0, -1]] == 0)
    assert np.max(np.abs(np.diff(sound, axis=0))) < 0.02


def test_loudness() -> None:
    """The three are equally loud, at the loudness of the voice while they sound in full."""
    meter = pyloudnorm.Meter(RATE)
    full = [meter.integrated_loudness(tone(kind, frames(8))[frames(1) : frames(6.5)]) for kind in KINDS]
    assert full == pytest.approx([LOUDNESS_LUFS] * 3, abs=0.4)
    for seconds in (2, 5):
        whole = [meter.integrated_loudness(tone(kind, frames(seconds))) for kind in KINDS]
        assert max(whole) - min(whole) < 0.4


def test_pure() -> None:
    """The same arguments give the same samples."""
    assert np.array_equal(tone("in", frames(2)), tone("in", frames(2)))
