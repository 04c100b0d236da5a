"""The mix as a pure function of the frame range: voice, tones, bells, and a bed ducked by the plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal, Protocol

import numpy as np
from msgspec import Struct

from voiceguide.audio import CHANNELS, Block, Frames, decibels, frames, gain
from voiceguide.plan.items import BedCue, Line
from voiceguide.plan.margins import EDGE, REACH
from voiceguide.plan.score import Score
from voiceguide.sounds.ceiling import under
from voiceguide.voices.clips import VOICE_PEAK_DB, Clip

DUCK_DOWN: Final = frames(1.5)
"""The bed begins to fade down this long before the voice."""

FADE_IN: Final = frames(1.5)
"""The session fades in over this time, its lead-in."""

DUCK_UP: Final = frames(3.0)
"""The bed takes this long to fade up again."""

LIFT_DB: Final = 6.0
"""During long rests, the bed is this much above its level under the voice."""

TONE_DB: Final = -14.0
"""The level of breath tones, relative to the voice."""

REFERENCE_LUFS: Final = -19.0
"""The loudness of beds, bells and tones, so that a level relative to the voice is a plain gain."""

_BED_PEAK: Final = 0.16  # leaves room over the loudest clip: 0.63 + 0.16 stays under -1 dBTP
_RING: Final = frames(30.0)  # no bell rings longer


class BedSound(Protocol):
    """An ambience as a function of the frame index."""

    @property
    def peak(self) -> float:
        """A bound on the absolute value of its samples."""

    def block(self, start: Frames, count: int) -> Block:
        """Return *count* frames from *start*, shape (count, 2)."""


class Beds(Protocol):
    """Ambiences by name, at `REFERENCE_LUFS`."""

    def bed(self, name: str) -> BedSound:
        """Return the ambience *name*."""


class Palette(Beds, Protocol):
    """Every sound beside the voice, at `REFERENCE_LUFS`."""

    def bell(self, name: str) -> Block:
        """Return one stroke of the bell *name*, shape (frames, 2)."""

    def tone(self, kind: Literal["in", "hold", "out"], length: Frames) -> Block:
        """Return a breath tone of exactly *length* frames, shape (length, 2)."""

    def own(self, path: Path) -> Block:
        """Return the author's own sound, shape (frames, 2)."""


class Mixer(Struct, frozen=True):
    """Mixes a *score* with the clips and sounds it names. `loudness_db` raises everything but the clips."""

    score: Score
    clip: Callable[[Line], Clip]
    palette: Palette
    loudness_db: float = 0.0

    def mix(self, start: Frames, count: int) -> Block:
        """Return frames [*start*, *start* + *count*) of the session, shape (count, 2).

        The score must be decided up to `REACH` frames beyond the range. Any split of a range gives the same
        samples.
        """
        stop = Frames(start + count)
        if not self._rings(start - REACH, stop + REACH):
            return self._sum(start, count)  # voice and bed alone are planned to stay under the ceiling
        first = Frames(max(0, start - REACH))
        last = max(stop, min(stop + REACH, self.score.length))
        return under(self._sum(first, last - first), start - first, count)

    def _rings(self, start: int, stop: int) -> bool:
        """Return whether anything but voice and bed sounds in the range."""
        score = self.score
        tracks = (
            score.tones.overlapping(start, stop),
            score.bells.overlapping(start - _RING, stop),
            score.sounds.overlapping(start, stop),
        )
        return any(True for track in tracks for _ in track)

    def _sum(self, start: Frames, count: int) -> Block:
        block = mix_bed(self.score, self.palette, start, count, self.loudness_db)
        for at, samples, factor in self._sounds(start, Frames(start + count)):
            _add(block, start, at, samples, factor)
        _fade(self.score, block, start)
        return block

    def _sounds(self, start: Frames, stop: Frames) -> Iterator[tuple[int, Block, float]]:
        lift = gain(self.loudness_db)
        for speech in self.score.speech.overlapping(start - EDGE, stop + EDGE):
            samples = self.clip(speech.line).samples
            factor = gain(speech.line.level_db)
            if factor > 1.0:
                factor = max(1.0, min(factor, gain(VOICE_PEAK_DB) / float(np.max(np.abs(samples)))))
            yield speech.start - EDGE, samples[:, None], factor
        for tone in self.score.tones.overlapping(start, stop):
            yield tone.start, self.palette.tone(tone.kind, tone.length), lift * gain(TONE_DB)
        for bell in self.score.bells.overlapping(start - _RING, stop):
            yield bell.start, self.palette.bell(bell.sound), lift * gain(bell.level_db)
        for sound in self.score.sounds.overlapping(start, stop):
            yield sound.start, self.palette.own(sound.path), lift * gain(sound.level_db)


def mix_bed(score: Score, beds: Beds, start: Frames, count: int, loudness_db: float = 0.0) -> Block:
    """Return frames [*start*, *start* + *count*) of the bed alone, ducked, without the session's fades."""
    stop = Frames(start + count)
    block = np.zeros((count, CHANNELS), np.float32)
    heard = False
    for before, cue, after in score.beds(start, stop):
        if cue.sound is None:
            continue
        heard = True
        bed = beds.bed(cue.sound)
        lo = max(start, cue.start)
        hi = stop if after is None else min(stop, after.start + after.fade)
        samples = bed.block(Frames(lo), hi - lo)
        samples *= np.float32(_bed_gain(bed, cue, loudness_db))
        if before is not None:
            _shape(samples, lo, Ramp(cue.start, cue.start + cue.fade, 0.0, 1.0), _kind(before, cue))
        if after is not None:
            _shape(samples, lo, Ramp(after.start, after.start + after.fade, 1.0, 0.0), _kind(cue, after))
        block[lo - start : hi - start] += samples
    if heard:
        for ramp in duck(score, start, stop):
            _shape(block, start, ramp, "dB")
    return block


class Ramp(Struct, frozen=True):
    """A gain from `first` at frame `start` to `last` at `stop`, in dB or as a factor."""

    start: int
    stop: int
    first: float
    last: float


def duck(score: Score, start: int, stop: int) -> Iterator[Ramp]:
    """Yield the bed's gain in dB over [*start*, *stop*) as ramps, in order, without gaps.

    0 dB under the voice and through gaps shorter than the hold, `LIFT_DB` elsewhere.
    """
    at = start
    for first, last in score.held.overlapping(start - DUCK_UP, stop + DUCK_DOWN):
        for ramp in (
            Ramp(at, first - DUCK_DOWN, LIFT_DB, LIFT_DB),
            Ramp(first - DUCK_DOWN, first, LIFT_DB, 0.0),
            Ramp(first, last, 0.0, 0.0),
            Ramp(last, last + DUCK_UP, 0.0, LIFT_DB),
        ):
            if ramp.stop > at and ramp.start < stop:
                yield ramp
        at = max(at, last + DUCK_UP)
    if at < stop:
        yield Ramp(at, stop, LIFT_DB, LIFT_DB)


def _fade(score: Score, block: Block, start: Frames) -> None:
    """Fade the session in over its lead-in and out after its last word; neither end is cut to zero."""
    first, last = score.ending()
    _shape(block, start, Ramp(0, FADE_IN, 0.0, 1.0), "power")
    _shape(block, start, Ramp(first, last, 1.0, 0.0), "power")


def _kind(before: BedCue, after: BedCue) -> Literal["power", "linear"]:
    """Return equal power between different sounds; linear if only the level of a sound changes."""
    return "linear" if before.sound == after.sound else "power"


def loudest_db(bed: BedSound, loudness_db: float) -> float:
    """Return the highest effective level of *bed*: a higher one sounds the same."""
    return decibels(_BED_PEAK / bed.peak) - loudness_db


def _bed_gain(bed: BedSound, cue: BedCue, loudness_db: float) -> float:
    """Return the bed's factor under the voice, low enough that voice and bed together cannot clip."""
    assert cue.level_db is not None
    return min(gain(cue.level_db + loudness_db), _BED_PEAK / bed.peak)


def _add(block: Block, start: int, at: int, samples: Block, factor: float) -> None:
    """Add *samples*, which begin at frame *at*, to *block*, which begins at *start*."""
    lo, hi = max(start, at), min(start + len(block), at + len(samples))
    if lo < hi:
        block[lo - start : hi - start] += samples[lo - at : hi - at] * np.float32(factor)


def _shape(block: Block, start: int, ramp: Ramp, kind: Literal["dB", "power", "linear"]) -> None:
    """Multiply the part of *block* under *ramp* by it, in place."""
    lo, hi = max(start, ramp.start), min(start + len(block), ramp.stop)
    if lo >= hi:
        return
    if ramp.first == ramp.last:
        level = np.float32(gain(ramp.first)) if kind == "dB" else np.float32(ramp.first)
        if level != 1.0:
            block[lo - start : hi - start] *= level
        return
    share = (np.arange(lo - ramp.start, hi - ramp.start) + 0.5) / (ramp.stop - ramp.start)
    value = ramp.first + (ramp.last - ramp.first) * share
    if kind == "dB":
        value = np.exp(value * (np.log(10.0) / 20.0))
    elif kind == "power":
        value = np.sin(value * (np.pi / 2))
    block[lo - start : hi - start] *= value.astype(np.float32)[:, None]
