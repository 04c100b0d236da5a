"""Cuts speech at its pauses, and joins it with pauses of a given length. Pure; any sample rate."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from voiceguide.audio import RATE, Mono

WINDOW_SECONDS: Final = 0.005

_SILENT_DB: Final = -48.0
"""Relative to the loudest window, the level below which a window counts as silent."""

_FAINT: Final = 10.0 ** (-34.0 / 20.0)

_KEPT_SECONDS: Final = 0.03
"""Seconds kept around speech beyond its edges: the breath before an f, the decay of an n."""


def levels(audio: Mono, rate: int) -> npt.NDArray[np.float64]:
    """Return the level of each whole `WINDOW_SECONDS` of *audio*, in dB; about -120 for silence."""
    width = round(rate * WINDOW_SECONDS)
    count = len(audio) // width
    power = np.square(audio[: count * width].astype(np.float64)).reshape(count, width).mean(axis=1)
    return np.asarray(10.0 * np.log10(power + 1e-12))


def valley(audio: Mono, rate: int, start: int, stop: int) -> int:
    """Return the frame in the middle of the quietest 40 ms that lie between *start* and *stop*."""
    width = round(rate * WINDOW_SECONDS)
    start, stop = max(0, start), min(len(audio), stop)
    found = levels(audio[start:stop], rate)
    span = min(8, len(found))
    if not span:
        return (start + stop) // 2
    power = np.convolve(10.0 ** (found / 10.0), np.ones(span) / span, mode="valid")
    return start + int(np.argmin(power)) * width + span * width // 2


def level_at(audio: Mono, rate: int, at: int) -> float:
    """Return the level of *audio* in the 20 ms around the frame *at*, in dB."""
    half = round(rate * 0.01)
    near = audio[max(0, at - half) : at + half].astype(np.float64)
    return float(10.0 * np.log10(np.square(near).mean() + 1e-12)) if len(near) else -120.0


def trimmed(audio: Mono, rate: int, silent_db: float = _SILENT_DB) -> Mono:
    """Return *audio* without the silence around it, with soft edges; empty if it is all silence.

    An edge is where the level first exceeds *silent_db*, relative to the loudest window; 30 ms beyond it are
    kept.
    """
    found = levels(audio, rate)
    if not len(found) or found.max() < -90.0:
        return audio[:0]
    loud = np.flatnonzero(found > found.max() + silent_db)
    width, kept = round(rate * WINDOW_SECONDS), round(rate * _KEPT_SECONDS)
    first = max(0, int(loud[0]) * width - kept)
    last = min(len(audio), (int(loud[-1]) + 1) * width + kept)
    return softened(audio[first:last], rate)


def sounding(piece: Mono, rate: int) -> float:
    """Return how many seconds *piece* lasts from first sound to last, close to the finished clip's length.

    A clip levelled to -19 LUFS ends where it falls under -48 dBFS: some 30 dB under its loudest sounds.
    """
    size = np.abs(piece)
    loud = size[size > 0.03 * size.max(initial=0.0)].astype(np.float64)
    if not len(loud):
        return 0.0
    heard = np.flatnonzero(size > np.sqrt(np.square(loud).mean()) * _FAINT)
    return float(heard[-1] - heard[0] + 1) / rate


def softened(audio: Mono, rate: int) -> Mono:
    """Return *audio* with 10 ms fades at both ends, so that a cut in faint hiss does not click."""
    fade = min(round(rate * 0.01), len(audio) // 2)
    ramp = np.sin(np.linspace(0.0, np.pi / 2, fade, dtype=np.float32)) ** 2
    shaped = audio.copy()
    shaped[:fade] *= ramp
    shaped[len(shaped) - fade :] *= ramp[::-1]
    return shaped


def joined(pieces: list[Mono], rate: int, gap_seconds: float) -> Mono:
    """Return *pieces* one after another with *gap_seconds* of silence between them."""
    gap = np.zeros(round(rate * gap_seconds), dtype=np.float32)
    spaced = [part for piece in pieces for part in (gap, piece)][1:]
    return np.concatenate(spaced) if spaced else np.zeros(0, dtype=np.float32)


def at_rate(audio: Mono, rate: int) -> Mono:
    """Return *audio*, sampled at *rate*, resampled to `audio.RATE` (soxr, high quality)."""
    if rate == RATE:
        return audio
    import soxr

    return np.ascontiguousarray(soxr.resample(audio, rate, RATE, quality="HQ"), dtype=np.float32)
