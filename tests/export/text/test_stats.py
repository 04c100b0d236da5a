"""Figures about a session."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.export.text.sessions import calm, end, rest, sessions, speech
from voiceguide.audio import frames
from voiceguide.export.text.stats import longest_silence, rests, speech_share, words, words_per_minute
from voiceguide.export.text.text import session_length
from voiceguide.plan.items import Cue


def test_rests_are_the_gaps_between_sounds() -> None:
    """A rest goes from the last sound to the next, with its written length beside the given one."""
    found = [(gap.start, gap.length, gap.planned, gap.exact) for gap in rests(calm())]
    assert found == [
        (0, frames(1.5), frames(1.5), True),
        (frames(4), frames(3), frames(3), True),
        (frames(10), frames(12), frames(10), False),
        (frames(42), frames(2), frames(2), True),
        (frames(47), frames(13), frames(4), False),
    ]


def test_a_rest_knows_the_words_around_it() -> None:
    """A rest names what was said before it and what comes after."""
    gap = rests(calm())[1]
    assert (gap.before, gap.after) == ("Notice your feet.", "Both of them, on the floor.")


def test_breath_tones_are_no_silence() -> None:
    """Twenty seconds of paced breathing count as guided, so the longest silence is another."""
    assert longest_silence(calm()) == frames(13)


def test_two_rests_in_a_row_are_one_silence() -> None:
    """Rests that follow each other add up, as they do by ear."""
    cues = (speech(0, 1, "a"), rest(1, 5), rest(6, 6, about=4), speech(12, 1, "b"), end(13))
    (gap,) = rests(cues)
    assert (gap.length, gap.planned, gap.exact) == (frames(11), frames(9), False)


def test_share_and_pace_are_of_the_spoken_time() -> None:
    """The share is speech over the whole; the pace counts words over the time the voice speaks."""
    cues = (speech(0, 2, "One two *three* – four."), speech(10, 2, "Five, six."), end(16))
    assert words(cues) == 6
    assert speech_share(cues) == pytest.approx(4 / 16)
    assert words_per_minute(cues) == pytest.approx(6 / 4 * 60)


def test_an_empty_session_has_zeros() -> None:
    """Nothing said is no share and no pace."""
    assert (longest_silence(()), speech_share(()), words_per_minute(())) == (0, 0.0, 0.0)


@given(sessions())
def test_silences_and_share_stay_inside_the_session(cues: tuple[Cue, ...]) -> None:
    """Silences do not overlap, and with the speech they are at most the session."""
    total = sum(gap.length for gap in rests(cues))
    assert all(gap.length > 0 for gap in rests(cues))
    assert total + speech_share(cues) * session_length(cues) <= session_length(cues) + 1e-3
