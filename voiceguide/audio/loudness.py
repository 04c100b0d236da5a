"""Measure loudness (ITU-R BS.1770-4) and limit true peaks."""

from __future__ import annotations

import functools
import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from voiceguide.audio import RATE, Mono, decibels, frames, gain

if TYPE_CHECKING:
    Float = npt.NDArray[np.float32]

_SHORTEST = frames(0.8)  # two gating blocks of BS.1770; shorter sounds are repeated to be measured
_OVERSAMPLING = 4  # BS.1770-4, Annex 2, asks for 192 kHz at least
_LOOKAHEAD = frames(0.005)
_PASSES = 4  # of levelling and limiting, at most; a clip without sharp peaks needs one


@functools.cache
def _meter() -> Any:
    import pyloudnorm  # imported here, as it brings scipy, which takes as long as the rest of a start

    return pyloudnorm.Meter(RATE)


def lufs(samples: Float) -> float:
    """Return the integrated loudness of *samples* in LUFS, minus infinity for silence.

    *samples* has shape (frames,), heard in both ears, or (frames, 2). Sounds under 0.8 s are repeated to be
    measured, since the gate of BS.1770 needs 0.4 s blocks.
    """
    if not len(samples) or not np.any(samples):
        return -math.inf
    # The loudness of two equal channels is that of one with twice the power.
    channels = samples[:, None] * math.sqrt(2.0) if samples.ndim == 1 else samples
    if len(channels) < _SHORTEST:
        channels = np.tile(channels, (math.ceil(_SHORTEST / len(channels)), 1))
    with warnings.catch_warnings():
        # All blocks are under the gate: pyloudnorm warns of the mean of nothing, and the answer is -inf.
        warnings.simplefilter("ignore", RuntimeWarning)
        found = float(_meter().integrated_loudness(channels.astype(np.float64)))
    return found if math.isfinite(found) else -math.inf


def true_peak(samples: Float) -> float:
    """Return the true peak of *samples*, shape (frames,) or (frames, channels); 1.0 is 0 dBTP."""
    if not len(samples):
        return 0.0
    return max(float(np.max(np.abs(_oversampled(samples)))), float(np.max(np.abs(samples))))


def limit(samples: Mono, ceiling: float) -> Mono:
    """Return *samples* with every true peak at or under *ceiling*, turned down smoothly around each.

    For whole clips, not streams: it looks 5 ms ahead of each peak and releases over the next 5 ms. Samples
    that need no limiting are returned unchanged.
    """
    over = np.abs(_oversampled(samples))[: len(samples) * _OVERSAMPLING]
    over = np.pad(over, (0, len(samples) * _OVERSAMPLING - len(over)))
    peaks = functools.reduce(
        np.maximum, (over[at::_OVERSAMPLING] for at in range(_OVERSAMPLING)), np.abs(samples)
    )
    if float(peaks.max(initial=0.0)) <= ceiling:
        return samples
    # 0.1 dB under the ceiling, since a peak is measured by interpolating the limited samples again.
    wanted = np.minimum(1.0, ceiling * gain(-0.1) / np.maximum(peaks, 1e-9))
    quiet = (samples * _smoothed(wanted)).astype(np.float32)
    left = true_peak(quiet)
    return quiet if left <= ceiling else (quiet * np.float32(ceiling / left)).astype(np.float32)


def levelled(samples: Mono, target_lufs: float, ceiling: float) -> Mono:
    """Return *samples* at *target_lufs*, true peaks at or under *ceiling*.

    Limiting lowers the loudness a little; it is raised again as far as the ceiling allows.

    Raises:
        ValueError: if *samples* are silent.
    """
    found = lufs(samples)
    if not math.isfinite(found):
        raise ValueError("silence has no loudness")
    for _ in range(_PASSES):
        raised = (samples * np.float32(gain(target_lufs - found))).astype(np.float32)
        samples = limit(raised, ceiling)
        if samples is raised:
            break  # nothing was limited, so the loudness is exact
        found = lufs(samples)
        if abs(found - target_lufs) < 0.1:
            break
    return samples


def peak_db(samples: Float) -> float:
    """Return the true peak of *samples* in dBTP."""
    return decibels(true_peak(samples))


def _oversampled(samples: Float) -> Float:
    import soxr

    result: Float = soxr.resample(samples, RATE, RATE * _OVERSAMPLING, quality="MQ")
    return result


def _smoothed(wanted: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return *wanted*, each value lowered to the least within the look-ahead on both sides, then smoothed."""
    from scipy.ndimage import minimum_filter1d
    from scipy.signal import fftconvolve

    least = minimum_filter1d(wanted, 2 * _LOOKAHEAD + 1, mode="nearest")
    window = np.hanning(2 * _LOOKAHEAD + 3)[1:-1]
    edged = np.pad(least, _LOOKAHEAD, mode="edge")
    smooth: npt.NDArray[np.float64] = fftconvolve(edged, window / window.sum(), mode="valid")
    return np.minimum(smooth, 1.0)
