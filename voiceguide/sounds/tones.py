"""The three breath tones: rising for in, steady for hold, falling for out, each as long as its phase."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from voiceguide.audio import CHANNELS, RATE, Block, Frames

Kind = Literal["in", "hold", "out"]

LOUDNESS_LUFS: Final = -19.0
"""The loudness of a tone between its fades, equal to the voice's."""

_LOW_HZ, _HIGH_HZ = 220.0, 330.0  # a fifth: a clear interval
_ATTACK_SECONDS, _RELEASE_SECONDS = 0.45, 0.9
_TREMOR_HZ, _TREMOR_DEPTH = 4.0, 0.35

# BS.1770: loudness = -0.691 + 10 log10(sum of the channels' mean squares), so each of two equal channels
# has this RMS.
# (Its frequency weighting is within 0.3 dB of flat where these tones are.)
_RMS = float(np.sqrt(10 ** ((LOUDNESS_LUFS + 0.691) / 10) / CHANNELS))

Curve = npt.NDArray[np.float64]


def tone(kind: Kind, length: Frames) -> Block:
    """Return the tone for one phase, shape (*length*, 2), from silence to silence, equal in both channels.

    The tones differ by more than pitch: in grows brighter as it rises, out darker as it falls, and hold is a
    hollower tone with a slow tremor. Pure: the same arguments give the same samples.
    """
    if length <= 0:
        return np.zeros((0, CHANNELS), dtype=np.float32)
    part = np.arange(length) / max(length - 1, 1)
    height = {"in": part, "hold": np.ones(length), "out": 1 - part}[kind]
    phase = 2 * np.pi * np.cumsum(_LOW_HZ * (_HIGH_HZ / _LOW_HZ) ** height) / RATE
    wave = _voiced(phase, _partials(kind, height))
    if kind == "hold":
        tremor = 1 - _TREMOR_DEPTH * np.cos(2 * np.pi * _TREMOR_HZ * np.arange(length) / RATE)
        wave *= tremor / np.sqrt(1 + _TREMOR_DEPTH**2 / 2)
    mono = (_RMS * wave * _envelope(length)).astype(np.float32)
    return np.repeat(mono[:, None], CHANNELS, axis=1)


def _partials(kind: Kind, height: Curve) -> tuple[tuple[int, Curve], ...]:
    """Return each partial's number and amplitude over time."""
    if kind == "hold":
        return (1, np.ones_like(height)), (3, np.full_like(height, 0.22)), (5, np.full_like(height, 0.05))
    return (1, np.ones_like(height)), (2, 0.12 + 0.28 * height), (3, 0.02 + 0.10 * height)


def _voiced(phase: Curve, partials: tuple[tuple[int, Curve], ...]) -> Curve:
    """Return the sum of *partials*, at RMS 1 throughout."""
    power = sum(amplitude**2 for _, amplitude in partials) / 2
    return np.asarray(
        sum(amplitude * np.sin(number * phase) for number, amplitude in partials) / np.sqrt(power)
    )


def _envelope(length: int) -> Curve:
    """Return a curve from 0 to 1 and back to 0, in raised cosines; a short tone has no part at 1."""
    time = np.arange(length) / RATE
    long = time[-1]
    attack = min(_ATTACK_SECONDS, long / 3) or 1.0
    release = min(_RELEASE_SECONDS, long / 2) or 1.0
    rise, fall = np.minimum(1.0, time / attack), np.minimum(1.0, (long - time) / release)
    return np.asarray(np.sin(np.pi / 2 * rise) ** 2 * np.sin(np.pi / 2 * fall) ** 2)
