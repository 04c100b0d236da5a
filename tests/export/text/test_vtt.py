"""WebVTT captions."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence

import pytest
from hypothesis import given

from tests.export.text.sessions import NASTY, calm, end, rest, sessions, speech
from voiceguide.audio import RATE
from voiceguide.export.text.text import plain, session_length, spoken
from voiceguide.export.text.vtt import LINE_WIDTH, Caption, captions, vtt, wrap
from voiceguide.plan.items import Cue

_TIMES = re.compile(r"(\d\d+):([0-5]\d):([0-5]\d)\.(\d{3}) --> (\d\d+):([0-5]\d):([0-5]\d)\.(\d{3})")


def written(cues: Sequence[Cue], *, language: str, title: str) -> str:
    """Return the captions of *cues* as a file has them."""
    return "".join(vtt(spoken(cues), session_length(cues), language=language, title=title))


def shown_of(cues: Sequence[Cue]) -> list[Caption]:
    return list(captions(spoken(cues), session_length(cues)))


def _parse(text: str) -> list[tuple[int, int, list[str]]]:
    """Read WebVTT strictly: header, one comment, then numbered cues of escaped text without tags."""
    head, note, *blocks = text.removesuffix("\n").split("\n\n")
    assert head == "WEBVTT"
    assert note.startswith("NOTE\n")
    assert "-->" not in note
    cues = []
    for number, block in enumerate(blocks, start=1):
        identity, times, *payload = block.strip("\n").split("\n")
        assert identity == str(number)
        assert payload
        assert all(payload)
        match = _TIMES.fullmatch(times)
        assert match
        h1, m1, s1, f1, h2, m2, s2, f2 = map(int, match.groups())
        for written in payload:
            assert not re.search(r"[<>\0]|&(?!amp;|lt;|gt;)|-->", written)
        start, stop = ((h1 * 60 + m1) * 60 + s1) * 1000 + f1, ((h2 * 60 + m2) * 60 + s2) * 1000 + f2
        cues.append((start, stop, [html.unescape(written) for written in payload]))
    return cues


def test_the_file_is_exactly_this() -> None:
    """A caption appears with its words, stays a second and a half if it can, and the title is a comment."""
    assert written(calm()[:7], language="en", title="Calm --> *now*") == (
        "WEBVTT\n\nNOTE\nTitle: Calm → *now*\nLanguage: en\n\n"
        "1\n00:00:01.500 --> 00:00:04.000\nNotice your feet.\n\n"
        "2\n00:00:07.000 --> 00:00:10.000\nBoth of them, on the floor.\n"
    )


def test_an_empty_session_has_a_file_without_cues() -> None:
    """A session without words is still a valid file."""
    assert _parse(written((), language="en", title="")) == []
    assert _parse(written((end(5),), language="de-CH", title="x")) == []


def test_a_single_line_is_one_caption() -> None:
    """One line of speech is one caption."""
    made = written((speech(1, 2, "Here."), end(3)), language="en", title="t")
    assert _parse(made) == [(1000, 3000, ["Here."])]


def test_breath_words_are_captions_too() -> None:
    """Words said on the beat are captioned like any others, for as long as the next lets them."""
    shown = [(caption.start, caption.text) for caption in shown_of(calm())]
    assert shown[2:] == [(22000, "In."), (26000, "And out."), (32000, "In."), (36000, "And out.")]


@pytest.mark.parametrize(("pause", "count"), [(0.8, 1), (4.0, 2)])
def test_near_phrases_of_a_line_share_a_caption(pause: float, count: int) -> None:
    """Phrases of one line share a caption over a short stop, and wait for their words over a long one."""
    cues = (speech(1, 1, "Flat."), rest(2, pause), speech(2 + pause, 1, "Foggy."), end(20))
    assert len(shown_of(cues)) == count


def test_phrases_of_two_lines_do_not_share_a_caption() -> None:
    """What was written as two lines stays two captions."""
    cues = (speech(1, 1, "Flat.", 0), speech(2.2, 1, "Foggy.", 1), end(20))
    assert [caption.text for caption in shown_of(cues)] == ["Flat.", "Foggy."]


def test_a_short_caption_gives_way_to_the_next() -> None:
    """A caption is never on the screen with the next one."""
    first, second = shown_of((speech(1, 0.3, "Ten.", 0), speech(1.9, 0.3, "Nine.", 1), end(2.5)))
    assert (first.end, second.start, second.end) == (1900, 1900, 2500)


def test_a_long_text_is_cut_after_sentences_in_proportion() -> None:
    """A text of more than two lines is cut after a sentence, and each part gets time by its characters."""
    one = "You can stop whenever you like, and nobody minds."
    two = "Opening your eyes, or just walking away, is a fine way to end."
    first, second = shown_of((speech(2, 10, f"{one} {two}"), end(20)))
    assert first.text.replace("\n", " ") == one
    assert second.text.replace("\n", " ") == two
    assert first.end == second.start == round(1000 * (2 + 10 * len(one) / (len(one) + len(two))))
    assert second.end == 12000


def test_two_lines_are_about_equally_long() -> None:
    """Two lines share their words evenly instead of leaving one word alone."""
    assert wrap("Let your eyes rest on something plain. A wall.") == [
        "Let your eyes rest on",
        "something plain. A wall.",
    ]


def test_nasty_text_is_escaped() -> None:
    """Markup, arrows and control characters in a script cannot break the file."""
    ((_, _, shown),) = _parse(written((speech(0, 5, NASTY), end(6)), language="en", title=NASTY))
    assert " ".join(shown) == "<b>&amp; --> \"quoted\" 'n' ]]> lean ok"


@given(sessions())
def test_captions_are_in_order_inside_the_session_and_never_overlap(cues: Sequence[Cue]) -> None:
    """Captions are in order, none overlaps the next, and all are inside the session."""
    shown = _parse(written(cues, language="en", title="t"))
    assert all(start < stop for start, stop, _ in shown)
    assert all(one[1] <= two[0] for one, two in itertools.pairwise(shown))
    assert all(stop * RATE <= session_length(cues) * 1000 for _, stop, _ in shown)


@given(sessions())
def test_every_word_is_shown_once(cues: Sequence[Cue]) -> None:
    """The captions hold every character that is said, in order, but for spaces."""
    shown = "".join(caption.text for caption in shown_of(cues))
    assert "".join(shown.split()) == "".join("".join(plain(cue.line.text).split()) for cue in spoken(cues))


def test_words_begun_within_a_millisecond_are_captions_of_their_own() -> None:
    """Words too many for a caption are not shown with those before, however near, while others are spoken."""
    first, second = "Both feet are on the floor, and the floor is there.", "It was there before you looked."
    cues = (speech(1, 0.0001, first), rest(1.0001, 0.0001), speech(1.0002, 5, f"{first} {second}"), end(9))
    assert [(caption.start, caption.end) for caption in shown_of(cues)] == [(1000, 1001), (1001, 6000)]


def test_what_is_left_for_the_last_millisecond_is_one_caption() -> None:
    """A session too short for a caption each shows the last of them together, in order."""
    spoken = [speech(number / 48_000, 1 / 48_000, f"{number}.", number) for number in range(5)]
    assert [(caption.start, caption.end, caption.text) for caption in shown_of((*spoken, end(0.003)))] == [
        (0, 1, "0."),
        (1, 2, "1."),
        (2, 3, "2. 3. 4."),
    ]


@given(sessions())
def test_captions_are_at_most_two_lines_of_42_characters(cues: Sequence[Cue]) -> None:
    """No line is wider than 42 characters, and there are two at most."""
    for caption in shown_of(cues):
        lines = caption.text.split("\n")
        assert all(len(line) <= LINE_WIDTH for line in lines)
        assert len(lines) <= 2
