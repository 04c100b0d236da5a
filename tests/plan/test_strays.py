"""What is not timed as written is told, wherever it is, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.plan.build import estimate, gap, line, settled, timeline
from tests.plan.test_invariants import WITHIN, Voice, broken, length_within, promised, timelines
from voiceguide.audio import frames
from voiceguide.plan.items import Ahead, EndCue, Gap, Line, RestCue, Sound, SpeechCue, Timeline
from voiceguide.plan.settle import placed
from voiceguide.plan.strays import sentence, strays


@given(timelines(), broken(), WITHIN)
def test_every_stray_is_marked(made: Timeline, parts: list[float], where: float) -> None:
    """A rest under its least, a line over its slot and what is left out are marked, each by how much."""
    length = length_within(made, where)
    cues = {
        (position, type(cue)): cue
        for position, cue in placed(made, length, estimate, Voice(parts))
        if not isinstance(cue, Ahead)
    }
    taking_time = [place for place, item in enumerate(made.items) if isinstance(item, Line | Sound)]
    unheard = [place for place in taking_time if all(place != position for position, _ in cues)]
    assert cues[len(made.items), EndCue] == EndCue(length, len(unheard))
    for position, item in enumerate(made.items[: min(unheard, default=len(made.items))]):
        match item:
            case Gap(least=least) if least:
                rest = cues[position, RestCue]
                assert isinstance(rest, RestCue)
                assert rest.short == max(0, least - rest.length)
            case Line(slot=slot):
                said = cues[position, SpeechCue]
                assert isinstance(said, SpeechCue)
                assert said.over == (max(0, said.length - slot) if slot else 0)
            case _:
                pass


@given(timelines(), promised(), WITHIN)
def test_a_promise_kept_has_no_stray_rest(made: Timeline, parts: list[float], where: float) -> None:
    """While lines keep within a fifth of their estimate, only a count that is too quick can be told."""
    cues = [cue for _, cue in placed(made, length_within(made, where), estimate, Voice(parts))]
    found = strays(cue for cue in cues if not isinstance(cue, Ahead))
    assert all(isinstance(stray.cue, SpeechCue) for stray in found)


TIGHT = timeline(line(0, 10), gap(2), line(1, 4), gap(10, 5, 20), line(2, 4), gap(2), line(3, 4))


@pytest.mark.parametrize(
    ("truths", "says"),
    [
        ({0: 10.0}, []),
        ({0: 17.0}, ["the rest of at least 5 s after {1} lasts 3.40 s"]),
        (
            {0: 20.5},
            [
                "the rest of 2 s after {0} lasts 1.10 s",
                "the rest of at least 5 s after {1} lasts 0.80 s",
            ],
        ),
        (
            {0: 10.0, 3: 15.0},
            ["what comes after {2} is left out (1 line or sound): there is no room before the end"],
        ),
    ],
)
def test_what_is_said_of_a_stray(truths: dict[int, float], says: list[str]) -> None:
    """It says which rest after which line, what was written, and what came of it."""
    names = [f'"{" ".join(["word"] * n)}" (here.yaml:3)' for n in (10, 4, 4, 4)]
    names[0] = '"word word word word word word word word…" (here.yaml:3)'
    found = list(strays(settled(TIGHT, 42.5, truths)))
    assert [str(stray) for stray in found] == [text.format(*names) for text in says]


def test_a_count_that_is_too_quick() -> None:
    """A counted line that outlasts its slot is told, though it pushes the next on and overlaps nothing."""
    given = timeline(line(0, 1, slot=4.0), line(1, 1, slot=4.0), line(2, 1))
    (found,) = strays(settled(given, 20, {0: 5.0}))
    assert isinstance(found.cue, SpeechCue)
    assert found.cue.over == frames(1.0)
    assert str(found) == '"word" (here.yaml:3) takes 5.00 s, and the next was to come after 4 s'


def test_the_end_that_is_cut() -> None:
    """A closing rest under its least is told like any other."""
    given = timeline(line(0, 10), tail=gap(6, 3, 12))
    (found,) = strays(settled(given, 16.5, {0: 14.0}))
    assert str(found).endswith("lasts 1.00 s")


def test_one_sentence_for_all() -> None:
    """However many there are, it is one sentence: the first, how many more, who and what to do."""
    found = list(strays(settled(TIGHT, 42.5, {0: 20.5})))
    said = sentence(found, "piper/joe")
    assert "lasts 1.10 s, and 1 more place is not as written: piper/joe takes longer" in said
    assert "ask for a longer session or another voice" in said
    assert "\n" not in said
