"""Rolling fit: how long each flexible rest is, so that the session ends on its very last frame.

A line's length is known only once it is spoken. Until then the engine gives an estimate and promises that the
true length is within a fifth of it, between *lo* and *hi*. For everything from item *i* on, the tail
included, let

    need(i) = sum of hi + exact time + sum of least        room(i) = sum of lo + exact time + sum of most

and let *left* be the frames that remain when item *i* is reached. The invariant is

    need(i) <= left <= room(i).                                                                          (1)

It holds at the start for the lengths in `Fit.shortest` to `Fit.longest`, by their definition. It is kept by

* exact time: both sides and *left* lose the same;
* a line of length x: need loses hi >= x, room loses lo <= x, *left* loses x;
* a flexible rest r: *left - r* has to be within need(i + 1) and room(i + 1), that is

      left - room(i + 1) <= r <= left - need(i + 1),    and    least <= r <= most.

  The first interval is not empty if need <= room for every rest of the session, which the tail's `most` is
  raised to ensure. The two meet: by (1), left - room(i + 1) <= most and left - need(i + 1) >= least.

At the end (1) reads least <= left <= most for the tail, which takes what is left. So if the promise is kept,
exact rests are exact, flexible ones are within their limits, and the total is exact.

Within those limits, the time that the estimates leave is shared out over all rests to come, each by its
weight times its written length. Estimates are used for every line to come, even one already spoken, so that a
session does not depend on which clips are ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Final, assert_never

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import RATE, Frames, clock
from voiceguide.errors import LengthError
from voiceguide.plan.items import BedChange, Chapter, Gap, Item, Line, Overlay, Sound, Strike, Timeline, Tone
from voiceguide.plan.share import Shares
from voiceguide.script.durations import written
from voiceguide.script.model import Pace

Estimate = Callable[[str, Pace], Frames]
"""Estimates a text's length at a pace, first sound to last, to within one part in `SPREAD`. Pure."""

SPREAD: Final = 5

_TOLD: Final = 4
"""The most stretches of lengths named in a message."""

Counts = npt.NDArray[np.int64]
"""Frames of many sessions, or of one; any shape."""


class Reach(Struct, frozen=True):
    """The shortest and the longest that a session can be."""

    shortest: Frames
    longest: Frames


def reach(timeline: Timeline, estimate: Estimate) -> Reach:
    """Return the lengths that *timeline* can be settled to, as long as the engine keeps its promise."""
    return Fit(timeline, estimate).reach


def refusal(name: str, asked: Frames, possible: Sequence[Reach], beyond: Sequence[Reach] = ()) -> LengthError:
    """Return the error for a length that script *name* cannot have; it names the *possible* lengths.

    If none is possible, it names those *beyond* what the script declares. Both are in ascending order.
    """
    if not possible:
        can = f"it can last {told(beyond, asked)}" if beyond else "nor any other up to 8 hours"
        sentence = f'no length that "{name}" declares can be had with this voice and these options; {can}'
        return LengthError(sentence, asked=asked, shortest=1, longest=0)
    return LengthError(
        f'"{name}" can be made to last {told(possible, asked)} with this voice; {clock(asked)} was asked',
        asked=asked,
        shortest=possible[0].shortest,
        longest=possible[-1].longest,
    )


def told(possible: Sequence[Reach], near: int) -> str:
    """Return the *possible* lengths as text, in whole seconds if any fits; of many, those nearest *near*."""
    below = sum(each.shortest <= near for each in possible)
    first = max(0, min(below - _TOLD // 2, len(possible) - _TOLD))
    shown = possible[first : first + _TOLD]
    others = ", among others" if len(possible) > len(shown) else ""
    return " or ".join(map(_stretch, shown)) + others


def _stretch(each: Reach) -> str:
    shortest, longest = -(-each.shortest // RATE) * RATE, each.longest // RATE * RATE
    if shortest > longest:
        return written(each.shortest)
    return clock(shortest) if shortest == longest else f"from {clock(shortest)} to {clock(longest)}"


class Fit:
    """Computes the length of each rest from sums over the items still to come. Immutable."""

    def __init__(self, timeline: Timeline, estimate: Estimate) -> None:
        items = timeline.items
        spans = [_span(item, estimate) for item in items]
        flexible = {i: gap for i, gap in enumerate(items) if isinstance(gap, Gap) and not gap.exact}
        self._name = timeline.name
        self._items = items
        self._share_of = {i: share for share, i in enumerate(flexible)}
        self.tail = _raised(timeline, spans)
        self._shares = Shares([*flexible.values(), self.tail])
        self._need = _after((span.hi + span.least for span in spans), self.tail.least)
        self._room = _after((span.lo + span.most for span in spans), self.tail.most)
        self._bare = _after((span.hi for span in spans), self.tail.least)
        self._about = _after((span.est for span in spans), 0)
        self._lead_in = lead_in = timeline.lead_in
        self.reach = Reach(Frames(lead_in + self._need[0]), Frames(lead_in + self._room[0]))

    @property
    def about(self) -> int:
        """The session's length in frames with every line as estimated and every rest as written."""
        gaps = (item for item in self._items if isinstance(item, Gap) and not item.exact)
        return self._lead_in + self._about[0] + sum(gap.about for gap in gaps) + self.tail.about

    def check(self, length: Frames) -> None:
        """Check that the session can be *length* frames long.

        Raises:
            LengthError: if it cannot.
        """
        if not self.reach.shortest <= length <= self.reach.longest:
            raise refusal(self._name, length, (self.reach,))

    def rest(self, position: int, left: int, busy: int = 0) -> Frames:
        """Return the length of the gap at *position* when *left* frames remain, this gap included.

        A word on the beat of a breath still sounds for *busy* frames. If lines took longer than promised and
        left too little time, flexible rests are shortened first, down to nothing, and then exact ones.
        """
        gap, after = self._items[position], position + 1
        assert isinstance(gap, Gap)
        if gap.exact:
            chosen = min(gap.about, left - self._bare[after])
        else:
            chosen = self._shares.first(self._share_of[position], left - self._about[after])
            chosen = max(chosen, min(left - self._room[after], gap.most))
            chosen = min(chosen, left - self._need[after])
        return Frames(max(chosen, min(busy, gap.least), 0))


class _Span(Struct, frozen=True):
    """The frames of an item: lo, est and hi for speech or exact time, least and most for a flexible rest."""

    lo: int = 0
    est: int = 0
    hi: int = 0
    least: int = 0
    most: int = 0


def _span(item: Item, estimate: Estimate) -> _Span:
    match item:
        case Line():
            return _Span(*spread(item, estimate))
        case Gap(about=time) if item.exact:
            return _Span(time, time, time)
        case Gap():
            return _Span(least=item.least, most=item.most)
        case Sound(length=time):
            return _Span(time, time, time)
        case Overlay() | Tone() | Strike() | BedChange() | Chapter():
            return _Span()
        case _:
            assert_never(item)


def spread(line: Line, estimate: Estimate) -> tuple[int, int, int]:
    """Return the least, the estimated and the most time of *line*, in frames."""
    est, slot = int(estimate(line.text, line.pace)), line.slot
    stray = -(-est // SPREAD)
    return max(est - stray, slot), max(est, slot), max(est + stray, slot)


def _raised(timeline: Timeline, spans: list[_Span]) -> Gap:
    """Return the tail, its `most` raised until need <= room everywhere and a whole second is possible."""
    tail = timeline.tail
    need = _after((span.hi + span.least for span in spans), tail.least)
    room = _after((span.lo + span.most for span in spans), tail.most)
    missing = max(n - r for n, r in zip(need, room, strict=True))
    shortest, longest = timeline.lead_in + need[0], timeline.lead_in + room[0]
    more = int(raised(np.array(shortest), np.array(longest), np.array(missing))) - longest
    return replace(tail, most=Frames(tail.most + more))


def raised(shortest: Counts, longest: Counts, missing: Counts) -> Counts:
    """Return *longest*, raised by any *missing* frames and at least to the next whole second."""
    second = -(-shortest // RATE) * RATE
    return np.maximum(longest + np.maximum(missing, 0), second)


def _after(times: Iterable[int], last: int) -> list[int]:
    """Return the sums of *times* from each position to the end, plus *last*; one more value than *times*."""
    return list(accumulate(reversed(list(times)), initial=last))[::-1]
