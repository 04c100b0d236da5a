"""Three bells: partials that are not harmonics, each ringing down at its own pace."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tools.synthesis.circle import Loop, db
from voiceguide.audio import RATE

Struck = npt.NDArray[np.float64]
"""Samples of shape (frames, 2), from the stroke to silence."""

# One row per partial: ratio to the pitch, level dB, seconds to fall by 60 dB, Hz between the two of its pair.
_BOWL = (
    (1.000, 0, 17.0, 0.55),
    (2.756, -5, 12.0, 0.85),
    (5.11, -13, 7.5, 1.3),
    (7.96, -22, 4.2, 1.9),
    (11.2, -31, 2.4, 2.7),
)
_CHIME = (
    (1.000, 0, 8.0, 0.35),
    (2.000, -16, 5.5, 0.6),
    (2.756, -8, 4.6, 0.7),
    (5.404, -17, 2.4, 1.1),
    (8.933, -27, 1.1, 1.7),
)
_WOOD = ((1.000, 0, 0.26, 0.0), (2.42, -9, 0.14, 0.0), (3.87, -17, 0.085, 0.0), (5.61, -25, 0.055, 0.0))


def bowl(rng: np.random.Generator) -> Struck:
    """A singing bowl struck with a felt mallet: rings 15 s, its partials in slowly beating pairs."""
    return _struck(rng, _BOWL, 196.0, 15.0, attack_seconds=0.012, thump_db=-24)


def chime(rng: np.random.Generator) -> Struck:
    """A small hanging tube: clear, higher, rings 8 s."""
    return _struck(rng, _CHIME, 587.33, 8.0, attack_seconds=0.005, thump_db=-34)


def wood(rng: np.random.Generator) -> Struck:
    """A wooden block tapped with a soft stick: half a second."""
    return _struck(rng, _WOOD, 430.0, 0.5, attack_seconds=0.0025, thump_db=-16)


def _struck(
    rng: np.random.Generator,
    partials: tuple[tuple[float, float, float, float], ...],
    pitch: float,
    long_seconds: float,
    attack_seconds: float,
    thump_db: float,
) -> Struck:
    time = np.arange(int(long_seconds * RATE)) / RATE
    ears = np.zeros((len(time), 2))
    for ratio, level, fall, beat in partials:
        decay = db(level) * 10.0 ** (-3.0 * time / fall)
        for half, share in ((-0.5, 0.72), (0.5, 0.28)):
            lean = rng.uniform(-0.18, 0.18) * half
            wave = (
                share
                * decay
                * np.sin(2 * np.pi * (pitch * ratio + half * beat) * time + rng.uniform(0, 6.28))
            )
            ears += wave[:, None] * np.array([1 + 2 * lean, 1 - 2 * lean])
    ears += (db(thump_db) * _thump(rng, time, attack_seconds))[:, None]
    attack = np.sin(np.pi / 2 * np.minimum(1.0, time / attack_seconds)) ** 2
    close = np.cos(np.pi / 2 * np.clip((time / long_seconds - 0.75) / 0.25, 0, 1)) ** 2
    return np.asarray(ears * (attack * close)[:, None])


def _thump(rng: np.random.Generator, time: Loop, attack_seconds: float) -> Loop:
    """Return the felt on the metal: noise gone in a few attacks, without its hiss."""
    noise = rng.standard_normal(len(time)) * np.exp(-time / (3 * attack_seconds))
    hertz = np.fft.rfftfreq(len(time), 1 / RATE)
    return np.asarray(np.fft.irfft(np.fft.rfft(noise) / (1 + (hertz / 900) ** 2), len(time))) * 4
