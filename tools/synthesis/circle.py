"""Sound on a circle: noise, slow curves and events whose end runs into their start."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from voiceguide.audio import RATE

Loop = npt.NDArray[np.float64]
"""Samples of shape (frames,): one turn of a circle, so that sample ``frames`` is sample 0 again."""

Knots = Sequence[tuple[float, float]]
"""Level over frequency: (Hz, dB) in rising order, straight between and beyond, on logarithmic frequency."""


def response(count: int, knots: Knots) -> Loop:
    """Return the factors that *knots* stand for at the frequencies of a real transform of *count* samples."""
    hertz = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 1.0)
    octave, at, level_db = np.log2(hertz), np.log2([hz for hz, _ in knots]), np.array([db for _, db in knots])
    curve = np.interp(octave, at, level_db)
    first, last = np.diff(level_db[:2]) / np.diff(at[:2]), np.diff(level_db[-2:]) / np.diff(at[-2:])
    curve += np.minimum(octave - at[0], 0) * first + np.maximum(octave - at[-1], 0) * last
    return np.asarray(10.0 ** (curve / 20.0))


def noise(count: int, rng: np.random.Generator, knots: Knots) -> Loop:
    """Return *count* frames of periodic Gaussian noise with the spectrum *knots*, at RMS 1."""
    size = count // 2 + 1
    spectrum = (rng.standard_normal(size) + 1j * rng.standard_normal(size)) * response(count, knots)
    spectrum[0] = 0.0
    return unit(np.fft.irfft(spectrum, count))


def filtered(loop: Loop, knots: Knots) -> Loop:
    """Return *loop* with its spectrum multiplied by *knots*, without delay."""
    return np.asarray(np.fft.irfft(np.fft.rfft(loop) * response(len(loop), knots), len(loop)))


def wander(count: int, rng: np.random.Generator, slow_seconds: float, fast_seconds: float) -> Loop:
    """Return a smooth periodic random curve, mean 0 and RMS 1, of periods between the two given."""
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    weight = ((hertz >= 0.999 / slow_seconds) & (hertz <= 1.0 / fast_seconds)) / np.sqrt(
        np.maximum(hertz, 1e-6)
    )
    spectrum = weight * np.exp(2j * np.pi * rng.random(len(hertz)))
    spectrum[0] = 0.0
    return unit(np.fft.irfft(spectrum, count))


def unit(loop: Loop) -> Loop:
    """Return *loop* at RMS 1."""
    return np.asarray(loop / np.sqrt(np.mean(loop**2)))


def tamed(loop: Loop, most: float) -> Loop:
    """Return *loop* with its rare highest samples bent gently under *most* times its RMS."""
    bent = loop / np.sqrt(np.mean(loop**2))
    return np.asarray(bent / (1 + np.abs(bent / most) ** 8) ** (1 / 8))


def place(loop: Loop, at: int, grain: Loop) -> None:
    """Add *grain* to *loop* at frame *at*, going on at the start where it runs over the end."""
    at %= len(loop)
    first = min(len(grain), len(loop) - at)
    loop[at : at + first] += grain[:first]
    if first < len(grain):
        place(loop, 0, grain[first:])


def period(seconds: float, primes: tuple[int, ...]) -> int:
    """Return the frames nearest to *seconds* with no prime factor but *primes* (quick to transform)."""
    wanted, products = seconds * RATE, [1]
    for prime in primes:
        products = [p * prime**k for p in products for k in range(24) if p * prime**k < 2 * wanted]
    return min(products, key=lambda count: abs(count - wanted))


def since(count: int, at_seconds: float) -> Loop:
    """Return each frame's time after *at_seconds* in seconds, the nearer way round: -half to half a turn."""
    turn = count / RATE
    return np.asarray((np.arange(count) / RATE - at_seconds + turn / 2) % turn - turn / 2)


def db(level: float) -> float:
    """Return the factor on amplitude for *level* in dB."""
    return float(10.0 ** (level / 20.0))
