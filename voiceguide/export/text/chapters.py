"""Chapters, as a flat list for every container, and in the JSON format of Podcasting 2.0.

The format is version 1.2 of the podcast namespace's "JSON Chapters": times in seconds, order ascending,
``"toc": false`` for a mark that is not listed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import RATE, Frames
from voiceguide.export.text.text import plain, session_length
from voiceguide.plan.items import ChapterCue, Cue

VERSION: Final = "1.2.0"

_LISTED_DEPTH: Final = 1  # deeper sections are unlisted marks, since a list of every small part is of no use


class ChapterSpan(Struct, frozen=True):
    """A chapter from `start` to `end`; the next begins where it ends. `depth` is 0 for the outermost."""

    start: Frames
    end: Frames
    title: str
    depth: int


def marks(cues: Sequence[Cue], *, title: str) -> tuple[ChapterSpan, ...]:
    """Return the chapters as a flat list without gaps, from the first frame to the last.

    Time before the first chapter is called *title*, as is a session without chapters. A section that begins
    with its first part shares one mark with it, ``Outer: inner``.
    """
    length = session_length(cues)
    if length == 0:
        return ()
    found: list[ChapterSpan] = []
    for cue in sorted((cue for cue in cues if isinstance(cue, ChapterCue)), key=lambda cue: cue.start):
        mark = ChapterSpan(cue.start, length, plain(cue.title) or plain(title), cue.depth)
        if cue.start >= length:
            break
        if found and found[-1].start == cue.start:
            found[-1] = _shared(found[-1], mark)
        else:
            found.append(mark)
    if not found or found[0].start > 0:
        found.insert(0, ChapterSpan(Frames(0), length, plain(title), 0))
    ends = [later.start for _, later in pairwise(found)]
    return tuple(replace(mark, end=end) for mark, end in zip(found, [*ends, length], strict=True))


def chapters_json(cues: Sequence[Cue], *, title: str) -> str:
    """Return the session's chapters as a JSON file to be served as ``application/json+chapters``."""
    chapters = [_entry(mark) for mark in marks(cues, title=title)]
    document = {"version": VERSION, "title": plain(title), "chapters": chapters}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _shared(mark: ChapterSpan, later: ChapterSpan) -> ChapterSpan:
    """Return one mark for two that begin together; a section of no length is replaced by its successor."""
    return replace(mark, title=f"{mark.title}: {later.title}") if later.depth > mark.depth else later


def _entry(mark: ChapterSpan) -> dict[str, object]:
    entry: dict[str, object] = {
        "startTime": _seconds(mark.start),
        "endTime": _seconds(mark.end),
        "title": mark.title,
    }
    return entry if mark.depth <= _LISTED_DEPTH else {**entry, "toc": False}


def _seconds(count: Frames) -> float:
    return round(count / RATE, 3)
