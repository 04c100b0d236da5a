"""How long speech should take."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.audio import seconds
from voiceguide.script.model import PACES, Pace
from voiceguide.testing.lines import ENGLISH as LINES
from voiceguide.voices import tempo, words

SLOW = PACES["slow"]


@given(st.text(max_size=200), st.integers(60, 220))
def test_any_text_has_a_length(text: str, pace: int) -> None:
    """Whatever is written, the estimate is a count of frames, never negative."""
    assert tempo.estimate(text, Pace(pace)) >= 0


@pytest.mark.parametrize("line", LINES)
def test_faster_is_shorter(line: str) -> None:
    """The same line takes less time at a faster pace, in proportion."""
    slow, quick = tempo.estimate(line, SLOW), tempo.estimate(line, Pace(2 * SLOW))
    assert quick == pytest.approx(slow / 2, abs=1)


def test_sentences_add_up() -> None:
    """Two sentences take as long as each alone, and the stop between them."""
    first, second = "Notice your feet.", "Both of them, on the floor."
    apart = seconds(tempo.estimate(first, SLOW) + tempo.estimate(second, SLOW))
    together = seconds(tempo.estimate(f"{first} {second}", SLOW))
    assert together == pytest.approx(apart + tempo.stop_seconds(SLOW), abs=1e-4)


def test_slow_is_about_its_words_a_minute() -> None:
    """Over many lines of several sentences, slow comes to within a tenth of 105."""
    long = [line for line in LINES if len(words.sentences(line)) > 1]
    said = sum(words.words(line) for line in long)
    took = sum(seconds(tempo.estimate(line, SLOW)) for line in long)
    assert said / took * 60.0 == pytest.approx(105, rel=0.1)


@given(due=st.floats(0.3, 10.0), rate=st.floats(0.75, 1.33))
def test_a_take_is_held_to_its_length(due: float, rate: float) -> None:
    """A voice that answers in proportion ends within 16 % of what is due, inside the 20 % of an estimate."""
    took = tempo.held(lambda longer: due * rate * longer, lambda took: took, due)
    assert abs(due / took - 1.0) <= 0.16 + 1e-9


def test_the_nearest_take_wins() -> None:
    """A voice that answers wildly gives its best of three takes."""
    lengths = iter([2.0, 1.2, 3.0])
    assert tempo.held(lambda _: next(lengths), lambda took: took, 1.0) == 1.2


def test_silence_is_not_tried_again() -> None:
    """A take with nothing in it is returned as it is, after one try."""
    asked: list[float] = []
    assert tempo.held(lambda longer: asked.append(longer), lambda _: 0.0, 1.0) is None
    assert asked == [1.0]
    assert math.isclose(tempo.slowness(SLOW), 1.0)
