"""A picture of the timeline in SVG: speech, rests, breaths and bells, over the level of the bed.

Time runs from left to right in rows, like lines of text, so that a long session stays legible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, assert_never

from voiceguide.audio import Frames, clock, frames
from voiceguide.export.text import bedcurve, draw, lanes
from voiceguide.export.text.bedcurve import BedLane, BedLevel, bed_of
from voiceguide.export.text.chapters import ChapterSpan, marks
from voiceguide.export.text.draw import bar, element, label, room, stroke
from voiceguide.export.text.lanes import LANE, LEFT, WIDTH, Lanes, PlotRow
from voiceguide.export.text.stats import longest_silence, speech_share, words_per_minute
from voiceguide.export.text.text import plain, session_length, shorten, spoken, unpaced
from voiceguide.plan.items import (
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

_TOP: Final = 84
_GAP: Final = 18
_ROWS: Final = 12
_ROW_SECONDS: Final = (15, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 2400)


def svg(
    cues: Sequence[Cue], *, title: str, bed_level: BedLevel | None = None, ident: str = "timeline"
) -> str:
    """Return the picture as an SVG document, 1200 units wide.

    *bed_level* draws the bed's curve in dB, None leaves it out; minus infinity means no bed. *ident* is the
    prefix of every id, for a page with several pictures. Marks have titles with their words and times, which
    browsers show when they are pointed at.
    """
    length = session_length(cues)
    cues = unpaced(cues)
    bed = bed_of(bed_level, length) if bed_level is not None else None
    chapters = marks(cues, title=title) if any(isinstance(cue, ChapterCue) for cue in cues) else ()
    parts = [_clip(ident), _head(cues, title)]
    top = _TOP
    for row in _rows(length):
        breath = any(isinstance(cue, ToneCue) and row.has(cue.start, cue.length) for cue in cues)
        lay = lanes.lay(breath, bed is not None)
        inside = "\n".join(_row(row, lay, cues, chapters, bed, ident))
        parts.append(element("g", inside, transform=f"translate(0 {top})"))
        top += lay.height + _GAP
    parts.append(element("g", *_legend(cues, bed is not None), transform=f"translate({LEFT} {top + 4})"))
    return _document(parts, top + 36, cues, title, ident)


def _document(parts: Iterable[str], height: int, cues: Sequence[Cue], title: str, ident: str) -> str:
    inside = (
        element("title", draw.words(plain(title)), id=f"{ident}-title"),
        element("desc", draw.words(_description(cues, title)), id=f"{ident}-desc"),
        bar(0, 0, WIDTH, height, draw.PAPER),
        *parts,
    )
    document = element(
        "svg",
        "\n".join(inside),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        width=WIDTH,
        height=height,
        role="img",
        aria_labelledby=f"{ident}-title {ident}-desc",
        font_family=draw.SANS,
    )
    return document + "\n"


def _description(cues: Sequence[Cue], title: str) -> str:
    named = "; ".join(f"{clock(mark.start)} {mark.title}" for mark in marks(cues, title=title))
    return f"Timeline of {', '.join(_facts(cues))}. Chapters: {named or 'none'}."


def _facts(cues: Sequence[Cue]) -> Iterator[str]:
    yield clock(session_length(cues))
    yield f"{speech_share(cues):.0%} speech"
    if pace := words_per_minute(cues):
        yield f"{pace:.0f} words a minute"
    yield f"longest silence {clock(longest_silence(cues))}"


def _rows(length: Frames) -> Iterator[PlotRow]:
    """Divide the session: one row up to two minutes, then rows of two minutes or more, at most twelve."""
    whole = max(length, 1)
    one_row = (frames(it) for it in _ROW_SECONDS if it <= 120 and whole <= frames(it))
    many = (frames(it) for it in _ROW_SECONDS if it >= 120 and whole <= _ROWS * frames(it))
    span = next(one_row, None) or next(many, None) or Frames(-(-whole // _ROWS))
    for start in range(0, whole, span):
        yield PlotRow(Frames(start), Frames(min(start + span, whole)), span)


def _clip(ident: str) -> str:
    """Return the clip path that keeps breath curves inside their row."""
    lane = bar(LEFT, 0, LANE, lanes.lay(breath=True, bed=True).height, draw.PAPER)
    return element("defs", element("clipPath", lane, id=f"{ident}-lane"))


def _head(cues: Sequence[Cue], title: str) -> str:
    name = shorten(plain(title), room(LANE, 24))
    heading = label(name, LEFT, 38, size=24, fill=draw.INK, font_family=draw.SERIF)
    return heading + label("  ·  ".join(_facts(cues)), LEFT, 62, size=14)


def _row(
    row: PlotRow,
    lay: Lanes,
    cues: Sequence[Cue],
    chapters: Sequence[ChapterSpan],
    bed: BedLane | None,
    ident: str,
) -> Iterator[str]:
    yield from lanes.ground(row, lay, chapters)
    yield from lanes.axis(row, lay)
    if bed is not None:
        yield from bedcurve.curve(row, lay.bed, bed)
    here = [cue for cue in cues if row.has(cue.start, getattr(cue, "length", 0))]
    yield from (mark for cue in sorted(here, key=_height) if (mark := _mark(row, lay, cue)))
    if tones := [cue for cue in here if isinstance(cue, ToneCue)]:
        strokes = (lanes.tone(row, lay, cue, before) for before, cue in pairwise([None, *tones]) if cue)
        yield element("g", *strokes, clip_path=f"url(#{ident}-lane)")
    yield from lanes.first_words(row, lay, spoken(cues))
    yield from lanes.chapter_marks(row, lay, chapters)


def _height(cue: Cue) -> int:
    """Return the drawing order of *cue*: bells over speech over rests."""
    return 2 if isinstance(cue, BellCue) else 0 if isinstance(cue, RestCue) else 1


def _mark(row: PlotRow, lay: Lanes, cue: Cue) -> str:
    match cue:
        case RestCue():
            return lanes.rest(row, lay, cue)
        case SoundCue():
            return lanes.block(row, lay, cue, draw.SOUND, cue.path.name)
        case SpeechCue():
            return lanes.block(row, lay, cue, draw.SPEECH, plain(cue.line.text))
        case BellCue():
            return lanes.bell(row, lay, cue)
        case BedCue() if lay.bed >= 0:
            return bedcurve.change(row, lay.bed, cue)
        case BedCue() | ToneCue() | ChapterCue() | EndCue():
            return ""
        case _:
            assert_never(cue)


def _legend(cues: Sequence[Cue], bed: bool) -> Iterator[str]:
    """Explain the marks that occur in the picture."""
    x = 0
    for name, mark, shown in _keys(cues, bed):
        if shown:
            yield element("g", mark, transform=f"translate({x} 0)")
            yield label(name, x + 36, 14, size=12)
            x += 56 + round(len(name) * 6.6)


def _keys(cues: Sequence[Cue], bed: bool) -> Iterator[tuple[str, str, bool]]:
    def has(kind: type[Cue]) -> bool:
        return any(isinstance(cue, kind) for cue in cues)

    exact = {cue.exact for cue in cues if isinstance(cue, RestCue)}
    yield "speech", bar(0, 3, 28, 14, draw.SPEECH, rx=3), has(SpeechCue)
    yield "exact rest", lanes.rest_line(0, 28, 10, exact=True), True in exact
    yield "flexible rest", lanes.rest_line(0, 28, 10, exact=False), False in exact
    yield (
        "breath in, hold, out",
        stroke(lanes.KEY_BREATH, draw.BREATH, 2.2, stroke_linecap="round"),
        has(ToneCue),
    )
    yield "sound", bar(0, 3, 28, 14, draw.SOUND, rx=3), has(SoundCue)
    yield "bell", lanes.dot(14, 10), has(BellCue)
    yield "chapter", stroke("M14 2v16", draw.CHAPTER, 1.6), has(ChapterCue)
    level = bar(0, 8, 28, 10, draw.BED_FILL) + stroke("M0 8h28", draw.BED, 1.5)
    yield "level of the bed", level, bed
