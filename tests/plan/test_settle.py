"""Where each item of a session comes to stand."""

from __future__ import annotations

import random
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.plan.build import HERE, PACE, estimate, gap, line, settled, timeline
from voiceguide.audio import Frames, frames
from voiceguide.errors import LengthError
from voiceguide.plan.fit import reach
from voiceguide.plan.items import (
    Ahead,
    BedChange,
    BedCue,
    BellCue,
    Chapter,
    ChapterCue,
    EndCue,
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
from voiceguide.plan.settle import settle


def rests(given: Timeline, length: float) -> list[float]:
    """The rests in seconds to the millisecond, lead-in first and tail last."""
    return [round(cue.length / 48_000, 3) for cue in settled(given, length) if isinstance(cue, RestCue)]


def test_in_order() -> None:
    """Lead-in, line, exact rest, line, tail: each begins where the one before it ends."""
    given = timeline(line(0, 4), gap(3), line(1, 2), tail=gap(6, 3, 30))
    assert settled(given, 20.0) == [
        BedCue(Frames(0), "soft-rain", -20.0, Frames(0)),
        RestCue(Frames(0), frames(1.5), frames(1.5), exact=True),
        SpeechCue(frames(1.5), frames(4.0), line(0, 4)),
        RestCue(frames(5.5), frames(3.0), frames(3.0), exact=True),
        SpeechCue(frames(8.5), frames(2.0), line(1, 2)),
        RestCue(frames(10.5), frames(9.5), frames(6.0), exact=False),
        EndCue(frames(20.0)),
    ]


def test_seven_minutes_thirteen() -> None:
    """A session asked for 7m13s has 433 x 48,000 frames, whatever its lines turn out to be."""
    given = timeline(*(item for i in range(30) for item in (line(i, 5), gap(9, 3, 36))))
    cues = settled(given, 433, {i: 4.0 + i % 3 for i in range(30)})
    assert cues[-1] == EndCue(Frames(433 * 48_000))
    tail = cues[-2]
    assert isinstance(tail, RestCue)
    assert tail.start + tail.length == 433 * 48_000


def test_as_written() -> None:
    """Where there is neither slack nor want, every rest is as long as it was written."""
    given = timeline(line(0, 4), gap(10, 4, 40), line(1, 4), gap(20, 7, 80))
    assert rests(given, 1.5 + 4 + 10 + 4 + 20 + 6) == [1.5, 10.0, 20.0, 6.0]


def test_slack_by_length() -> None:
    """Slack goes to rests in proportion to what was written: all are half as long again."""
    given = timeline(line(0, 4), gap(10, 4, 40), line(1, 4), gap(20, 7, 80))
    assert rests(given, 1.5 + 4 + 15 + 4 + 30 + 9) == [1.5, 15.0, 30.0, 9.0]


def test_slack_by_weight() -> None:
    """A rest of weight 2 takes twice the slack: 10 s, 2 x 10 s and the tail's 6 s take 3.6 s, 1 : 2 : 0.6."""
    given = timeline(line(0, 4), gap(10, 4, 40), line(1, 4), gap(10, 4, 40, weight=2))
    assert rests(given, 1.5 + 4 + 10 + 4 + 10 + 6 + 3.6) == [1.5, 11.0, 12.0, 6.6]


def test_full_rests() -> None:
    """A rest that has reached its most leaves the remaining slack to the others."""
    given = timeline(line(0, 4), gap(10, 4, 12), line(1, 4), gap(10, 4, 90))
    assert rests(given, 1.5 + 4 + 12 + 4 + 40 + 12) == [1.5, 12.0, 40.0, 12.0]


def test_late_line() -> None:
    """A line that takes longer than thought shortens the rests after it, and none before."""
    given = timeline(line(0, 10), gap(10, 4, 40), line(1, 10), gap(10, 4, 40), line(2, 10), gap(10, 4, 40))
    before = settled(given, 70)
    after = settled(given, 70, {1: 11.5})
    assert before[:4] == after[:4]
    assert isinstance(before[5], RestCue)
    assert isinstance(after[5], RestCue)
    assert after[5].length < before[5].length


@pytest.mark.parametrize(
    ("length", "quick", "expected"),
    [(1.5 + 3.2 + 40 + 8 + 12, True, [1.5, 40.0, 12.0]), (1.5 + 4.8 + 4 + 12 + 3, False, [1.5, 4.0, 3.0])],
)
def test_at_the_limits(length: float, quick: bool, expected: list[float]) -> None:
    """At the longest, rests are full and lines may still all be quick; at the shortest, all slow."""
    given = timeline(line(0, 4), gap(10, 4, 40), line(1, 10))
    cues = settled(given, length, {0: 3.2, 1: 8.0} if quick else {0: 4.8, 1: 12.0})
    assert [round(cue.length / 48_000, 3) for cue in cues if isinstance(cue, RestCue)] == expected


def test_slot() -> None:
    """Counted numbers begin exactly a slot apart; one too long for its slot pushes the next."""
    given = timeline(line(0, 1, slot=4.0), line(1, 1, slot=4.0), line(2, 1))
    cues = settled(given, 20, {0: 1.1, 1: 0.9})
    assert [cue.start for cue in cues if isinstance(cue, SpeechCue)] == [
        frames(1.5),
        frames(5.5),
        frames(9.5),
    ]
    late = settled(given, 20, {0: 5.0})
    assert [cue.start for cue in late if isinstance(cue, SpeechCue)] == [
        frames(1.5),
        frames(6.5),
        frames(10.5),
    ]


def test_marks_at_the_start() -> None:
    """Chapters and bed changes before the first sound are at frame 0; the voice waits all the same."""
    start = timeline(Chapter("Arriving", 0), BedChange("stream", None, frames(8.0)), gap(2), line(0, 4))
    assert settled(start, 18)[:6] == [
        BedCue(Frames(0), "soft-rain", -20.0, Frames(0)),
        ChapterCue(Frames(0), "Arriving", 0),
        BedCue(Frames(0), "stream", None, frames(8.0)),
        RestCue(Frames(0), frames(1.5), frames(1.5), exact=True),
        RestCue(frames(1.5), frames(2.0), frames(2.0), exact=True),
        SpeechCue(frames(3.5), frames(4.0), line(0, 4)),
    ]


def test_chapter_at_its_first_sound() -> None:
    """A chapter begins with its first line."""
    given = timeline(line(0, 4), gap(3), Chapter("Feet", 0), line(1, 4))
    assert ChapterCue(frames(8.5), "Feet", 0) in settled(given, 20)


def test_breath_and_bell_and_sound() -> None:
    """Tones and strokes sound where they stand and take no time; a sound takes its own."""
    path = Path("song.wav")
    given = timeline(
        Tone("in", frames(4.0)), gap(4), Strike("bowl", -10.0), gap(2), Sound(path, frames(5.0), -6.0), gap(1)
    )
    cues = settled(given, 20)
    assert ToneCue(frames(1.5), frames(4.0), "in") in cues
    assert BellCue(frames(5.5), "bowl", -10.0) in cues
    assert SoundCue(frames(7.5), frames(5.0), path, -6.0) in cues
    assert RestCue(frames(12.5), frames(1.0), frames(1.0), exact=True) in cues


@pytest.mark.parametrize(("truth", "heard"), [(3.0, True), (3.7, True), (3.8, False)])
def test_word_on_the_beat(truth: float, heard: bool) -> None:
    """A word on the beat is heard if it fits in its room, and nothing moves whether it does or not."""
    word = line(0, 3)
    given = timeline(Overlay(word, frames(3.7)), gap(4), line(1, 4))
    cues = settled(given, 20, {0: truth})
    assert (SpeechCue(frames(1.5), frames(truth), word) in cues) is heard
    assert SpeechCue(frames(5.5), frames(4.0), line(1, 4)) in cues


def test_lazy() -> None:
    """The rest before a line, and where it begins, are told before anyone asks how long it is."""
    given = timeline(line(0, 4), gap(3), line(1, 4))
    asked: list[int] = []

    def spoken(of: Line) -> Frames:
        asked.append(of.index)
        return frames(4.0)

    cues = settle(given, frames(20), estimate, spoken)
    assert asked == []
    while next(cues) != Ahead(frames(8.5)):
        pass
    assert asked == [0]
    assert next(cues) == SpeechCue(frames(8.5), frames(4.0), line(1, 4))
    assert asked == [0, 1]


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_workers(workers: int) -> None:
    """The cues are the same whoever speaks, in whatever order, and however much was ready before."""
    given = timeline(*(item for i in range(20) for item in (line(i, 5), gap(9, 3, 36))))

    def speak(index: int) -> Frames:
        return frames(random.Random(index).uniform(4.0, 6.0))

    with ThreadPoolExecutor(workers) as pool:
        order = random.Random(workers).sample(range(20), 20)
        clips: dict[int, Future[Frames]] = {index: pool.submit(speak, index) for index in order}
        side_by_side = list(settle(given, frames(400), estimate, lambda of: clips[of.index].result()))
    assert side_by_side == list(settle(given, frames(400), estimate, lambda of: speak(of.index)))


def test_too_short_or_long() -> None:
    """A length out of reach is refused at once, with whole seconds that do fit."""
    given = timeline(line(0, 10), gap(10, 4, 40))
    # Shortest: 1.5 + 12 + 4 + 3; longest: 1.5 + 8 + 40 + 12.
    assert (reach(given, estimate).shortest, reach(given, estimate).longest) == (frames(20.5), frames(61.5))
    for asked in (20, 62):
        with pytest.raises(LengthError) as caught:
            settle(given, frames(asked), estimate, lambda of: frames(10.0))
        assert str(caught.value) == (
            '"test" can be made to last from 0:21 to 1:01 with this voice; '
            f"{asked // 60}:{asked % 60:02} was asked"
        )
        assert (caught.value.shortest, caught.value.longest) == (frames(20.5), frames(61.5))
        assert caught.value.asked == frames(asked)


def test_tail_makes_up() -> None:
    """Where a script has no flexible rest, the tail alone makes up for what the lines may differ."""
    given = timeline(line(0, 100))
    # The line takes 80 to 120 s, so the tail can grow to its least and 40 s, and on to a whole second.
    assert reach(given, estimate).shortest == frames(1.5 + 120 + 3)
    assert reach(given, estimate).longest == frames(1.5 + 80 + 43.5)
    for truth in (80.0, 120.0):
        assert settled(given, 124.5, {0: truth})[-1] == EndCue(frames(124.5))


def test_no_items() -> None:
    """A session of nothing is silence."""
    assert rests(timeline(), 10) == [10.0]


def test_broken_promise() -> None:
    """A line far longer than promised takes its time from flexible rests, and then from exact ones."""
    given = timeline(line(0, 10), gap(2), line(1, 4), gap(10, 5, 20), line(2, 4), gap(2), line(3, 4))
    for truth, first, second in ((10.0, 2.0, 9.375), (17.0, 2.0, 3.4), (20.5, 1.1, 0.8)):
        cues = settled(given, 42.5, {0: truth})
        lengths = [round(cue.length / 48_000, 3) for cue in cues if isinstance(cue, RestCue)]
        assert lengths[1:4] == [first, second, 2.0]
        assert [cue.line.index for cue in cues if isinstance(cue, SpeechCue)] == [0, 1, 2, 3]


def test_badly_broken_promise() -> None:
    """A line that would outlast the session is left out with what follows it; the end stays where it is."""
    given = timeline(line(0, 10), gap(2), line(1, 4), gap(2), line(2, 1), tail=gap(6, 3, 24))
    cues = settled(given, 30, {0: 26.0, 1: 4.0})
    assert [cue.line.index for cue in cues if isinstance(cue, SpeechCue)] == [0]
    assert cues[-1] == EndCue(frames(30), unheard=2)


def test_broken_promise_on_the_beat() -> None:
    """A rest that gives way never does so before a word on the beat has ended."""
    given = timeline(line(0, 10), gap(1), Overlay(line(1, 3), frames(4.0)), gap(4), line(2, 1))
    cues = [cue for cue in settled(given, 23, {0: 18.0, 2: 0.5}) if isinstance(cue, SpeechCue)]
    assert [(cue.start, cue.length) for cue in cues] == [
        (frames(1.5), frames(18.0)),
        (frames(19.5), frames(3.0)),
        (frames(22.5), frames(0.5)),
    ]


def test_far_apart() -> None:
    """Eight hours with a rest of hours in them stay exact: nothing overflows."""
    given = timeline(line(0, 4), gap(3600, 0, 28_000, weight=100), line(1, 4), gap(0, 0, 28_000))
    assert settled(given, 8 * 3600)[-1] == EndCue(Frames(8 * 3600 * 48_000))


def test_a_line_knows_its_place() -> None:
    """A speech cue hands on the line it was made from, place in the file and all."""
    cue = next(cue for cue in settled(timeline(line(0, 4)), 12) if isinstance(cue, SpeechCue))
    assert (cue.line.where, cue.line.pace) == (HERE, PACE)
