"""Draws one row of the picture: the contents of each of its lanes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames, clock, frames
from voiceguide.export.text import draw
from voiceguide.export.text.chapters import ChapterSpan
from voiceguide.export.text.draw import bar, element, label, number, room, stroke, tip
from voiceguide.export.text.table import span
from voiceguide.export.text.text import plain, shorten
from voiceguide.plan.items import BellCue, RestCue, SoundCue, SpeechCue, ToneCue

WIDTH: Final = 1200
LEFT: Final = 56
LANE: Final = WIDTH - LEFT - 28

CHAPTER_HEIGHT: Final = 22
SPEECH_HEIGHT: Final = 24
WORDS_HEIGHT: Final = 18
BREATH_HEIGHT: Final = 28
BED_HEIGHT: Final = 42
AXIS_HEIGHT: Final = 20

KEY_BREATH: Final = "M0 17C5 17 5 4 10 4H17C22 4 23 17 28 17"
"""The shape of a breath's curve in the legend."""

_TICK_SECONDS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600)


class PlotRow(Struct, frozen=True):
    """A row of the picture: from `start` to `end`, where `span` frames fill its full width."""

    start: Frames
    end: Frames
    span: Frames

    def x(self, at: int) -> float:
        """Return the x position of frame *at*, clipped to the row."""
        return self.free_x(min(max(at, self.start), self.end))

    def free_x(self, at: int) -> float:
        """Return the x position of frame *at*, even outside the row."""
        return LEFT + (at - self.start) / self.span * LANE

    def has(self, start: int, length: int) -> bool:
        """Return whether any of this range is in the row; an instant counts as a frame."""
        return start < self.end and start + max(length, 1) > self.start


class Lanes(Struct, frozen=True):
    """The y position of each lane from the top of the row; `breath` or `bed` is -1 if there is none."""

    speech: int
    words: int
    breath: int
    bed: int
    axis: int
    height: int


def lay(breath: bool, bed: bool) -> Lanes:
    """Return the lanes of a row, with or without *breath* and *bed*."""
    words = CHAPTER_HEIGHT + SPEECH_HEIGHT
    below = words + WORDS_HEIGHT
    after_breath = below + (BREATH_HEIGHT if breath else 0)
    axis = after_breath + (BED_HEIGHT if bed else 0)
    return Lanes(
        CHAPTER_HEIGHT, words, below if breath else -1, after_breath if bed else -1, axis, axis + AXIS_HEIGHT
    )


def ground(row: PlotRow, lanes: Lanes, chapters: Sequence[ChapterSpan]) -> Iterator[str]:
    """Fill the row's background, every other chapter a little darker."""
    bottom = lanes.axis - lanes.speech
    yield bar(row.x(row.start), lanes.speech, row.x(row.end) - LEFT, bottom, draw.BAND)
    for mark in chapters[1::2]:
        if row.has(mark.start, mark.end - mark.start):
            left = row.x(mark.start)
            yield bar(left, lanes.speech, row.x(mark.end) - left, bottom, draw.BAND_ALT)


def axis(row: PlotRow, lanes: Lanes) -> Iterator[str]:
    """Draw the time axis, with at most twelve steps to a row."""
    step = next(
        (frames(it) for it in _TICK_SECONDS if row.span <= 12 * frames(it)), frames(_TICK_SECONDS[-1])
    )
    for at in range(row.start, row.end + 1, step):
        x = row.x(at)
        yield stroke(f"M{number(x)} {lanes.axis}v5", draw.SOFT_INK, 1)
        yield label(clock(at), x, lanes.axis + 17, text_anchor="middle")


def block(row: PlotRow, lanes: Lanes, cue: SpeechCue | SoundCue, fill: str, text: str) -> str:
    """Draw a sound as a bar; *text* is shown when it is pointed at."""
    left = row.x(cue.start)
    width = max(row.x(cue.start + cue.length) - left, 1.5)
    says = tip(f"{clock(cue.start)} ({span(cue.length)}) {text}")
    return bar(left, lanes.speech + 3, width, SPEECH_HEIGHT - 6, fill, says, rx=min(3.0, width / 2))


def rest(row: PlotRow, lanes: Lanes, cue: RestCue) -> str:
    """Draw a rest as a line, with its length if there is room; if split over two rows, on the larger part."""
    left, right = row.x(cue.start), row.x(cue.start + cue.length)
    y = lanes.speech + SPEECH_HEIGHT / 2
    written = "exact" if cue.exact else f"written about {span(cue.planned)}"
    says = tip(f"{clock(cue.start)} rest of {span(cue.length)}, {written}")
    line = rest_line(left, right, y, says, exact=cue.exact)
    length = span(cue.length)
    part = min(cue.start + cue.length, row.end) - max(cue.start, row.start)
    if (part * 2 < cue.length and part < row.span) or room(right - left - 24) < len(length):
        return line
    middle, space = (left + right) / 2, len(length) * 6.6 + 6
    ground = bar(middle - space / 2, y - 7, space, 14, draw.BAND, rx=3)
    return line + ground + label(length, middle, y + 4, text_anchor="middle")


def rest_line(left: float, right: float, y: float, *inside: str, exact: bool) -> str:
    """Return the line of a rest: with end marks if exact, dotted if flexible."""
    inner = max(right - left - 4, 0.5)
    path = f"M{number(left + 2)} {number(y)}h{number(inner)}"
    if not exact:
        return stroke(path, draw.REST, 2.4, *inside, stroke_dasharray="0.1 4.5", stroke_linecap="round")
    if inner > 6:
        path += f"M{number(left + 2)} {number(y - 4)}v8M{number(right - 2)} {number(y - 4)}v8"
    return stroke(path, draw.REST, 1.5, *inside)


def first_words(row: PlotRow, lanes: Lanes, lines: Sequence[SpeechCue]) -> Iterator[str]:
    """Write the first words of each line under its bar, up to the next line's."""
    for cue, following in pairwise([*lines, None]):
        if cue is None or not row.start <= cue.start < row.end:
            continue
        left = row.x(cue.start)
        right = row.free_x(following.start) if following else LEFT + LANE
        if text := shorten(plain(cue.line.text), room(min(right, LEFT + LANE) - left - 11)):
            yield label(text, left + 3, lanes.words + 12, fill=draw.INK)


def tone(row: PlotRow, lanes: Lanes, cue: ToneCue, before: ToneCue | None) -> str:
    """Draw a breath: in rising, out falling, and a hold at the level where the tone before it ended."""
    left, right = row.free_x(cue.start), row.free_x(cue.start + cue.length)
    high, low = lanes.breath + 6, lanes.breath + BREATH_HEIGHT - 6
    first, last = {"in": (low, high), "out": (high, low)}.get(
        cue.kind, (low, low) if before and before.kind == "out" else (high, high)
    )
    middle = number((left + right) / 2)
    path = f"M{number(left)} {first}C{middle} {first} {middle} {last} {number(right)} {last}"
    says = tip(f"{clock(cue.start)} {cue.kind} for {span(cue.length)}")
    return stroke(path, draw.BREATH, 2.2, says, stroke_linecap="round")


def bell(row: PlotRow, lanes: Lanes, cue: BellCue) -> str:
    """Draw one stroke of a bell as a dot."""
    says = tip(f"{clock(cue.start)} bell: {cue.sound}")
    return dot(row.x(cue.start), lanes.speech + SPEECH_HEIGHT / 2, says)


def dot(x: float, y: float, *inside: str) -> str:
    """Return a bell's dot around (*x*, *y*)."""
    return element("circle", *inside, cx=x, cy=y, r=5, fill=draw.BELL, stroke=draw.PAPER, stroke_width=1.5)


def chapter_marks(row: PlotRow, lanes: Lanes, chapters: Sequence[ChapterSpan]) -> Iterator[str]:
    """Mark where chapters begin, with their titles; a row that begins inside one repeats its title."""
    here = [mark for mark in chapters if row.has(mark.start, mark.end - mark.start)]
    for mark, following in pairwise([*here, None]):
        assert mark is not None
        left = row.x(mark.start)
        right = row.x(following.start) if following else LEFT + LANE
        begins = mark.start >= row.start
        text = mark.title if begins else f"… {mark.title}"
        if begins:
            top = 4 if mark.depth == 0 else 10
            says = tip(f"{clock(mark.start)} {mark.title}")
            yield stroke(
                f"M{number(left)} {top}V{lanes.axis}", draw.CHAPTER, 1.6 if mark.depth == 0 else 1, says
            )
        weight = "600" if begins and mark.depth == 0 else "400"
        if short := shorten(text, room(right - left - 10, 12)):
            yield label(short, left + 5, 15, size=12, fill=draw.CHAPTER, font_weight=weight)
