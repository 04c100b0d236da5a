"""Places every item at its exact frame, as its clips become known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from voiceguide.audio import Frames
from voiceguide.plan.fit import Estimate, Fit
from voiceguide.plan.items import (
    Ahead,
    BedChange,
    BedCue,
    BellCue,
    Chapter,
    ChapterCue,
    Cue,
    EndCue,
    Gap,
    Item,
    Line,
    Overlay,
    RestCue,
    Sound,
    SoundCue,
    SpeechCue,
    Strike,
    Timeline,
    Tone,
    ToneCue,
)
from voiceguide.plan.sheet import exactly

Spoken = Callable[[Line], Frames]
"""Returns how long a line is, first sound to last, in frames, once it is spoken."""

Placed = tuple[int, Cue | Ahead]
"""The position of an item, and one of its cues."""


def settle(timeline: Timeline, length: Frames, estimate: Estimate, spoken: Spoken) -> Iterator[Cue | Ahead]:
    """Return the cues of a session of exactly *length* frames, in order of time, `EndCue` last.

    Lazy: *spoken* is called once for each line, in order, when its cue is asked for. The rest before the line
    and `Ahead` come first, so that a reader of the cues knows where speech begins before it is made. A line
    on the beat of a breath has no `Ahead`, as it may be left out. No cue depends on later items.

    If an engine breaks its promise (see `fit`), the length is still exact and speech never overlaps: rests
    are shortened, and a line that would outlast the session is left out with everything after it. The cues
    record this (see `strays`).

    Raises:
        LengthError: at once, if the timeline cannot have that length.
    """
    fit = Fit(timeline, estimate)
    fit.check(length)
    return (cue for _, cue in _placed(timeline, length, fit, spoken))


def placed(timeline: Timeline, length: Frames, estimate: Estimate, spoken: Spoken) -> Iterator[Placed]:
    """Settle like `settle`, with the position of each cue's item, for any *length*.

    The lead-in is at position -1, and the tail after the last item. For an impossible length, rests are
    shortened and items left out, as when an engine breaks its promise.
    """
    return _placed(timeline, length, Fit(timeline, estimate), spoken)


def _placed(timeline: Timeline, length: Frames, fit: Fit, spoken: Spoken) -> Iterator[Placed]:
    now = voice_end = Frames(0)
    waiting, unheard = True, 0
    yield -1, BedCue(now, timeline.bed.sound, timeline.bed.level_db, Frames(0))
    for position, item in enumerate(timeline.items):
        if waiting and not isinstance(item, Chapter | BedChange):
            waiting = False
            yield from _rest(-1, now, timeline.lead_in, exactly(timeline.lead_in))
            now = timeline.lead_in
        left = Frames(length - now)
        match item:
            case Gap():
                rest = fit.rest(position, left, busy=voice_end - now)
                yield from _rest(position, now, rest, item)
                now = Frames(now + rest)
            case Line():
                yield position, Ahead(now)
                taken = spoken(item)
                if taken > left:
                    unheard = _heard(timeline.items[position:])
                    break
                yield (
                    position,
                    SpeechCue(now, taken, item, Frames(max(taken - item.slot, 0) if item.slot else 0)),
                )
                voice_end = Frames(now + taken)
                now = Frames(max(voice_end, min(now + item.slot, length)))
                slack = Frames(now - voice_end)
                yield from _rest(position, voice_end, slack, exactly(slack))
            case Overlay(line=line):
                taken = spoken(line)
                if taken <= min(item.room, left):
                    yield position, SpeechCue(now, taken, line)
                    voice_end = Frames(now + taken)
            case Sound():
                if item.length > left:
                    unheard = _heard(timeline.items[position:])
                    break
                yield position, SoundCue(now, item.length, item.path, item.level_db)
                now = Frames(now + item.length)
            case Tone():
                yield position, ToneCue(now, Frames(min(item.length, left)), item.kind)
            case Strike():
                yield position, BellCue(now, item.sound, item.level_db)
            case BedChange():
                yield position, BedCue(now, item.sound, item.level_db, item.fade)
            case Chapter():
                yield position, ChapterCue(now, item.title, item.depth)
            case _:
                assert_never(item)
    yield from _rest(len(timeline.items), now, Frames(length - now), fit.tail)
    yield len(timeline.items), EndCue(length, unheard)


def _rest(position: int, start: Frames, length: Frames, gap: Gap) -> Iterator[Placed]:
    """Yield the rest; an empty one only if it is shorter than written."""
    short = Frames(max(gap.least - length, 0))
    if length > 0 or short > 0:
        yield position, RestCue(start, length, gap.about, gap.exact, short)


def _heard(items: Sequence[Item]) -> int:
    """Return how many of *items* are heard and take time."""
    return sum(isinstance(item, Line | Sound) for item in items)
