"""Rain, a stream and the sea."""

from __future__ import annotations

import numpy as np

from tools.synthesis.circle import Loop, db, filtered, noise, place, since, tamed, unit, wander
from voiceguide.audio import RATE

_VEIL = [
    (40, -40),
    (120, -18),
    (300, -7),
    (700, -1),
    (1400, 0),
    (3000, -5),
    (6000, -14),
    (9000, -27),
    (13000, -46),
    (20000, -70),
]
_AIR = [(60, -24), (200, 0), (4500, 0), (7000, -5), (10000, -18), (14000, -36), (20000, -60)]


def rain(count: int, rng: np.random.Generator) -> Loop:
    """Soft rain: a veil of far drops (noise), hundreds of near ones a second, and now and then a plop.

    A drop is a burst so short (a few turns of its pitch) that none of them is a tone.
    """
    veil = noise(count, rng, _VEIL) * (1 + 0.06 * wander(count, rng, 12, 1.5))
    drops, plops = np.zeros(count), np.zeros(count)
    turn = count / RATE
    for _ in range(int(260 * turn)):
        place(
            drops,
            int(rng.integers(count)),
            _drop(rng, 2300, 0.42, rng.uniform(1.5, 4)) * min(rng.pareto(2.4) + 0.3, 3.2),
        )
    for _ in range(int(5 * turn)):
        place(
            plops, int(rng.integers(count)), _drop(rng, 950, 0.30, rng.uniform(5, 9)) * rng.uniform(0.3, 1.0)
        )
    near = filtered(unit(drops), _AIR)
    near *= 1 + 0.15 * wander(count, rng, 15, 3)
    return tamed(veil + db(-3) * near + db(-15) * unit(plops), 4.5)


def _near(rng: np.random.Generator, hertz: float, spread: float, least: float, most: float) -> float:
    """Return a frequency about *hertz*, drawn again until within the limits (piling up on one would ring)."""
    while not least <= (drawn := float(hertz * np.exp(spread * rng.standard_normal()))) <= most:
        pass
    return drawn


def _drop(rng: np.random.Generator, hertz: float, spread: float, quality: float) -> Loop:
    """Return one drop: a damped turn or few near *hertz*, softly struck."""
    pitch = _near(rng, hertz, spread, 450, 6500)
    decay = quality / (np.pi * pitch)
    time = np.arange(int(8 * decay * RATE) + 8) / RATE
    struck = (1 - np.exp(-time / (0.35 * decay))) * np.exp(-time / decay)
    return np.asarray(struck * np.sin(2 * np.pi * pitch * time + rng.uniform(0, 2 * np.pi)))


_RUSH = [
    (60, -30),
    (160, -10),
    (350, 0),
    (800, -2),
    (1600, -8),
    (3200, -17),
    (6000, -30),
    (12000, -52),
    (20000, -75),
]
_WET = [(100, -20), (250, 0), (3000, 0), (5000, -6), (8000, -20), (14000, -44), (20000, -64)]


def stream(count: int, rng: np.random.Generator) -> Loop:
    """A small stream: bubbles whose pitch rises as they near the surface, in clusters, over a low rush.

    A bubble of radius r metres rings at 3 / r Hz and loses 0.13 / r + 0.0072 / r^1.5 a second (Minnaert 1933;
    van den Doel, "Physically based models for liquid sounds", 2005).
    """
    bubbles = np.zeros(count)
    babble = np.exp(0.55 * wander(count, rng, 6, 0.25))
    chance = np.cumsum(babble) / np.sum(babble)
    for at in np.searchsorted(chance, rng.random(int(110 * count / RATE))):
        place(bubbles, int(at), _bubble(rng))
    rush = noise(count, rng, _RUSH) * (1 + 0.12 * wander(count, rng, 8, 0.6))
    return tamed(db(-6) * rush + filtered(unit(bubbles), _WET), 4.5)


def _bubble(rng: np.random.Generator) -> Loop:
    pitch = _near(rng, 880, 0.55, 240, 3800)
    radius = 3.0 / pitch
    loss = 0.13 / radius + 0.0072 * radius**-1.5
    rise = loss * rng.uniform(0.02, 0.14)
    time = np.arange(int(min(6.0 / loss, 0.25) * RATE)) / RATE
    phase = 2 * np.pi * pitch * (time + rise * time**2 / 2)
    swell = 1 - np.exp(-time * pitch / 2.5)
    size = (radius / 0.0035) ** 0.45 * min(rng.pareto(2.5) + 0.25, 3.0)
    end = np.minimum(1.0, (time[-1] - time) / 0.004)
    return np.asarray(size * swell * end * np.exp(-loss * time) * np.sin(phase))


# One row per band of a wave: spectrum, level dB, rise s, fall s, how long after the crest it is loudest s,
# floor dB.
_SURF = (
    ([(25, -30), (50, -6), (90, 0), (170, -2), (350, -16), (900, -50)], -1.0, 3.2, 3.4, -0.5, -9),
    ([(80, -40), (200, -6), (380, 0), (650, -3), (1300, -18), (4000, -60)], 0.0, 2.5, 3.0, -0.1, -13),
    ([(250, -40), (650, -6), (1100, 0), (1900, -4), (3600, -18), (9000, -60)], -3.0, 1.7, 3.2, 0.35, -17),
    ([(900, -40), (2000, -6), (3100, 0), (5000, -6), (8000, -22), (14000, -60)], -13.0, 1.2, 3.8, 1.0, -20),
)


def near_surf(count: int, rng: np.random.Generator) -> Loop:
    """Waves eight to twelve seconds apart: each swells low, breaks brighter and draws back with a hiss."""
    return _surf(count, rng, apart_seconds=10.0, tilt_db=0.0)


def far_surf(count: int, rng: np.random.Generator) -> Loop:
    """Slower, darker waves further out."""
    return _surf(count, rng, apart_seconds=13.0, tilt_db=-4.0) * db(-7)


def _surf(count: int, rng: np.random.Generator, apart_seconds: float, tilt_db: float) -> Loop:
    turn = count / RATE
    waves = round(turn / apart_seconds)
    crests = (np.arange(waves) + rng.uniform(-0.1, 0.1, waves)) * turn / waves
    sizes = rng.permutation(np.linspace(0.72, 1.12, waves))
    sea = np.zeros(count)
    for band, (spectrum, level, rise, fall, late, floor) in enumerate(_SURF):
        height = np.full(count, db(floor))
        for crest, size in zip(crests, sizes, strict=True):
            time = since(count, crest + late + rng.uniform(-0.15, 0.15))
            slope = np.where(
                time < 0, -time / (rise * rng.uniform(0.85, 1.15)), time / (fall * rng.uniform(0.85, 1.15))
            )
            height += size ** (1 + 0.4 * band) * np.exp(-(slope**1.7))
        texture = 1 + (0.05 + 0.04 * band) * wander(count, rng, 2.0, 0.05)
        sea += db(level + band * tilt_db) * noise(count, rng, spectrum) * height * texture
    return sea
