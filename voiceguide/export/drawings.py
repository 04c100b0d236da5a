"""Drawings for covers: a form and a colour for each kind of exercise."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from zlib import crc32

from msgspec import Struct

if TYPE_CHECKING:
    from PIL import ImageDraw

PAPER: Final = (28, 25, 23)
"""The page's colour, a near-black warm grey."""


class Page(Struct, frozen=True):
    """A square to draw on, in units of its side; `seed` belongs to the technique."""

    draw: ImageDraw.ImageDraw
    side: int
    accent: tuple[int, int, int]
    seed: int

    def shade(self, strength: float) -> tuple[int, int, int]:
        """Return the accent at *strength* from 0 (paper) to 1."""
        red, green, blue = (
            round(paper + (full - paper) * strength) for paper, full in zip(PAPER, self.accent, strict=True)
        )
        return red, green, blue

    def nudge(self, number: int) -> float:
        """Return a number from 0 to 1 that depends on the technique and on *number*."""
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


class Motif(Struct, frozen=True):
    """A kind of exercise: its colour, its drawing, and the techniques of that kind."""

    accent: tuple[int, int, int]
    draw: Callable[[Page], None]
    techniques: tuple[str, ...]


def _ground(page: Page) -> None:
    """A stone at rest on layers of earth."""
    page.disc(0.5, 0.29, 0.085, 0.85)
    for row in range(6):
        half = 0.29 - 0.035 * row + 0.02 * page.nudge(row)
        y = 0.38 + 0.024 * row
        page.line([(0.5 - half, y), (0.5 + half, y)], 0.75 - 0.11 * row)


def _body(page: Page) -> None:
    """A long slow wave, repeated."""
    for row in range(7):
        y, lean = 0.24 + 0.038 * row, page.nudge(row) - 0.5
        height = 0.035 * math.sin(math.pi * (row + 1) / 8)
        points = [
            (x / 200, y - height * math.exp(-(((x / 200 - 0.5 - 0.2 * lean) / 0.13) ** 2)))
            for x in range(40, 161)
        ]
        page.line(points, 0.35 + 0.5 * math.sin(math.pi * (row + 1) / 8))


def _senses(page: Page) -> None:
    """Groups of five, four, three, two and one."""
    for row in range(5):
        for place in range(5 - row):
            x = 0.5 + (place - (4 - row) / 2) * 0.085
            page.disc(x, 0.2 + 0.07 * row, 0.013 + 0.006 * page.nudge(row), 0.9 - 0.13 * row)


def _breath(page: Page) -> None:
    """Widening rings."""
    for number in range(6):
        page.ring(0.5, 0.34, 0.03 + 0.026 * number + 0.004 * number * page.nudge(1), 0.95 - 0.14 * number)


def _feeling(page: Page) -> None:
    """An open ring with something small beside it."""
    page.ring(0.5, 0.34, 0.135, 0.8, 0.007, gap=28 + 24 * page.nudge(0))
    turn = math.radians(-45)
    page.disc(0.5 + 0.135 * math.cos(turn), 0.34 + 0.135 * math.sin(turn), 0.012, 1.0)
    page.ring(0.5, 0.34, 0.07 + 0.03 * page.nudge(1), 0.3)


def _ladder(page: Page) -> None:
    """Rungs, each a little wider than the one above."""
    for rung in range(5):
        half = 0.05 + 0.035 * rung
        shift = 0.03 * (page.nudge(rung) - 0.5)
        y = 0.2 + 0.07 * rung
        page.line([(0.5 - half + shift, y), (0.5 + half + shift, y)], 0.4 + 0.13 * rung, 0.008)


def _people(page: Page) -> None:
    """Two touching rings."""
    apart = 0.055 + 0.03 * page.nudge(0)
    for side, strength in ((-1, 0.85), (1, 0.55)):
        page.ring(0.5 + side * apart, 0.34, 0.115, strength, 0.006)


def _making(page: Page) -> None:
    """One wandering line."""
    turns = [2 * math.pi * (share + page.nudge(number)) for number, share in enumerate((0.0, 0.2, 0.5, 0.7))]
    points = []
    for step in range(601):
        t = 2 * math.pi * step / 600
        x = 0.5 + 0.2 * math.sin(0.9 * t + turns[0]) + 0.05 * math.sin(3.3 * t + turns[1])
        y = 0.33 + 0.07 * math.sin(1.7 * t + turns[2]) + 0.05 * math.sin(3.9 * t + turns[3])
        points.append((x, y))
    page.line(points, 0.75, 0.004)


def _night(page: Page) -> None:
    """A thin moon over still water."""
    page.disc(0.5, 0.3, 0.11, 0.8)
    page.disc(0.5 + 0.035 + 0.015 * page.nudge(0), 0.285, 0.1, 0, PAPER)
    for row in range(4):
        half = 0.12 - 0.026 * row
        page.line([(0.5 - half, 0.45 + 0.02 * row), (0.5 + half, 0.45 + 0.02 * row)], 0.4 - 0.08 * row)


def _row(accent: tuple[int, int, int], draw: Callable[[Page], None], techniques: str) -> Motif:
    return Motif(accent, draw, tuple(techniques.split()))


_KINDS: Final = (
    _row((190, 154, 110), _ground, "grounding-chair ground-now safe-place body-basics sunlight"),
    _row((198, 142, 118), _body, "body-scan self-hold muscle-release gentle-movement slow-walk"),
    _row(
        (146, 168, 128),
        _senses,
        "grounding-senses grounding-colours sensory-water sensory-scent sensory-texture",
    ),
    _row((128, 166, 170), _breath, "longer-breath even-breath centering daily-ten ride-the-urge"),
    _row(
        (190, 138, 140),
        _feeling,
        "name-the-numbness body-clues name-one-feeling small-shifts felt-sense thought-check kind-words "
        "patience gentle-looking-back",
    ),
    _row((204, 164, 96), _ladder, "feeling-ladder old-joys-ladder people-ladder small-goal small-win"),
    _row((176, 148, 176), _people, "quiet-company reach-out ask-for-help talk-to-doctor caring-for-another"),
    _row(
        (184, 168, 120),
        _making,
        "listen-to-music picture-or-poem let-it-out free-drawing write-unfiltered journal-prompts "
        "aliveness-log joy-list",
    ),
    _row((138, 150, 184), _night, "wind-down warning-signs weekly-review"),
)


def kind_of(technique: str) -> Motif:
    """Return the kind that *technique* belongs to; an unknown technique gets one of them, always the same."""
    known = (kind for kind in _KINDS if technique in kind.techniques)
    return next(known, _KINDS[crc32(technique.encode()) % len(_KINDS)])
