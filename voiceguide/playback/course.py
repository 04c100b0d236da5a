"""A session while it is heard: what has sounded is fixed, what is to come can be settled anew.

A change while playing is never an edit of sound. It is another `Course`: the cues heard so far, a place
among the items, and the rest of the items settled to the time that is left. Everything here is pure, and
settling the rest of an unchanged course gives the same cues again (see `plan.fit`), so only what was asked
for changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import Frames
from voiceguide.plan.fit import Estimate, Fit
from voiceguide.plan.items import (
    Ahead,
    BedChange,
    Chapter,
    Cue,
    EndCue,
    Item,
    Line,
    SoundCue,
    SpeechCue,
    Timeline,
)
from voiceguide.plan.margins import EDGE
from voiceguide.plan.settle import Placed, Spoken, placed

Heard = tuple[int, Cue]
"""A cue and the index of its item: -1 for the lead-in, the number of items for the tail."""

View = Sequence[Heard]
"""Cues of a course in order of time, as far as they are known or planned."""


class Course(Struct, frozen=True):
    """A session heard in part. `heard` has the cues, now fixed, of all items before item `next`.

    Item `next` begins at frame `at`, and `length` is the frames of the whole session. `heard` is empty if
    nothing has sounded. `turn` is the first item after the listener broke off, from which the course differs
    from the script; -1 if there is none.
    """

    timeline: Timeline
    length: Frames
    heard: tuple[Heard, ...] = ()
    next: int = 0
    at: Frames = Frames(0)
    turn: int = -1

    @property
    def items(self) -> tuple[Item, ...]:
        return self.timeline.items

    @property
    def rest(self) -> Timeline:
        """What is still to be settled."""
        if not self.heard:
            return self.timeline
        return replace(self.timeline, items=self.items[self.next :], lead_in=Frames(0))

    def cues(self, estimate: Estimate, spoken: Spoken) -> Iterator[Placed]:
        """Yield every cue in order, `EndCue` last; each is settled only when it is needed."""
        yield from self.heard
        for item, cue in placed(self.rest, Frames(self.length - self.at), estimate, spoken):
            if item >= 0 or not self.heard:
                at = Frames(cue.start + self.at)
                yield (item + self.next if item >= 0 else item), replace(cue, start=at)


def course(timeline: Timeline, length: Frames, estimate: Estimate) -> Course:
    """Return the course of *timeline* from its start.

    The tail's limits are those for the whole timeline, even if only a small rest is settled later.
    """
    return Course(replace(timeline, tail=Fit(timeline, estimate).tail), length)


def natural(timeline: Timeline, length: Frames, estimate: Estimate) -> Course:
    """Return the course of *timeline* at its natural length, or as near as can be to a nonzero *length*."""
    fit = Fit(timeline, estimate)
    asked = length or fit.about
    return course(timeline, Frames(min(max(asked, fit.reach.shortest), fit.reach.longest)), estimate)


def outlook(
    given: Course,
    known: View,
    estimate: Estimate,
    guess: Callable[[Line], Frames],
    until: Callable[[Heard], bool] = lambda entry: False,
) -> tuple[Heard, ...]:
    """Return the cues of *given* up to the first that *until* accepts: those *known*, then estimated ones.

    *guess* returns the approximate length of a line in frames.
    """
    if known and isinstance(known[-1][1], EndCue):
        return tuple(known)
    last = max((item for item, _ in known), default=-1)
    start = cut(given, known, last) if last >= given.next else given
    seen: list[Heard] = []
    for item, cue in start.cues(estimate, guess):
        if not isinstance(cue, Ahead):
            seen.append((item, cue))
            if until(seen[-1]):
                break
    return tuple(seen)


def begin(view: View, item: int) -> Frames:
    """Return the frame at which *item* begins: the start of its first cue, or of the next item's."""
    return next((cue.start for place, cue in view if place >= item), view[-1][1].start)


def item_at(view: View, frame: int) -> int:
    """Return the item at *frame*, the last that has begun; -1 if none has."""
    return max((item for item, cue in view if cue.start <= frame), default=-1)


def cut(given: Course, view: View, item: int) -> Course:
    """Return *given* with everything before *item* fixed as in *view*, and the rest open.

    If only chapters and changes of the bed in the lead-in come before *item*, nothing is fixed.
    """
    place = min(item, len(given.items))
    heard, at = tuple(entry for entry in view if entry[0] < place), begin(view, place)
    if at < given.timeline.lead_in and all(isinstance(i, Chapter | BedChange) for i in given.items[:place]):
        return replace(given, heard=(), next=0, at=Frames(0))
    return replace(given, heard=heard, next=place, at=at)


def line_at(view: View, frame: int) -> Frames | None:
    """Return the start of the line that is sounding at *frame*, if any."""
    spoken = (cue for _, cue in view if isinstance(cue, SpeechCue))
    return next((cue.start for cue in spoken if cue.start < frame < cue.start + cue.length), None)


def quiet_before(view: View, item: int) -> int:
    """Return the frame from which the voice of all items before *item* is silent; 0 if there is none."""
    voices = (cue for place, cue in view if place < item and isinstance(cue, SpeechCue | SoundCue))
    return max((cue.start + cue.length + EDGE for cue in voices), default=0)


def line_before(view: View, frame: int) -> int | None:
    """Return the item of the last line that starts before *frame*; None if none does."""
    return next((item for item, start in reversed(_lines(view)) if start < frame), None)


def line_after(view: View, frame: int) -> int | None:
    """Return the item of the first line that starts after *frame*, if there is one."""
    return next((item for item, start in _lines(view) if start > frame), None)


def _lines(view: View) -> list[tuple[int, Frames]]:
    return [(item, cue.start) for item, cue in view if isinstance(cue, SpeechCue)]


def chapter_before(items: Sequence[Item], item: int) -> int | None:
    """Return the last chapter at or before *item*, if there is one."""
    return next((i for i in range(min(item, len(items) - 1), -1, -1) if isinstance(items[i], Chapter)), None)


def chapter_after(items: Sequence[Item], item: int) -> int | None:
    """Return the first chapter after *item*, if there is one."""
    return next((i for i in range(item + 1, len(items)) if isinstance(items[i], Chapter)), None)
