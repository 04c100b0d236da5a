"""Where a session is resumed: at a line, identified by its place in the script. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from voiceguide.audio import frames
from voiceguide.listeners.records import Place
from voiceguide.plan.items import Item
from voiceguide.playback.course import Course, Heard, View, begin, item_at, line_before
from voiceguide.playback.edits import marks, read_mark, same_place

EARLIER: Final = frames(3.0)
"""A session is resumed at the start of a line at least this long before where it was left."""

LONG_AGO: Final = frames(60.0)
"""If the last line began longer ago than this, the session is resumed in its rest, only `EARLIER` before."""

BEFORE_LINE: Final = frames(0.3)
"""Going to a line, the session is entered this long before it, so that the crossfade is over by then."""

_FEW: Final = frames(20.0)
"""If the line at least `EARLIER` before began longer ago than this, the last line is taken instead."""


def place_of(frame: int, items: Sequence[Item], view: View, written: Sequence[Item]) -> Place | None:
    """Return the place of a session that is left at *frame*, None if it cannot be resumed.

    *items* and *view* are the session as it is now, *written* the items with which it began.
    """
    line = line_before(view, frame - EARLIER)
    if line is None or frame - begin(view, line) > _FEW:
        line = line_before(view, frame)
    if line is None or frame - begin(view, line) > LONG_AGO:
        item = item_at(view, frame - EARLIER)
        since = frame - EARLIER - begin(view, item)
    else:
        item, since = line, 0
    there = same_place(items, item, written)
    if there < 0:
        return None
    lines = marks(written)
    return Place(frame, lines[there], there - lines.index(lines[there]), since)


def item_of(
    place: Place, given: Course, outlook: Callable[[Callable[[Heard], bool]], View]
) -> tuple[int, int]:
    """Return the index of the item of *given* at *place*, and the frames into it at which to begin.

    If *given* has no such line, the item is found by its time, or, if the `frame` of *place* is 0, by the
    last line that is written before it in the same file. *outlook* returns the cues up to the first for which
    its argument returns True.
    """
    lines = marks(given.items)
    if place.line in lines:
        first = lines.index(place.line)
        return min(first + place.steps, first + lines.count(place.line) - 1), place.since
    if not 0 < place.frame < given.length:
        return _written_before(place.line, lines), 0
    view = outlook(lambda entry: entry[1].start >= place.frame)
    return line_before(view, place.frame - EARLIER) or 0, 0


def _written_before(mark: str, lines: Sequence[str]) -> int:
    """Return the first item of the last of *lines* that is written before *mark*, 0 if none is."""
    here = read_mark(mark)
    if here is None:
        return 0
    before = [
        (where, -item)
        for item, line in enumerate(lines)
        if (where := read_mark(line)) is not None and where[0] == here[0] and where <= here
    ]
    return -max(before)[1] if before else 0
