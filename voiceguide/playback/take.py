"""A course made audible: settled ahead on a thread of its own, mixed on demand."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Final, assert_never

import numpy as np
from msgspec import Struct

from voiceguide.audio import Block, Frames, frames
from voiceguide.plan.items import (
    Ahead,
    BedChange,
    BedCue,
    Chapter,
    ChapterCue,
    Cue,
    Gap,
    Line,
    Overlay,
    Sound,
    SoundCue,
    SpeechCue,
    Strike,
    Tone,
)
from voiceguide.playback.course import Course, Heard, outlook
from voiceguide.playback.montage import FOREVER
from voiceguide.script.model import Bed
from voiceguide.session.performance import Performance, Sounds

AHEAD: Final = frames(600.0)
"""A take is settled, and so spoken, this far ahead of what is heard."""


class Moment(Struct, frozen=True):
    """The item at a frame, the last words before it, the chapter around it, and whether a voice sounds."""

    item: int
    words: str
    chapter: str
    speaking: bool = False


class Take:
    """The `montage.Source` of a course. `begin` it once and `close` it; *woken* is called when more is known.

    `failure` is the error that stopped it from being settled, if any.
    """

    def __init__(self, course: Course, sounds: Sounds, woken: Callable[[], None]) -> None:
        self.course = course
        self.failure: Exception | None = None
        self._sounds = sounds
        self._woken = woken
        self._view: list[Heard] = []
        self._performance = Performance(self._cues(), course.length, sounds)
        self._wanted = 0
        self._begun = False
        self._kept: tuple[int, Block] | None = None
        self._closed = False
        self._turn = threading.Condition()

    @property
    def length(self) -> Frames:
        return self.course.length

    @property
    def known(self) -> int:
        known = self._performance.known
        return FOREVER if known >= self.course.length else known

    @property
    def view(self) -> tuple[Heard, ...]:
        """The cues settled so far, including those that are fixed from the start."""
        settled = tuple(self._view)
        return settled if len(settled) >= len(self.course.heard) else self.course.heard

    def outlook(self, until: Callable[[Heard], bool]) -> tuple[Heard, ...]:
        """Return the cues up to the first for which *until* is true; those not settled yet are estimated."""
        view = self.view
        known = next((place for place, entry in enumerate(view) if until(entry)), None)
        if known is not None:
            return view
        return outlook(self.course, view, self._sounds.clips.estimate, self._sounds.guess, until)

    def at(self, frame: int) -> Moment:
        """Return what is heard at *frame*, as far as it is settled."""
        view = self.view
        view = view[: bisect_right(view, frame, key=lambda entry: entry[1].start)]
        words = next((c.line.text for _, c in reversed(view) if isinstance(c, SpeechCue)), "")
        chapter = next((c.title for _, c in reversed(view) if isinstance(c, ChapterCue)), "")
        last = next((c for _, c in reversed(view) if isinstance(c, SpeechCue | SoundCue)), None)
        speaking = last is not None and frame < last.start + last.length
        return Moment(view[-1][0] if view else -1, words, chapter, speaking)

    def bed(self, frame: int) -> Bed:
        """Return the bed at *frame*, as far as it is settled."""
        bed = self.course.timeline.bed
        for _, cue in self.view:
            if isinstance(cue, BedCue) and cue.start <= frame:
                bed = Bed(cue.sound, bed.level_db if cue.level_db is None else cue.level_db)
        return bed

    def block(self, start: int, count: int) -> Block:
        """Return *count* frames from *start*; silence after the end."""
        if self._kept is not None:
            first, mixed = self._kept
            if first <= start and start + count <= first + len(mixed):
                return mixed[start - first : start - first + count].copy()
        inside = min(count, max(0, self.length - start))
        mixed = self._performance.mix(Frames(start), inside)
        return mixed if inside == count else np.pad(mixed, ((0, count - inside), (0, 0)))

    def begin(self, frame: int, *, first: bool = True, ahead: int = AHEAD) -> None:
        """Settle *ahead* frames beyond *frame*, which speaks their lines.

        If *first*, the lines of the course are spoken before any others.
        """
        if first:
            self._sounds.speech.want(lines_of(self.course))
        if self._begun:
            self.want(frame)
            return
        self._begun = True
        self._wanted = frame + ahead
        threading.Thread(target=self._settle, name="settle", daemon=True).start()

    def ready(self, frame: int, timeout: float) -> bool:
        """Wait at most *timeout* seconds; return whether everything before *frame* is known."""
        with self._turn:
            return self._turn.wait_for(lambda: self.known >= frame or self.failure is not None, timeout)

    def keep(self, start: int, count: int) -> None:
        """Keep *count* frames from *start* in memory, mixed."""
        self._kept = None
        self._kept = (start, self.block(start, count))

    def want(self, frame: int) -> None:
        """Settle up to `AHEAD` beyond *frame*."""
        if frame + AHEAD - self._wanted > AHEAD // 10:
            with self._turn:
                self._wanted = frame + AHEAD
                self._turn.notify_all()

    def close(self) -> None:
        """Stop settling."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()

    def _cues(self) -> Iterator[Cue | Ahead]:
        for item, cue in self.course.cues(self._sounds.clips.estimate, self._sounds.speech.length):
            if not isinstance(cue, Ahead):
                self._view.append((item, cue))
            yield cue

    def _settle(self) -> None:
        try:
            while not self._closed and self.known < FOREVER:
                before = self.known
                self._performance.upto(before + 1)
                self._woken()
                with self._turn:
                    self._turn.notify_all()
                    self._turn.wait_for(lambda: self._closed or self.known < self._wanted)
        except Exception as failure:  # for the player's thread, which raises it
            self.failure = failure
            self._woken()


def lines_of(course: Course) -> Iterator[Line]:
    """Yield the lines of *course* that are to come, in order."""
    for item in course.rest.items:
        match item:
            case Line():
                yield item
            case Overlay(line=line):
                yield line
            case Gap() | Sound() | Tone() | Strike() | BedChange() | Chapter():
                pass
            case _:
                assert_never(item)
