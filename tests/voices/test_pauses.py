"""Cutting at pauses and joining with pauses, on sounds made here."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.audio import RATE, Mono
from voiceguide.voices.engines import pauses

LOW_RATE = 24_000


def tone(seconds: float, rate: int = LOW_RATE) -> Mono:
    times = np.arange(round(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * 220.0 * times)).astype(np.float32)


def hush(seconds: float, rate: int = LOW_RATE) -> Mono:
    return np.zeros(round(seconds * rate), dtype=np.float32)


@given(before=st.floats(0.05, 0.6), pause=st.floats(0.06, 0.5), after=st.floats(0.05, 0.6))
def test_a_cut_falls_into_the_pause(before: float, pause: float, after: float) -> None:
    """Wherever the pause is between the bounds, the valley is inside it."""
    sound = np.concatenate([tone(before), hush(pause), tone(after)])
    at = pauses.valley(sound, LOW_RATE, 0, len(sound)) / LOW_RATE
    assert before - 0.006 <= at <= before + pause + 0.006


@given(before=st.floats(0.0, 0.5), after=st.floats(0.0, 0.5))
def test_silence_around_speech_goes(before: float, after: float) -> None:
    """What is trimmed keeps its sound, and at most 40 ms around it."""
    sound = np.concatenate([hush(before), tone(0.4), hush(after)])
    kept = len(pauses.trimmed(sound, LOW_RATE)) / LOW_RATE
    assert 0.4 - 0.001 <= kept <= 0.4 + 2 * 0.04


def test_silence_trims_to_nothing() -> None:
    """Silence has no edges: nothing is left of it."""
    assert len(pauses.trimmed(hush(0.5), LOW_RATE)) == 0
    assert len(pauses.trimmed(hush(0.0), LOW_RATE)) == 0


def test_edges_are_soft() -> None:
    """A trimmed sound begins and ends at nothing, so that it does not click."""
    kept = pauses.trimmed(tone(0.4), LOW_RATE)
    assert abs(kept[0]) < 1e-6
    assert abs(kept[-1]) < 1e-6


def test_joining_puts_the_gap_between() -> None:
    """Two pieces joined are as long as both and the gap."""
    whole = pauses.joined([tone(0.2), tone(0.3)], LOW_RATE, 0.5)
    assert len(whole) == round(1.0 * LOW_RATE)
    assert not whole[round(0.2 * LOW_RATE) : round(0.7 * LOW_RATE)].any()
    assert len(pauses.joined([], LOW_RATE, 0.5)) == 0


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
def test_every_rate_becomes_ours(rate: int) -> None:
    """A second at any rate is a second at `RATE`, to a frame, and stays float32."""
    ours = pauses.at_rate(tone(1.0, rate), rate)
    assert abs(len(ours) - RATE) <= 1
    assert ours.dtype == np.float32


@given(before=st.floats(0.0, 0.3), lasting=st.floats(0.1, 1.0), loudness=st.floats(0.01, 1.0))
def test_a_sound_lasts_from_its_first_to_its_last(before: float, lasting: float, loudness: float) -> None:
    """How long a piece sounds depends neither on the silence around it nor on how loud it is."""
    piece = np.concatenate([hush(before), tone(lasting) * np.float32(loudness), hush(0.2)])
    assert abs(pauses.sounding(piece, LOW_RATE) - lasting) < 0.005
    assert pauses.sounding(hush(0.3), LOW_RATE) == 0.0
