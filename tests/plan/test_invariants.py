"""What holds for every session: random items, lengths and voices, within their promise and beyond it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plan.build import HERE, PACE, estimate
from voiceguide.audio import Frames, frames
from voiceguide.errors import LengthError
from voiceguide.plan.fit import SPREAD, Fit, reach
from voiceguide.plan.items import (
    BedChange,
    Chapter,
    Cue,
    EndCue,
    Gap,
    Item,
    Line,
    Overlay,
    RestCue,
    Sound,
    SpeechCue,
    Strike,
    Timeline,
    Tone,
)
from voiceguide.plan.settle import settle
from voiceguide.script.model import Bed

LEAD_IN = frames(1.5)
TAIL = Gap(frames(6.0), frames(3.0), frames(12.0))


@st.composite
def gaps(draw: st.DrawFn) -> Gap:
    least, about, most = sorted(draw(st.tuples(*[st.integers(0, frames(60))] * 3)))
    if draw(st.booleans()):
        least = most = about
    return Gap(Frames(about), Frames(least), Frames(most), draw(st.integers(1, 5)))


def _line(words: int, slot: int = 0) -> Line:
    return Line(0, 0, " ".join(["word"] * words), PACE, None, 0.0, HERE, Frames(slot))


LINES = st.builds(_line, st.integers(1, 30), st.sampled_from([0, 0, 0, frames(3.0), frames(8.0)]))
MARKS = st.sampled_from([Chapter("A", 0), BedChange(None, None, frames(2.0)), Strike("bowl", -10.0)])
SOUNDS = st.builds(Sound, st.just(Path("song.wav")), st.integers(1, frames(30)).map(Frames), st.just(-6.0))


@st.composite
def beats(draw: st.DrawFn) -> list[Item]:
    """A tone, a word on it, and the gap that both stand in."""
    time = Frames(draw(st.integers(frames(1.0), frames(9.0))))
    word = _line(draw(st.integers(1, 8)))
    return [Tone("in", time), Overlay(word, time), Gap(time, time, time)]


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    items: st.SearchStrategy[Item] = st.one_of(LINES, gaps(), MARKS, SOUNDS)
    one = items.map(lambda item: [item])
    groups = draw(st.lists(st.one_of(one, one, beats()), max_size=25))
    flat = tuple(item for group in groups for item in group)
    return Timeline("random", flat, LEAD_IN, TAIL, Bed("soft-rain"))


class Voice:
    """Speaks each line for its estimate and a part of the spread more or less, as drawn."""

    def __init__(self, parts: list[float]) -> None:
        self.parts = parts
        self.said = 0

    def __call__(self, line: Line) -> Frames:
        part = self.parts[self.said % len(self.parts)]
        self.said += 1
        est = estimate(line.text, line.pace)
        return Frames(est + int(part * (-(-est // SPREAD))))


def promised() -> st.SearchStrategy[list[float]]:
    """Parts of the spread, its very ends often."""
    return st.lists(st.one_of(st.sampled_from([-1.0, 1.0]), st.floats(-1, 1)), min_size=1, max_size=8)


def broken() -> st.SearchStrategy[list[float]]:
    """Lines from nothing to seven times their estimate."""
    return st.lists(st.floats(-5, 30), min_size=1, max_size=8)


WITHIN = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1))
"""How far from the shortest length to the longest, the very ends often."""


def length_within(made: Timeline, where: float) -> Frames:
    limits = reach(made, estimate)
    return Frames(limits.shortest + int(where * (limits.longest - limits.shortest)))


def cues_of(made: Timeline, length: Frames, voice: Voice) -> list[Cue]:
    return [cue for cue in settle(made, length, estimate, voice) if isinstance(cue, Cue)]


def span(cue: Cue) -> tuple[int, int]:
    return cue.start, cue.start + getattr(cue, "length", 0)


def check_always(made: Timeline, length: Frames, cues: list[Cue]) -> None:
    """What holds even where promises are broken."""
    assert isinstance(cues[-1], EndCue)
    assert cues[-1].start == length
    assert all(one.start <= other.start for one, other in pairwise(cues))
    assert all(0 <= start <= stop <= length for start, stop in map(span, cues))
    speech = [span(cue) for cue in cues if isinstance(cue, SpeechCue)]
    assert all(one[1] <= other[0] for one, other in pairwise(speech))
    assert all(start >= made.lead_in for start, _ in speech)
    tail = cues[-2]
    assert isinstance(tail, RestCue) or span(tail)[1] <= length


@given(timelines(), promised(), WITHIN)
def test_promise_kept(made: Timeline, parts: list[float], where: float) -> None:
    """If the voice keeps its promise: total exact, order kept, every rest within its limits, no line lost."""
    length = length_within(made, where)
    cues = cues_of(made, length, Voice(parts))
    check_always(made, length, cues)
    wanted = [item for item in made.items if isinstance(item, Line)]
    overlays = [item.line for item in made.items if isinstance(item, Overlay)]
    heard = [cue.line for cue in cues if isinstance(cue, SpeechCue)]
    assert [line for line in heard if not any(line is other for other in overlays)] == wanted
    _check_rests(made, cues)


def _check_rests(made: Timeline, cues: list[Cue]) -> None:
    """Walk items and rests side by side: all are within their limits, and exact ones have one length."""
    rests = iter([cue for cue in cues if isinstance(cue, RestCue)])
    waiting = True
    speech = {id(cue.line): cue for cue in cues if isinstance(cue, SpeechCue)}
    for item in made.items:
        if waiting and not isinstance(item, Chapter | BedChange):
            waiting = False
            assert next(rests).length == made.lead_in
        if isinstance(item, Gap) and item.most > 0:
            rest = next(rests) if item.least > 0 else None
            if rest is None:
                return  # a rest that may be nothing leaves no trace to walk by
            assert item.least <= rest.length <= item.most
            assert (rest.planned, rest.exact) == (item.about, item.exact)
        if isinstance(item, Line) and item.slot > speech[id(item)].length:
            assert next(rests).length == item.slot - speech[id(item)].length
    if waiting:
        return  # no sound at all: one silence
    *_, tail = rests
    assert made.tail.least <= tail.length <= Fit(made, estimate).tail.most


@given(timelines(), broken(), WITHIN)
def test_promise_broken(made: Timeline, parts: list[float], where: float) -> None:
    """If it does not: the total is exact all the same, nothing overlaps and nothing is negative."""
    length = length_within(made, where)
    check_always(made, length, cues_of(made, length, Voice(parts)))


@given(timelines(), st.integers(1, frames(100)))
def test_reach_is_honest(made: Timeline, beyond: int) -> None:
    """A length outside the reach is refused, be it by one frame."""
    limits = reach(made, estimate)
    assert limits.shortest <= limits.longest
    for length in (limits.shortest - beyond, limits.longest + beyond):
        with pytest.raises(LengthError):
            settle(made, Frames(length), estimate, Voice([0.0]))


@given(timelines(), st.one_of(promised(), broken()), WITHIN, st.integers(0, 30), st.floats(-5, 30))
def test_no_cue_knows_the_future(
    made: Timeline, parts: list[float], where: float, changed: int, part: float
) -> None:
    """Another truth for a line never moves a cue before it, and the same truths give the same cues."""
    length = length_within(made, where)
    long_parts = (parts * 31)[:31]
    one = cues_of(made, length, Voice(long_parts))
    assert one == cues_of(made, length, Voice(long_parts))
    other = cues_of(made, length, Voice([*long_parts[:changed], part, *long_parts[changed + 1 :]]))
    speech = [i for i, cue in enumerate(one) if isinstance(cue, SpeechCue)]
    same = speech[changed] if changed < len(speech) and len(made.lines) == len(speech) else 0
    assert one[:same] == other[:same]
