"""Draws the bed's level as a curve in its lane of the picture."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames, clock
from voiceguide.export.text import draw
from voiceguide.export.text.draw import bar, label, number, stroke, tip
from voiceguide.export.text.lanes import BED_HEIGHT, LANE, LEFT, PlotRow
from voiceguide.export.text.table import bed_text
from voiceguide.plan.items import BedCue

BedLevel = Callable[[Frames], float] | Sequence[tuple[int, float]]
"""The bed's level in dB: a function of the frame, or points in order, joined by straight lines."""

_SPAN_DB: Final = 30.0
_STEP: Final = 2  # units between samples of the curve
_SCAN: Final = 400  # samples used to find the highest level


class BedLane(Struct, frozen=True):
    """The bed's level at a frame and the level at the top of its lane, in dB."""

    level: Callable[[Frames], float]
    top: float


def bed_of(level: BedLevel, length: Frames) -> BedLane | None:
    """Return *level* with the top of its lane, the 5 dB step above its highest; None if there is no bed."""
    at = level if callable(level) else _joined(level)
    seen = [at(Frames(length * step // _SCAN)) for step in range(_SCAN + 1)]
    finite = [it for it in seen if math.isfinite(it)]
    return BedLane(at, math.ceil(max(finite) / 5) * 5.0) if finite else None


def curve(row: PlotRow, lane: int, bed: BedLane) -> Iterator[str]:
    """Draw the level as a filled curve over lines at every 10 dB."""
    bottom = lane + BED_HEIGHT - 4
    width = row.x(row.end) - LEFT
    for drop in (0, 10, 20):
        y = _y(lane, bed, bed.top - drop)
        yield stroke(f"M{LEFT} {number(y)}h{number(width)}", draw.HAIR, 1)
    steps = max(1, round(width / _STEP))
    points = []
    for step in range(steps + 1):
        at = Frames(row.start + (row.end - row.start) * step // steps)
        points.append(f"{number(row.x(at))} {number(_y(lane, bed, bed.level(at)))}")
    line = "L".join(points)
    right = number(row.x(row.end))
    yield stroke(f"M{LEFT} {bottom}L{line}L{right} {bottom}Z", "none", 0, fill=draw.BED_FILL)
    yield stroke(f"M{line}", draw.BED, 1.5, stroke_linejoin="round")
    for drop in (0, 20):
        y = _y(lane, bed, bed.top - drop)
        yield label(f"{bed.top - drop:.0f} dB".replace("-", "−"), LEFT - 6, y + 4, text_anchor="end")


def change(row: PlotRow, lane: int, cue: BedCue) -> str:
    """Write the new sound of a bed where it changes."""
    x = row.x(cue.start)
    says = tip(f"{clock(cue.start)} bed: {bed_text(cue)}")
    width = min(LEFT + LANE - x, 3.0)
    name = label(cue.sound or "no bed", x + 6, lane + BED_HEIGHT - 9, fill=draw.INK)
    return bar(x, lane + 2, width, BED_HEIGHT - 6, draw.BED, says) + name


def _y(lane: int, bed: BedLane, level_db: float) -> float:
    below = min(max(bed.top - level_db, 0.0), _SPAN_DB)
    return lane + 4 + below / _SPAN_DB * (BED_HEIGHT - 8)


def _joined(points: Sequence[tuple[int, float]]) -> Callable[[Frames], float]:
    """Return the level between *points*, extended beyond both ends; minus infinity if there are none."""
    places = [at for at, _ in points]

    def level(at: Frames) -> float:
        after = bisect_right(places, at)
        if after == 0 or after == len(points):
            return points[max(after - 1, 0)][1] if points else -math.inf
        (left, low), (right, high) = points[after - 1 : after + 1]
        if not (math.isfinite(low) and math.isfinite(high)):
            return low
        return low + (high - low) * (at - left) / (right - left)

    return level
