from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.audio import frames
from voiceguide.script.model import Pace
from voiceguide.testing.lines import ENGLISH as LINES
from voiceguide.voices.words import Rhythm, commas, estimate, letters, plain, sentences, syllables, words

SLOW = Pace(105)


def test_sentences_keep_their_marks() -> None:
    """A text splits after . ! ? and …, each sentence keeping its own mark and closing quote."""
    assert sentences("Sit. Is it warm? “Yes!” Maybe… Now") == (
        "Sit.",
        "Is it warm?",
        "“Yes!”",
        "Maybe…",
        "Now",
    )


@pytest.mark.parametrize(
    "text", ["Touch something, e.g. wood.", "Wait 2.5 seconds.", "Dr. Reed says so.", "Ask J. Reed."]
)
def test_a_dot_inside_a_sentence_does_not_end_it(text: str) -> None:
    """A short form, a decimal and an initial end no sentence."""
    assert sentences(text) == (text,)


def test_a_sentence_may_end_in_i() -> None:
    """ "I" is a word, not an initial."""
    assert sentences("So do I. And you?") == ("So do I.", "And you?")


@given(st.text(alphabet="ab .!?…,\"')\n", max_size=40))
def test_splitting_loses_no_letter(text: str) -> None:
    """The sentences joined are the text, white space aside."""
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_lean_marks_are_dropped() -> None:
    """Marks of a lean are not spoken."""
    assert plain("You may  *stop* at\n*any time*.") == "You may stop at any time."


def test_a_number_is_one_word() -> None:
    """A number in digits counts as one word, with or without a point or a comma in it."""
    assert words("Count 10, then 2.5 or 10,000.") == 6


def test_short_stops() -> None:
    """Commas, colons, semicolons and dashes are short stops; a hyphen inside a word is not."""
    assert commas("Slow, slow: well-worn; soft — or not – so") == 5


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(
            ("feet", 1),
            ("breathe", 1),
            ("noticed", 2),
            ("rested", 2),
            ("little", 2),
            ("noses", 2),
            ("leaves", 1),
        ),
        *(
            ("something", 2),
            ("every", 2),
            ("being", 2),
            ("idea", 3),
            ("curious", 3),
            ("didn't", 2),
            ("quiet", 2),
        ),
        *(
            ("comfortable", 4),
            ("attention", 3),
            ("I", 1),
            ("hm", 1),
            ("7", 2),
            ("12", 1),
            ("21", 3),
            ("100", 3),
        ),
    ],
)
def test_syllables_of_plain_words(word: str, count: int) -> None:
    """Silent e, split vowels and spoken numbers are counted as they are said."""
    assert syllables(word) == count


@given(st.text(max_size=60))
def test_any_text_can_be_counted(text: str) -> None:
    """No text is refused, and every word has a syllable."""
    assert syllables(text) >= words(text) >= 0


def test_a_number_has_the_letters_of_its_words() -> None:
    """A number in digits is about as long as the same number in words."""
    assert letters("It's twelve") == 9
    assert letters("7") == len("seven") + 1


RHYTHM = Rhythm(SLOW, syllable=0.2, word=0.1, line=0.05, comma=0.25, stop=0.5)


def test_an_estimate_is_the_sum_of_its_parts() -> None:
    """Syllables, words, short stops and stops between sentences add up; no stop follows the last."""
    assert estimate("Sit, now. *Stay*.", SLOW, RHYTHM) == frames(0.05 + 3 * 0.1 + 3 * 0.2 + 0.25 + 0.5)


def test_stops_may_keep_their_length() -> None:
    """Where an engine's stops do not follow the pace, only the words stretch."""
    fixed = Rhythm(SLOW, syllable=0.2, stop=0.5, stops_follow=False)
    assert estimate("Sit. Stay.", Pace(210), fixed) == frames(2 * 0.1 + 0.5)


@pytest.mark.parametrize("text", LINES)
def test_slower_is_longer(text: str) -> None:
    """A slower pace never makes a line shorter."""
    assert estimate(text, Pace(90), RHYTHM) > estimate(text, SLOW, RHYTHM) > estimate(text, Pace(160), RHYTHM)
