from __future__ import annotations

import numpy as np
import pytest
import soxr

from tests.playback.conftest import begin as begin
from tests.playback.conftest import studio as studio
from tests.playback.conftest import write as write
from voiceguide.audio import RATE, Mono
from voiceguide.playback.controls.voice.words import LISTEN_RATE
from voiceguide.script.model import Pace
from voiceguide.voices.engines.system import SystemEngine

HEAD = """voiceguide: 1
title: Words
summary: A session that says its own commands.
technique: grounding-chair
language: en
intensity: gentle
contains: []
length: {default: 1m, least: 30s, most: 10m}
ambience: {sound: soft-rain, level: -20 dB}
steps:
"""

LEVEL = 0.05
"""How loud speech arrives at the microphone: its effective value."""


def quiet_room(seconds: float, seed: int = 1) -> Mono:
    """Return *seconds* of a microphone's own hiss."""
    noise = np.random.default_rng(seed).normal(0.0, LEVEL / 200, round(seconds * LISTEN_RATE))
    return noise.astype(np.float32)


def at_microphone(samples: Mono) -> Mono:
    """Return *samples*, at our rate, as the microphone would hear them, without silence around."""
    heard = soxr.resample(samples, RATE, LISTEN_RATE).astype(np.float32)
    sound = np.flatnonzero(np.abs(heard) > np.abs(heard).max() * 0.02)
    cut: Mono = heard[sound[0] : sound[-1] + 1]
    return cut * np.float32(LEVEL / np.sqrt(np.mean(cut**2)))


def in_a_room(said: Mono, before: float = 1.5, after: float = 0.8) -> Mono:
    """Return *said* with some quiet before and after it."""
    made = quiet_room(before + after + len(said) / LISTEN_RATE)
    start = round(before * LISTEN_RATE)
    made[start : start + len(said)] += said
    return made


@pytest.fixture(scope="session")
def voice() -> SystemEngine:
    return SystemEngine()


def spoken(engine: SystemEngine, words: str, pace: int = 165) -> Mono:
    """Return *words*, spoken by the system's voice, at the microphone."""
    return at_microphone(engine.speak(f"{words.capitalize()}.", engine.voices()[0].name, Pace(pace)))
