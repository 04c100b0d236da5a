"""The changes that a listener can make while a session plays: pure functions from one course to another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, assert_never

from msgspec.structs import replace

from voiceguide.audio import Frames, frames
from voiceguide.plan.fit import Estimate, Fit
from voiceguide.plan.items import (
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
from voiceguide.playback.course import Course, Heard, View, begin, cut, item_at
from voiceguide.script.model import Bed, Where

AT_LEAST: Final = frames(1.0)
"""A rest that is shortened while it lasts goes on for at least this long."""


def stay_item(items: Sequence[Item], item: int) -> int:
    """Return the index of the rest that "stay longer" means at *item*: the next from there outside a breath.

    If there is none, return the index of the tail, which is after the last item.
    """
    for place in range(max(item, 0), len(items)):
        breath = place and isinstance(items[place - 1], Tone | Overlay)
        if isinstance(items[place], Gap) and not breath:
            return place
    return len(items)


def stayed(given: Course, view: View, frame: int, extra: Frames) -> Course:
    """Return *given*, and in it the rest at *frame* or the next one, *extra* longer."""
    place = stay_item(given.items, item_at(view, frame))
    length = Frames(given.length + extra)
    if place == len(given.items):
        return replace(cut(given, view, place), length=length)
    start, stop = begin(view, place), Frames(begin(view, place + 1) + extra)
    before = (entry for entry in view if entry[0] < place)
    rest = RestCue(start, Frames(stop - start), Frames(stop - start), exact=True)
    return replace(given, length=length, heard=(*before, (place, rest)), next=place + 1, at=stop)


def lengthened(given: Course, place: int, extra: Frames) -> Course:
    """Return *given*, and in it the rest at *place*, which has not begun, *extra* longer."""
    timeline = given.timeline
    if place == len(given.items):
        timeline = replace(timeline, tail=_grown(timeline.tail, extra))
    else:
        item = given.items[place]
        assert isinstance(item, Gap)
        items = (*given.items[:place], _grown(item, extra), *given.items[place + 1 :])
        timeline = replace(timeline, items=items)
    return replace(given, timeline=timeline, length=Frames(given.length + extra))


def _grown(rest: Gap, extra: Frames) -> Gap:
    about, least, most = (Frames(length + extra) for length in (rest.about, rest.least, rest.most))
    return replace(rest, about=about, least=least, most=most)


def turned(
    given: Course, view: View, frame: int, items: Sequence[Item], pause: Frames, estimate: Estimate
) -> Course:
    """Return *given* broken off at *frame*: *items* follow after *pause*, at their natural length."""
    done = min(item_at(view, frame) + 1, len(given.items))
    timeline = replace(given.timeline, items=(*given.items[:done], *items))
    at = Frames(frame + pause)
    return _unhurried(Course(timeline, given.length, tuple(_until(view, frame)), done, at, done), estimate)


def reopened(given: Course, view: View, item: int, items: tuple[Item, ...], estimate: Estimate) -> Course:
    """Return *given* with *items* in place of its own, open from *item* on, at their natural length.

    Before *item* both have the same items.
    """
    made = replace(cut(given, view, item), timeline=replace(given.timeline, items=items))
    return _unhurried(made, estimate)


def _unhurried(given: Course, estimate: Estimate) -> Course:
    """Return *given* with the rest of its items at their natural length."""
    fit = Fit(given.rest, estimate)
    lasting = min(max(fit.about, fit.reach.shortest), fit.reach.longest)
    timeline = replace(given.timeline, tail=fit.tail)
    return replace(given, timeline=timeline, length=Frames(given.at + lasting))


def _until(view: View, frame: int) -> list[Heard]:
    """Return the cues of *view* that begin before *frame*, without voice and tones that last beyond it."""
    kept: list[Heard] = []
    for item, cue in view:
        if cue.start >= frame and not (cue.start == 0 and isinstance(cue, BedCue)):
            continue
        match cue:
            case SpeechCue() | SoundCue() | ToneCue() if cue.start + cue.length > frame:
                continue
            case RestCue():
                kept.append((item, replace(cue, length=Frames(min(cue.length, frame - cue.start)))))
            case SpeechCue() | SoundCue() | ToneCue() | BellCue() | BedCue() | ChapterCue() | EndCue():
                kept.append((item, cue))
            case _:
                assert_never(cue)
    return kept


def relengthed(
    given: Course, view: View, frame: int, fresh: Timeline, length: Frames, estimate: Estimate
) -> Course:
    """Return *given*, continued from *frame* as *fresh* is, as near to *length* frames as possible.

    *fresh* is the same script written out for that length. A flexible rest at *frame* changes too.
    """
    here = item_at(view, frame)
    follow = _following(given, here, fresh.items)
    item = given.items[here] if 0 <= here < len(given.items) else None
    if isinstance(item, Gap) and not item.exact:
        least = Frames(max(item.least, frame - begin(view, here) + AT_LEAST))
        grown = replace(
            item, about=Frames(max(item.about, least)), least=least, most=Frames(max(item.most, least))
        )
        kept: tuple[Item, ...] = (*given.items[:here], grown)
        base = cut(given, view, here)
    else:
        kept = given.items[: here + 1]
        base = cut(given, view, here + 1)
    turn = len(kept) if here < given.turn else given.turn
    made = replace(base, timeline=replace(given.timeline, items=(*kept, *follow), tail=fresh.tail), turn=turn)
    fit = Fit(made.rest, estimate)
    left = min(max(length - made.at, fit.reach.shortest), fit.reach.longest)
    # In the tail, only the tail itself can become shorter: it too goes on for a moment.
    ends = max(made.at + left, min(given.length, frame + AT_LEAST))
    return replace(made, timeline=replace(made.timeline, tail=fit.tail), length=Frames(ends))


def _following(given: Course, here: int, fresh: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the items of *fresh* after item *here* of *given*; before `given.turn`, those after the turn."""
    if here >= given.turn:
        return fresh[same_place(given.items, here, fresh) + 1 :]
    turned_to = given.items[given.turn :]
    first = next((place for place, item in enumerate(turned_to) if _where(item) is not None), None)
    if first is None:
        return turned_to
    where = _where(turned_to[first])
    last = max((place for place, item in enumerate(fresh) if _where(item) == where), default=None)
    return turned_to if last is None else fresh[max(0, last - first) :]


def same_place(items: Sequence[Item], item: int, others: Sequence[Item]) -> int:
    """Return the index in *others*, of the same script, that matches *item* of *items*; -1 for the start.

    A line is identified by its place in the script, and by how often that place has been spoken. Items before
    the first line have the same index in both.
    """
    for anchor in range(min(item, len(items) - 1), -1, -1):
        where = _where(items[anchor])
        if where is None:
            continue
        times = sum(_where(earlier) == where for earlier in items[:anchor])
        matches = [place for place, other in enumerate(others) if _where(other) == where]
        if times < len(matches):
            match = matches[times]
            after = (place for place in range(match + 1, len(others)) if _where(others[place]) is not None)
            return min(match + item - anchor, next(after, len(others)) - 1)
    first = next((place for place, other in enumerate(others) if _where(other) is not None), len(others))
    return min(item, first - 1)


def marks(items: Sequence[Item]) -> list[str]:
    """Return for each of *items* a mark of its line, or of the line before it; "" before the first.

    The mark is made of the line's place in the script and of how often that place was spoken before. The same
    line has the same mark in every session of the script.
    """
    made: list[str] = []
    said: Counter[Where] = Counter()
    for item in items:
        where = _where(item)
        if where is None:
            made.append(made[-1] if made else "")
        else:
            made.append(f"{Path(where.path).name}:{where.line}:{where.column}:{where.field}:{said[where]}")
            said[where] += 1
    return made


def read_mark(mark: str) -> tuple[str, int, int, int] | None:
    """Return the file's name, line, column and count of the line with *mark*; None if it is no such mark."""
    try:
        rest, count = mark.rsplit(":", 1)
        name, line, column, _ = rest.rsplit(":", 3)
        return name, int(line), int(column), int(count)
    except ValueError:
        return None


def _where(item: Item) -> Where | None:
    match item:
        case Line():
            return item.where
        case Overlay():
            return item.line.where
        case Gap() | Sound() | Tone() | Strike() | BedChange() | Chapter():
            return None
        case _:
            assert_never(item)


def rebedded(given: Course, bed: Bed, *, own_sound: bool, own_level: bool) -> Course:
    """Return *given* with *bed* throughout; later changes keep what the listener has chosen."""

    def heard(cue: Cue) -> Cue:
        if not isinstance(cue, BedCue):
            return cue
        if cue.start == 0:
            return replace(cue, sound=bed.sound if own_sound else cue.sound, level_db=bed.level_db)
        return replace(
            cue,
            sound=_sound(cue.sound, bed, own_sound),
            level_db=None if own_level else cue.level_db,
        )

    items = rebedded_items(given.items, bed, own_sound=own_sound, own_level=own_level)
    timeline = replace(given.timeline, bed=bed, items=items)
    return replace(given, timeline=timeline, heard=tuple((place, heard(cue)) for place, cue in given.heard))


def rebedded_items(items: Sequence[Item], bed: Bed, *, own_sound: bool, own_level: bool) -> tuple[Item, ...]:
    """Return *items*, in which changes of the bed keep what the listener has chosen."""

    def changed(item: Item) -> Item:
        if not isinstance(item, BedChange):
            return item
        level = None if own_level else item.level_db
        return replace(item, sound=_sound(item.sound, bed, own_sound), level_db=level)

    return tuple(changed(item) for item in items)


def _sound(name: str | None, bed: Bed, own_sound: bool) -> str | None:
    return bed.sound if own_sound and name is not None else name


def revoiced(given: Course, louder_db: float) -> Course:
    """Return *given* with the voice *louder_db* louder throughout."""

    def heard(cue: Cue) -> Cue:
        return replace(cue, line=_louder(cue.line, louder_db)) if isinstance(cue, SpeechCue) else cue

    timeline = replace(given.timeline, items=revoiced_items(given.items, louder_db))
    return replace(given, timeline=timeline, heard=tuple((place, heard(cue)) for place, cue in given.heard))


def revoiced_items(items: Sequence[Item], louder_db: float) -> tuple[Item, ...]:
    """Return *items* with the voice *louder_db* louder."""

    def changed(item: Item) -> Item:
        match item:
            case Line():
                return _louder(item, louder_db)
            case Overlay():
                return replace(item, line=_louder(item.line, louder_db))
            case Gap() | Sound() | Tone() | Strike() | BedChange() | Chapter():
                return item
            case _:
                assert_never(item)

    return tuple(changed(item) for item in items)


def _louder(line: Line, louder_db: float) -> Line:
    return replace(line, level_db=line.level_db + louder_db)
