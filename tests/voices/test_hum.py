from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.audio import Mono, gain, seconds
from voiceguide.script.model import PACES, Pace
from voiceguide.testing.lines import ENGLISH as LINES
from voiceguide.voices.engine import Engine
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.voices.words import words

SLOW = PACES["slow"]

engine: Engine = HumEngine()


def heard(sound: Mono) -> int:
    """Return the frames from first sound to last once *sound* is as loud as a clip (RMS about -20 dBFS)."""
    levelled = sound * (gain(-20.0) / np.sqrt(np.mean(np.square(sound))))
    loud = np.flatnonzero(np.abs(levelled) > gain(-54.0))
    return int(loud[-1] - loud[0] + 1)


@given(text=st.sampled_from(LINES) | st.text(max_size=40), pace=st.integers(60, 240).map(Pace))
def test_the_estimate_is_exact(text: str, pace: Pace) -> None:
    """From first sound to last a line is as long as its estimate, to the frame."""
    sound = engine.speak(text, "low", pace)
    assert heard(sound) == sound.size == engine.estimate(text, "low", pace)


@pytest.mark.parametrize("pace", PACES.values())
def test_the_pace_is_words_a_minute(pace: Pace) -> None:
    """Over many lines the hum keeps the pace asked for, within a tenth."""
    minutes = sum(seconds(engine.estimate(line, "low", pace)) for line in LINES) / 60
    assert sum(map(words, LINES)) / minutes == pytest.approx(pace, rel=0.1)


def test_nothing_clicks_or_clips() -> None:
    """No step between two samples is larger than the tone's own, and the peak leaves room."""
    sound = engine.speak(LINES[-1], "high", SLOW)
    assert sound.dtype == np.float32
    assert sound.ndim == 1
    assert np.abs(sound).max() <= 0.25
    assert np.abs(np.diff(sound, prepend=0.0, append=0.0)).max() < 0.02


def test_a_lean_is_heard() -> None:
    """A leaned-on word sounds different, and takes no more time."""
    leant, level = (engine.speak(text, "low", SLOW) for text in ("You *may* stop.", "You may stop."))
    assert leant.shape == level.shape
    assert not np.array_equal(leant, level)
