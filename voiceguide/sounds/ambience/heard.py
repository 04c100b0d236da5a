"""Analyses a recording in one pass: its length, its levels over time, and where its usual level begins."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from voiceguide.audio import CHANNELS, RATE, Block, decibels, frames

Numbers = npt.NDArray[np.float64]

STEP: Final = frames(0.1)
"""Frames to each level; a loudness is measured over four steps from there on."""

_STRETCH: Final = frames(12.0)
_GATE_STEPS: Final = 4
"""Steps in the 400 ms blocks of BS.1770, which here begin at every step."""

_SILENT_DB: Final = -96.0
"""The level below which 16-bit samples are 0."""

_FULL: Final = 0.98
_BEYOND: Final = 1.02
"""Samples larger than this come from clipped ones, after decoding or resampling."""

_ABSOLUTE_GATE: Final = -70.0
_RELATIVE_GATE: Final = -10.0


class Heard(Struct, frozen=True):
    """A recording of `count` frames; `offset` of each channel is subtracted in all that follows.

    `peak` is the largest absolute sample, `peaks` that of each `STEP`. For each `STEP`, `powers` is the mean
    square, `sides` that of each channel, `common` the mean product of both, and `loudness` that of the 400 ms
    beginning there, in LUFS, or minus infinity if the recording ends before. `clipped` counts samples clipped
    at full scale. `gains_db` is the gain of each step; empty for none.
    """

    count: int
    offset: Numbers
    peak: float
    peaks: Numbers
    powers: Numbers
    sides: Numbers
    common: Numbers
    loudness: Numbers
    clipped: int
    gains_db: Numbers

    def levels(self) -> Numbers:
        """Return the level of each step in dB under the peak; minus infinity for silence."""
        with np.errstate(divide="ignore"):
            found: Numbers = 10 * np.log10(self.powers) - decibels(self.peak)
        found[found < _SILENT_DB] = -np.inf
        return found

    def usual(self, quieter_db: float) -> tuple[int, int]:
        """Return the first and last frame of the part at its usual level.

        An end counts as silence or fade while it is *quieter_db* under the median level.
        """
        levels = self.levels()
        if not len(levels):
            return 0, 0
        near = float(np.sort(levels)[len(levels) // 2]) - quieter_db
        if math.isinf(near):  # mostly digital silence with some sounds: cut that at the ends only
            near = -80.0
        there = np.flatnonzero(levels >= near)
        return (int(there[0]) * STEP, (int(there[-1]) + 1) * STEP) if len(there) else (0, 0)

    def lufs(self, start: int, stop: int) -> float:
        """Return the BS.1770 loudness of frames [*start*, *stop*), scaled to a peak of 1, in LUFS."""
        first, last = start // STEP, stop // STEP
        blocks = self.loudness[first : max(first, last - _GATE_STEPS + 1)] - decibels(self.peak)
        blocks = blocks[blocks >= _ABSOLUTE_GATE]
        if len(blocks):
            gate = _mean(blocks) + _RELATIVE_GATE
            return _mean(blocks[blocks > gate])
        # Sparse sounds can fall below the gate; a bed of them is measured by its power alone.
        power = float(np.mean(self.powers[first:last])) / self.peak**2
        return 10 * math.log10(CHANNELS * power + 1e-9) - 0.691


def listen(blocks: Iterable[Block]) -> Heard:
    """Return the analysis of the sound in *blocks*, holding some seconds of it."""
    count, clipped, total = 0, 0, np.zeros(CHANNELS)
    lows, highs, sums, squares, products, loudness = [], [], [], [], [], []
    for stretch in _even(blocks, _STRETCH):
        count += len(stretch)
        clipped += _clipped(stretch)
        exact = stretch.astype(np.float64)
        total += exact.sum(axis=0)
        whole = len(exact) // STEP * STEP
        steps = exact[:whole].reshape(-1, STEP, CHANNELS)
        for part in (steps, exact[np.newaxis, whole:]):
            if part.size:
                lows.append(part.min(axis=1))
                highs.append(part.max(axis=1))
        sums.append(steps.mean(axis=1))
        squares.append((steps**2).mean(axis=1))
        products.append((steps[:, :, 0] * steps[:, :, 1]).mean(axis=1))
        loudness.append(_loudness(exact, len(steps)))
    offset = total / max(1, count)
    first, second, product = np.concatenate(sums), np.concatenate(squares), np.concatenate(products)
    sides = np.maximum(second - 2 * offset * first + offset**2, 0.0)
    common = product - first @ offset[::-1] + offset[0] * offset[1]
    peaks = np.maximum(np.concatenate(highs) - offset, offset - np.concatenate(lows)).max(axis=1)
    powers, loud = sides.mean(axis=1), np.concatenate(loudness)
    return Heard(
        count,
        offset,
        float(peaks.max()),
        peaks[: len(powers)],
        powers,
        sides,
        common,
        loud,
        clipped,
        np.zeros(0),
    )


def _clipped(stretch: Block) -> int:
    """Return how many samples stay at full scale, or exceed it as clipped ones do after resampling."""
    high = np.abs(stretch)
    flat = (high[1:] >= _FULL) & (stretch[1:] == stretch[:-1])
    return int(np.count_nonzero(flat)) + int(np.count_nonzero(high > _BEYOND))


def _loudness(sound: Numbers, steps: int) -> Numbers:
    """Return the loudness in LUFS of the 400 ms from each of *steps* on; minus infinity at the end."""
    import pyloudnorm

    found = np.full(steps, -np.inf)
    if steps >= _GATE_STEPS:
        meter = pyloudnorm.Meter(RATE)
        with warnings.catch_warnings():  # about the mean of nothing, where all is under the gate
            warnings.simplefilter("ignore", RuntimeWarning)
            meter.integrated_loudness(sound - sound.mean(axis=0))
        blocks = np.asarray(meter.blockwise_loudness[: steps - _GATE_STEPS + 1])
        found[: len(blocks)] = blocks
    return found


def _mean(loudness: Numbers) -> float:
    """Return the loudness of the mean power of *loudness*."""
    return 10 * math.log10(float(np.mean(10 ** (loudness / 10))))


def _even(blocks: Iterable[Block], size: int) -> Iterator[Block]:
    """Yield *blocks* as blocks of *size* frames, and a shorter last one."""
    held: list[Block] = []
    have = 0
    for block in blocks:
        held.append(block)
        have += len(block)
        if have >= size:
            whole = np.concatenate(held)
            for at in range(0, have - size + 1, size):
                yield whole[at : at + size]
            held = [whole[have // size * size :]]
            have = len(held[0])
    if have:
        yield np.concatenate(held)
