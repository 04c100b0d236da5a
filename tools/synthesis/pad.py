"""A warm pad: notes that swell and fade over ten to twenty seconds and agree in any combination."""

from __future__ import annotations

import numpy as np

from tools.synthesis.circle import Loop, db, noise, since, unit
from voiceguide.audio import RATE

_AIR = [(80, -12), (300, 0), (1200, -6), (4000, -22), (9000, -44), (20000, -70)]

# Semitones above D2 (73.4 Hz).
_GROUND = (0, 7, 12, 12, 7, 19)
_SKY = (24, 19, 28, 26, 31, 21, 24, 33, 28, 19, 26, 31)


def ground(count: int, rng: np.random.Generator) -> Loop:
    """Return roots and fifths, always sounding."""
    root = _note(count, rng, 0) * 0.5 + _note(count, rng, 7) * 0.35 + _note(count, rng, 12) * 0.45
    return unit(root + _choir(count, rng, _GROUND, overlap=1.3)) + db(-58) * noise(count, rng, _AIR)


def sky(count: int, rng: np.random.Generator) -> Loop:
    """Return notes of one pentatonic scale above, several at a time."""
    return db(-5) * unit(_choir(count, rng, _SKY, overlap=2.2)) + db(-58) * noise(count, rng, _AIR)


def _choir(count: int, rng: np.random.Generator, notes: tuple[int, ...], overlap: float) -> Loop:
    """Return *notes* one after another, evenly but not exactly spaced, each swelling over its neighbours."""
    turn = count / RATE
    apart = turn / len(notes)
    choir = np.zeros(count)
    for index, semitones in enumerate(notes):
        time = since(count, (index + rng.uniform(-0.2, 0.2)) * apart)
        half = min(apart * overlap, turn / 2)
        swell = np.where(np.abs(time) < half, np.cos(np.pi * time / (2 * half)) ** 2, 0.0)
        choir += swell * _note(count, rng, semitones)
    return choir


def _note(count: int, rng: np.random.Generator, semitones: int) -> Loop:
    """Return a held note, each partial a narrow band of noise: many players, a few cents apart."""
    pitch = 73.416 * 2 ** (semitones / 12)
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum = np.zeros(len(hertz), dtype=np.complex128)
    for partial in range(1, 9):
        middle = pitch * partial
        width = middle * 0.0022 + 0.15
        level = partial**-1.7 * np.exp(-((middle / 1500) ** 2))
        near = slice(*np.searchsorted(hertz, (middle - 5 * width, middle + 5 * width)))
        spread = np.exp(-0.5 * ((hertz[near] - middle) / width) ** 2) / np.sqrt(width)
        spectrum[near] += level * spread * np.exp(2j * np.pi * rng.random(len(spread)))
    return unit(np.asarray(np.fft.irfft(spectrum, count))) * float((147 / max(pitch, 100)) ** 0.35)
