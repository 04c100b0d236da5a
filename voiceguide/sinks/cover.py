"""Cover art: a title page, with a quiet drawing that belongs to the kind of exercise."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zlib import crc32

from voiceguide.audio import RATE, Frames, clock

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

    Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

FEED_SIZE: Final = 1400
"""Pixels on each side: the least that podcast directories take."""

EMBEDDED_SIZE: Final = 600

_FINER: Final = 3
"""Drawn so many times larger, then made smaller, for smooth edges."""

_PAPER: Final = (28, 25, 23)
_INK: Final = (239, 230, 216)
_FADED: Final = (158, 148, 136)


def cover(title: str, technique: str, length: Frames, size: int = EMBEDDED_SIZE) -> bytes:
    """Return a JPEG of *size* by *size* pixels; the same words give the same bytes."""
    from PIL import Image, ImageDraw

    kind = _kind(technique)
    image = Image.new("RGB", (size * _FINER, size * _FINER), _PAPER)
    page = _Page(ImageDraw.Draw(image), size * _FINER, kind.accent, crc32(technique.encode()))
    kind.draw(page)
    _words(page, title, length)
    file = BytesIO()
    small = image.resize((size, size), Image.Resampling.LANCZOS)
    small.save(file, "JPEG", quality=88, subsampling=0, optimize=True)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class _Page:
    """A square to draw on, in units of its side; `seed` belongs to the technique."""

    draw: ImageDraw.ImageDraw
    side: int
    accent: tuple[int, int, int]
    seed: int

    def shade(self, strength: float) -> tuple[int, int, int]:
        """Return the accent at *strength* from 0 (paper) to 1."""
        red, green, blue = (
            round(paper + (full - paper) * strength) for paper, full in zip(_PAPER, self.accent, strict=True)
        )
        return red, green, blue

    def nudge(self, number: int) -> float:
        """Return the technique's own number from 0 to 1, another for each *number*."""
        return (self.seed >> (number * 5 % 28) & 31) / 31

    def line(self, points: list[tuple[float, float]], strength: float, width: float = 0.003) -> None:
        """Draw a line with round ends through *points*."""
        across = max(1, round(width * self.side))
        scaled = [(x * self.side, y * self.side) for x, y in points]
        self.draw.line(scaled, self.shade(strength), across, joint="curve")
        for x, y in (scaled[0], scaled[-1]):
            self.draw.circle((x, y), across / 2, self.shade(strength))

    def ring(
        self, x: float, y: float, radius: float, strength: float, width: float = 0.003, gap: float = 0.0
    ) -> None:
        """Draw a circle with an opening of *gap* degrees at the upper right."""
        steps = 180
        first, sweep = math.radians(-45 + gap / 2), math.radians(360 - gap)
        angles = [first + sweep * step / steps for step in range(steps + 1)]
        self.line([(x + radius * math.cos(a), y + radius * math.sin(a)) for a in angles], strength, width)

    def disc(
        self, x: float, y: float, radius: float, strength: float, fill: tuple[int, int, int] | None = None
    ) -> None:
        """Draw a filled circle."""
        self.draw.circle((x * self.side, y * self.side), radius * self.side, fill or self.shade(strength))


@dataclass(frozen=True, slots=True)
class _Kind:
    accent: tuple[int, int, int]
    draw: Callable[[_Page], None]
    techniques: tuple[str, ...]


def _ground(page: _Page) -> None:
    """A stone at rest on layers of earth."""
    page.disc(0.5, 0.29, 0.085, 0.85)
    for row in range(6):
        half = 0.29 - 0.035 * row + 0.02 * page.nudge(row)
        y = 0.38 + 0.024 * row
        page.line([(0.5 - half, y), (0.5 + half, y)], 0.75 - 0.11 * row)


def _body(page: _Page) -> None:
    """A long slow wave, seen again and again."""
    for row in range(7):
        y, lean = 0.24 + 0.038 * row, page.nudge(row) - 0.5
        height = 0.035 * math.sin(math.pi * (row + 1) / 8)
        points = [
            (x / 200, y - height * math.exp(-(((x / 200 - 0.5 - 0.2 * lean) / 0.13) ** 2)))
            for x in range(40, 161)
        ]
        page.line(points, 0.35 + 0.5 * math.sin(math.pi * (row + 1) / 8))


def _senses(page: _Page) -> None:
    """Five, four, three, two, one."""
    for row in range(5):
        for place in range(5 - row):
            x = 0.5 + (place - (4 - row) / 2) * 0.085
            page.disc(x, 0.2 + 0.07 * row, 0.013 + 0.006 * page.nudge(row), 0.9 - 0.13 * row)


def _breath(page: _Page) -> None:
    """Rings that widen as a breath does."""
    for number in range(6):
        page.ring(0.5, 0.34, 0.03 + 0.026 * number + 0.004 * number * page.nudge(1), 0.95 - 0.14 * number)


def _feeling(page: _Page) -> None:
    """A ring that is open, with something small beside it."""
    page.ring(0.5, 0.34, 0.135, 0.8, 0.007, gap=28 + 24 * page.nudge(0))
    turn = math.radians(-45)
    page.disc(0.5 + 0.135 * math.cos(turn), 0.34 + 0.135 * math.sin(turn), 0.012, 1.0)
    page.ring(0.5, 0.34, 0.07 + 0.03 * page.nudge(1), 0.3)


def _ladder(page: _Page) -> None:
    """Rungs, each a little wider than the one above."""
    for rung in range(5):
        half = 0.05 + 0.035 * rung
        shift = 0.03 * (page.nudge(rung) - 0.5)
        y = 0.2 + 0.07 * rung
        page.line([(0.5 - half + shift, y), (0.5 + half + shift, y)], 0.4 + 0.13 * rung, 0.008)


def _people(page: _Page) -> None:
    """Two rings that touch."""
    apart = 0.055 + 0.03 * page.nudge(0)
    for side, strength in ((-1, 0.85), (1, 0.55)):
        page.ring(0.5 + side * apart, 0.34, 0.115, strength, 0.006)


def _making(page: _Page) -> None:
    """One line drawn without aim."""
    turns = [2 * math.pi * (share + page.nudge(number)) for number, share in enumerate((0.0, 0.2, 0.5, 0.7))]
    points = []
    for step in range(601):
        t = 2 * math.pi * step / 600
        x = 0.5 + 0.2 * math.sin(0.9 * t + turns[0]) + 0.05 * math.sin(3.3 * t + turns[1])
        y = 0.33 + 0.07 * math.sin(1.7 * t + turns[2]) + 0.05 * math.sin(3.9 * t + turns[3])
        points.append((x, y))
    page.line(points, 0.75, 0.004)


def _night(page: _Page) -> None:
    """A thin moon over still water."""
    page.disc(0.5, 0.3, 0.11, 0.8)
    page.disc(0.5 + 0.035 + 0.015 * page.nudge(0), 0.285, 0.1, 0, _PAPER)
    for row in range(4):
        half = 0.12 - 0.026 * row
        page.line([(0.5 - half, 0.45 + 0.02 * row), (0.5 + half, 0.45 + 0.02 * row)], 0.4 - 0.08 * row)


_KINDS: Final = (
    _Kind(
        (190, 154, 110), _ground, ("grounding-chair", "ground-now", "safe-place", "body-basics", "sunlight")
    ),
    _Kind(
        (198, 142, 118), _body, ("body-scan", "self-hold", "muscle-release", "gentle-movement", "slow-walk")
    ),
    _Kind(
        (146, 168, 128),
        _senses,
        ("grounding-senses", "grounding-colours", "sensory-water", "sensory-scent", "sensory-texture"),
    ),
    _Kind(
        (128, 166, 170), _breath, ("longer-breath", "even-breath", "centering", "daily-ten", "ride-the-urge")
    ),
    _Kind(
        (190, 138, 140),
        _feeling,
        (
            "name-the-numbness",
            "body-clues",
            "name-one-feeling",
            "small-shifts",
            "felt-sense",
            "thought-check",
            "kind-words",
            "patience",
            "gentle-looking-back",
        ),
    ),
    _Kind(
        (204, 164, 96),
        _ladder,
        ("feeling-ladder", "old-joys-ladder", "people-ladder", "small-goal", "small-win"),
    ),
    _Kind(
        (176, 148, 176),
        _people,
        ("quiet-company", "reach-out", "ask-for-help", "talk-to-doctor", "caring-for-another"),
    ),
    _Kind(
        (184, 168, 120),
        _making,
        (
            "listen-to-music",
            "picture-or-poem",
            "let-it-out",
            "free-drawing",
            "write-unfiltered",
            "journal-prompts",
            "aliveness-log",
            "joy-list",
        ),
    ),
    _Kind((138, 150, 184), _night, ("wind-down", "warning-signs", "weekly-review")),
)


def _kind(technique: str) -> _Kind:
    """Return the kind that *technique* belongs to; one we do not know gets one of them all the same."""
    known = (kind for kind in _KINDS if technique in kind.techniques)
    return next(known, _KINDS[crc32(technique.encode()) % len(_KINDS)])


def _words(page: _Page, title: str, length: Frames) -> None:
    font, lines = _fitted(page, plain(title))
    step = _height(font) * 1.32
    y = 0.705 * page.side - step * (len(lines) - 1) / 2
    for line in lines:
        page.draw.text((page.side / 2, y), line, _INK, font, anchor="mm")
        y += step
    small = _font(0.026 * page.side)
    below = max(0.835 * page.side, y + 0.01 * page.side)
    page.draw.text((page.side / 2, below), length_words(length), page.shade(1.0), small, anchor="mm")
    page.draw.text((page.side / 2, 0.93 * page.side), "voiceguide", _FADED, small, anchor="mm")


def length_words(length: Frames) -> str:
    """Return *length* for a cover: whole hours and minutes in words, all else as a clock shows it."""
    total = round(length / RATE)
    for unit, name in ((3600, "hour"), (60, "minute")):
        if total and total % unit == 0:
            count = total // unit
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return clock(length)


def plain(title: str) -> str:
    """Return *title* in the letters that the type has: without accents; "" if most is in another script."""
    for fancy, simple in (
        ("‘", "'"),
        ("’", "'"),
        ("“", '"'),
        ("”", '"'),
        ("–", "-"),
        ("—", "-"),
        ("ß", "ss"),
    ):
        title = title.replace(fancy, simple)
    letters = [each for each in unicodedata.normalize("NFKD", title) if not unicodedata.combining(each)]
    kept = [each for each in letters if each.isascii() and each.isprintable()]
    return "".join(kept).strip() if 2 * len(kept) > len(letters) else ""


def _fitted(page: _Page, title: str) -> tuple[Font, list[str]]:
    """Return the largest type in which *title* fits in three even lines, and these."""
    for share in (0.076, 0.066, 0.056, 0.047, 0.039):
        font = _font(share * page.side)
        lines = _wrapped(title, font, 0.8 * page.side)
        if len(lines) <= (2 if share > 0.06 else 3):
            return font, lines
    return font, [*lines[:2], _shortened(lines[2], font, 0.8 * page.side)]


def _wrapped(title: str, font: Font, width: float) -> list[str]:
    """Return *title* in the fewest lines no wider than *width*, made as even as they can be."""
    count = len(_filled(title, font, width))
    narrow, wide = width / 4, width
    while wide - narrow > width / 100:
        middle = (narrow + wide) / 2
        lines = _filled(title, font, middle)
        if len(lines) > count or any(font.getlength(line) > middle for line in lines):
            narrow = middle
        else:
            wide = middle
    return _filled(title, font, wide)


def _filled(title: str, font: Font, width: float) -> list[str]:
    lines: list[str] = []
    for word in title.split() or [""]:
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(_shortened(word, font, width))
    return lines


def _shortened(text: str, font: Font, width: float) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}...") > width:
        text = text[:-1]
    return f"{text}..."


def _font(size: float) -> Font:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _height(font: Font) -> float:
    _, top, _, bottom = font.getbbox("Hg")
    return bottom - top
