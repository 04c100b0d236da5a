"""Wind, night air with crickets, and brown noise."""

from __future__ import annotations

import numpy as np

from tools.synthesis.circle import Loop, db, filtered, noise, place, unit, wander
from voiceguide.audio import RATE


def brown(count: int, rng: np.random.Generator) -> Loop:
    """Power falling with the square of frequency from 40 Hz up; below, a roll-off to spare loudspeakers."""
    return noise(count, rng, [(10, -48), (20, -16), (40, 0), (80, -6), (20480, -54.2)])


_BANDS_HZ = tuple(90 * 2 ** (step / 2) for step in range(11))


def wind(count: int, rng: np.random.Generator) -> Loop:
    """Broad bands of noise whose middle wanders up as a gust comes, down as it goes, and a rustle on top."""
    gust = wander(count, rng, 20, 4) + 0.22 * wander(count, rng, 4, 1.5)
    middle = np.log2(280) + 0.42 * gust + 0.25 * wander(count, rng, 25, 5)
    strength = np.exp(0.36 * gust)
    air: Loop = np.zeros(count)
    for hertz in _BANDS_HZ:
        near = np.exp(-0.5 * ((np.log2(hertz) - middle) / 1.15) ** 2)
        edge = [(hertz / 4, -50), (hertz / 1.42, -5), (hertz, 0), (hertz * 1.42, -5), (hertz * 4, -50)]
        air += noise(count, rng, edge) * near * strength / (hertz / 90) ** 0.22
    rustle = noise(count, rng, [(700, -30), (1800, 0), (3500, -3), (6000, -12), (10000, -36), (20000, -70)])
    return np.asarray(unit(air) + db(-26) * rustle * strength**2)


_FAR = [(60, -14), (110, 0), (220, -3), (500, -11), (1000, -20), (2500, -34), (6000, -50), (20000, -80)]


def night(count: int, rng: np.random.Generator) -> Loop:
    """Far, still air with tree crickets: soft chirps near 2.8 kHz, two a second, each at its own distance."""
    crickets = np.zeros(count)
    for distance_db in (0, -4, -7, -10, -12, -15):
        crickets += db(distance_db) * unit(_cricket(count, rng))
    dark = [(800, -40), (1800, 0), (3600, 0), (5000, -12), (9000, -40), (20000, -80)]
    air = noise(count, rng, _FAR) * (1 + 0.10 * wander(count, rng, 15, 3))
    hush = noise(count, rng, [(300, -30), (1200, -4), (2600, 0), (4000, -6), (8000, -26), (20000, -70)])
    return air + db(-25) * hush + db(-17.5) * _outdoors(filtered(unit(crickets), dark), rng)


def _cricket(count: int, rng: np.random.Generator) -> Loop:
    """Return one snowy tree cricket: chirps of eight pulses, resting now and then for a few seconds."""
    song = np.zeros(count)
    pitch = rng.uniform(2550, 3050)
    chirps = round(count / RATE * rng.uniform(1.7, 2.2))
    mood = wander(count, rng, 20, 5)
    for index in range(chirps):
        at = int((index + rng.normal(0, 0.025)) * count / chirps)
        loud = np.clip(0.75 + 0.55 * mood[at % count], 0, 1) * rng.uniform(0.85, 1.0)
        if loud > 0.02:
            place(song, at, loud * _chirp(rng, pitch * rng.normal(1, 0.002)))
    return song


def _chirp(rng: np.random.Generator, pitch: float) -> Loop:
    pulses, apart, long = int(rng.integers(6, 9)), 0.0205, 0.0165
    song = np.zeros(int((pulses * apart + 0.01) * RATE))
    time = np.arange(int(long * RATE)) / RATE
    shape = np.sin(np.pi * time / long) ** 1.6
    for pulse in range(pulses):
        loud = min(1.0, 0.45 + 0.2 * pulse)
        tone = np.sin(2 * np.pi * pitch * (1 - 0.6 * time) * time + rng.uniform(0, 6.28))
        place(song, int(pulse * apart * RATE), loud * shape * tone)
    return song


def _outdoors(loop: Loop, rng: np.random.Generator) -> Loop:
    """Return *loop* as heard from afar: a little direct, the rest scattered over a third of a second."""
    time = np.arange(int(0.5 * RATE)) / RATE
    scatter = rng.standard_normal(len(time)) * np.exp(-time / 0.11) * (1 - np.exp(-time / 0.01))
    room = np.zeros(len(loop))
    room[: len(time)] = scatter / np.sqrt(np.sum(scatter**2))
    room[0] += 0.7
    return unit(np.fft.irfft(np.fft.rfft(loop) * np.fft.rfft(room), len(loop)))
