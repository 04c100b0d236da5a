"""The output as a pure function of output frames: parts that fade into each other.

Time here is *output time*: frames handed over since the card was opened. Each command appends a part, a level
or an extra from some output frame on. Before that frame nothing changes, and after it all gains are
continuous, so the ring, which holds the next seconds, can be rewritten from there without a click.
"""

from __future__ import annotations

import math
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import CHANNELS, Block, frames
from voiceguide.playback.device.ring import RAMP

FOREVER: Final = 1 << 62


class Source(Protocol):
    """A source of sound, by frames of its own; silent beyond its end."""

    @property
    def known(self) -> int:
        """The first frame that is not available yet."""

    def block(self, start: int, count: int) -> Block:
        """Return *count* frames from *start*, shape (count, 2), in an array that the caller may change."""


class SilentSource:
    """Endless silence."""

    known = FOREVER

    def block(self, start: int, count: int) -> Block:
        return np.zeros((count, CHANNELS), np.float32)


class Part(Struct, frozen=True):
    """`source` from its frame `frame`, heard from output frame `at` on, faded in over `fade` frames.

    The part before it fades out over the same frames. After them all earlier parts are silent, even one with
    a longer fade of its own. `power`: the fade has equal power, for two different sounds; else it is linear,
    for two versions of the same.
    """

    at: int
    source: Source
    frame: int
    fade: int = RAMP
    power: bool = True


class Extra(Struct, frozen=True):
    """A short sound on top."""

    at: int
    samples: Block


class Slope(Struct, frozen=True):
    """From output frame `at`, the gain goes from `first` to `last` over `length` frames, and stays."""

    at: int
    length: int
    first: float
    last: float


class Level(Struct, frozen=True):
    """A gain over output time."""

    slopes: tuple[Slope, ...]

    @classmethod
    def of(cls, value: float) -> Level:
        return cls((Slope(0, 1, value, value),))

    def value(self, frame: int) -> float:
        return float(self.over(frame, 1)[0])

    def to(self, value: float, at: int, length: int) -> Level:
        """Return this level, going to *value* over *length* frames from output frame *at*."""
        kept = tuple(slope for slope in self.slopes if slope.at < at)[-2:]
        return Level((*kept, Slope(at, length, self.value(at), value)))

    def over(self, start: int, count: int) -> npt.NDArray[np.float32]:
        """Return the gain at each of *count* frames."""
        gains = np.empty(count, np.float32)
        for index, slope in enumerate(self.slopes):
            lo = max(0, slope.at - start) if index else 0
            if lo < count:
                share = np.clip((np.arange(lo, count) + (start - slope.at)) / slope.length, 0.0, 1.0)
                gains[lo:] = slope.first + (slope.last - slope.first) * share
        return gains

    @property
    def settled(self) -> Slope:
        return self.slopes[-1]


class Montage(Struct, frozen=True):
    """`parts` (at least one) in order of their starts, `extras` on top, and the gains `volume` and `hush`."""

    parts: tuple[Part, ...]
    volume: Level
    hush: Level
    extras: tuple[Extra, ...] = ()

    @property
    def last(self) -> Part:
        return self.parts[-1]

    @property
    def known(self) -> int:
        """The first output frame that is not available yet."""
        last = self.last
        return FOREVER if last.source.known >= FOREVER else last.at + last.source.known - last.frame

    def place(self, frame: int) -> tuple[Source, int]:
        """Return the source heard at output *frame*, and its frame there."""
        part = next((part for part in reversed(self.parts) if part.at <= frame), self.parts[0])
        return part.source, part.frame + frame - part.at

    def then(self, source: Source, frame: int, at: int, fade: int = RAMP, power: bool = True) -> Montage:
        """Return this montage with *source*, from its frame *frame*, following at output frame *at*.

        Parts that would begin later are dropped. The part before fades out as far as it is known.
        """
        kept = tuple(part for part in self.parts if part.at < at) or self.parts[:1]
        shorter = max(RAMP, min(fade, replace(self, parts=kept).known - at))
        over = max((place for place, part in enumerate(kept) if part.at + part.fade <= at), default=0)
        return replace(self, parts=(*kept[over:], Part(at, source, frame, shorter, power)))

    def bridged(self, bridge: Source, at: int) -> Montage:
        """Return this montage, in which everything fades into *bridge* over `RAMP` frames from *at* on."""
        fading = Part(at, bridge, at, RAMP, self.last.source is not bridge)
        extras = tuple(_faded(extra, fading) for extra in self.extras)
        return replace(self.then(bridge, at, at, RAMP, fading.power), extras=extras)

    def plus(self, samples: Block, at: int) -> Montage:
        """Return this montage with *samples* on top from *at* on."""
        kept = tuple(extra for extra in self.extras if extra.at + len(extra.samples) > at - frames(1.0))
        return replace(self, extras=(*kept, Extra(at, samples)))

    def level(self, frame: int) -> float:
        """Return the gain of the whole output at output *frame*."""
        return self.volume.value(frame) * self.hush.value(frame)

    def block(self, start: int, count: int) -> Block:
        """Return output frames [*start*, *start* + *count*), shape (count, 2)."""
        mixed = np.zeros((count, CHANNELS), np.float32)
        for index, part in enumerate(self.parts):
            later = self.parts[index + 1 :]
            lo = max(start, part.at) if index else start
            hi = min((start + count, *(each.at + each.fade for each in later)))
            if lo >= hi:
                continue
            sound = part.source.block(part.frame + lo - part.at, hi - lo)
            if index:
                _ramp(sound, lo, part, rising=True)
            for each in later:
                _ramp(sound, lo, each, rising=False)
            mixed[lo - start : hi - start] += sound
        for extra in self.extras:
            lo, hi = max(start, extra.at), min(start + count, extra.at + len(extra.samples))
            if lo < hi:
                mixed[lo - start : hi - start] += extra.samples[lo - extra.at : hi - extra.at]
        for level in (self.volume, self.hush):
            slope = level.settled
            if start >= slope.at + slope.length:
                if slope.last != 1.0:
                    mixed *= np.float32(slope.last)
            else:
                mixed *= level.over(start, count)[:, None]
        return mixed


def _faded(extra: Extra, part: Part) -> Extra:
    """Return *extra* faded out where *part* begins."""
    samples = extra.samples.copy()
    _ramp(samples, extra.at, part, rising=False)
    return replace(extra, samples=samples)


def _ramp(sound: Block, start: int, part: Part, *, rising: bool) -> None:
    """Fade *sound*, which begins at output frame *start*, in or out where *part* begins; in place."""
    lo, hi = max(start, part.at), min(start + len(sound), part.at + part.fade)
    if not rising and start + len(sound) > part.at + part.fade:
        sound[max(0, part.at + part.fade - start) :] = 0.0
    if lo >= hi:
        return
    share = (np.arange(lo - part.at, hi - part.at) + 0.5) / part.fade
    if not rising:
        share = 1.0 - share
    gains = np.sin(share * (math.pi / 2)) if part.power else share
    sound[lo - start : hi - start] *= gains.astype(np.float32)[:, None]
