"""The score: settled cues, indexed by what sounds between two frames."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Final, Generic, TypeVar, assert_never

from msgspec.structs import replace

from voiceguide.audio import Frames, frames
from voiceguide.plan.items import (
    Ahead,
    BedCue,
    BellCue,
    ChapterCue,
    Cue,
    EndCue,
    RestCue,
    SoundCue,
    SpeechCue,
    ToneCue,
)
from voiceguide.plan.margins import EDGE, REACH
from voiceguide.script.model import Bed

T = TypeVar("T")

HOLD: Final = frames(8.0)
"""Between two lines closer than this the bed stays ducked, as fading it up and down is heard as pumping."""

FADE_OUT: Final = frames(8.0)
"""The longest fade at the end of the session; it begins after the last word."""

_DUCK_DOWN: Final = frames(1.5)


class Track(Generic[T]):
    """Items with a start and a stop, added in order of their starts."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []
        self._reach: list[int] = []  # the latest stop so far: it never falls, so bisect can search it
        self._items: list[T] = []

    def add(self, start: int, stop: int, item: T) -> None:
        self._items.append(item)
        self._stops.append(stop)
        self._reach.append(max(stop, self._reach[-1]) if self._reach else stop)
        self._starts.append(start)

    def overlapping(self, start: int, stop: int) -> Iterator[T]:
        """Yield the items that overlap [*start*, *stop*), in order of their starts."""
        for index in range(bisect_right(self._reach, start), bisect_left(self._starts, stop)):
            if self._stops[index] > start:
                yield self._items[index]


class HeldStretches:
    """Stretches in which the bed stays ducked, from a line's first sound to the last of the lines near it."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []

    def add(self, start: int, stop: int) -> None:
        if self._lasts and start - self._lasts[-1] < HOLD:
            self._lasts[-1] = max(self._lasts[-1], stop)
        else:
            self._lasts.append(stop)
            self._firsts.append(start)

    def overlapping(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Yield the stretches (first, last) that overlap [*start*, *stop*]."""
        for index in range(bisect_left(self._lasts, start), bisect_right(self._firsts, stop)):
            yield self._firsts[index], self._lasts[index]


class Score:
    """All cues so far of a session of *length* frames.

    Up to frame `known` no later cue changes the mix. It only grows, and may be read from any thread while one
    thread adds cues.
    """

    def __init__(self, length: Frames) -> None:
        self.length = length
        self.known = 0
        self.cues: list[Cue] = []
        self.speech: Track[SpeechCue] = Track()
        self.tones: Track[ToneCue] = Track()
        self.bells: Track[BellCue] = Track()
        self.sounds: Track[SoundCue] = Track()
        self.held = HeldStretches()
        self._beds: list[BedCue] = []
        self._spoken_until = 0
        self._ended = False

    def add(self, cue: Cue | Ahead) -> None:
        """Add the next cue, in the order of settling."""
        stop = cue.start
        match cue:
            case Ahead():
                self.held.add(cue.start, cue.start)
                # The closing fade stays behind this frame even if the line turns out not to fit.
                self._spoken_until = max(self._spoken_until, cue.start)
                self.known = max(self.known, cue.start - EDGE - REACH)
                return
            case SpeechCue():
                stop = Frames(cue.start + cue.length)
                self.speech.add(cue.start, stop, cue)
                self.held.add(cue.start, stop)
                self._spoken_until = max(self._spoken_until, stop)
            case ToneCue():
                self.tones.add(cue.start, cue.start + cue.length, cue)
            case BellCue():
                self.bells.add(cue.start, cue.start + 1, cue)
            case SoundCue():
                stop = Frames(cue.start + cue.length)
                self.sounds.add(cue.start, stop, cue)
            case BedCue():
                self._beds.append(self._with_level(cue))
            case RestCue():
                stop = Frames(cue.start + cue.length)
            case EndCue():
                self._ended = True
            case ChapterCue():
                pass
            case _:
                assert_never(cue)
        self.cues.append(cue)
        self._decide(stop)

    def _with_level(self, cue: BedCue) -> BedCue:
        """Return *cue*; if it states no level, with that of the bed before it."""
        if cue.level_db is not None:
            return cue
        return replace(cue, level_db=self._beds[-1].level_db if self._beds else Bed().level_db)

    def _decide(self, cursor: int) -> None:
        """Advance `known`, given that no later cue sounds before *cursor*; ducking may still be open."""
        if self._ended:
            self.known = self.length
            return
        free = cursor - self._spoken_until >= HOLD
        decided = cursor - _DUCK_DOWN if free else self._spoken_until - EDGE
        self.known = max(self.known, min(decided, self.length - FADE_OUT) - REACH)

    def beds(self, start: int, stop: int) -> Iterator[tuple[BedCue | None, BedCue, BedCue | None]]:
        """Yield (before, bed, next) for every bed heard in [*start*, *stop*)."""
        beds = self._beds
        for index, cue in enumerate(beds):
            after = beds[index + 1] if index + 1 < len(beds) else None
            if cue.start < stop and (after is None or after.start + after.fade > start):
                yield (beds[index - 1] if index else None), cue, after

    def ending(self) -> tuple[int, int]:
        """Return where the fade at the end begins and ends, in frames; nothing is spoken in it."""
        return max(self._spoken_until, self.length - FADE_OUT), self.length
