"""Chapters, flat and as JSON."""

from __future__ import annotations

import itertools
import json

from hypothesis import given

from tests.export.text.sessions import NASTY, calm, chapter, end, sessions, speech
from voiceguide.audio import frames
from voiceguide.export.text.chapters import chapters_json, marks
from voiceguide.export.text.text import session_length
from voiceguide.plan.items import Cue


def test_the_file_is_exactly_this() -> None:
    """The file states version 1.2.0, its title, and each chapter's start and end in seconds."""
    assert json.loads(chapters_json(calm(), title="Calm")) == {
        "version": "1.2.0",
        "title": "Calm",
        "chapters": [
            {"startTime": 0.0, "endTime": 1.5, "title": "Calm"},
            {"startTime": 1.5, "endTime": 22.0, "title": "Arriving"},
            {"startTime": 22.0, "endTime": 60.0, "title": "Breath"},
        ],
    }


def test_a_session_without_sections_is_one_chapter() -> None:
    """A session without sections is one chapter with the session's title."""
    (mark,) = marks((speech(0, 1, "Hello."), end(2)), title="Short")
    assert (mark.start, mark.end, mark.title) == (0, frames(2), "Short")


def test_an_empty_session_has_no_chapters() -> None:
    """What has no length has no chapters."""
    assert json.loads(chapters_json((), title="x"))["chapters"] == []


def test_a_section_shares_its_mark_with_the_part_it_begins_with() -> None:
    """An inner section that begins with the outer one is named in the same mark; the next has its own."""
    cues = (chapter(0, "Body"), chapter(0, "Feet", 1), chapter(9, "Hands", 1), end(20))
    assert [(mark.start, mark.title) for mark in marks(cues, title="x")] == [
        (0, "Body: Feet"),
        (frames(9), "Hands"),
    ]


def test_a_section_without_any_time_is_left_out() -> None:
    """A section that is over as it begins gives way to the next."""
    assert [mark.title for mark in marks((chapter(0, "A"), chapter(0, "B"), end(2)), title="x")] == ["B"]


def test_deep_sections_are_not_listed() -> None:
    """A section inside a section's section is a mark with `toc` false; others do not state it."""
    cues = (chapter(0, "A"), chapter(1, "B", 1), chapter(2, "C", 2), end(3))
    assert [entry.get("toc") for entry in json.loads(chapters_json(cues, title="x"))["chapters"]] == [
        None,
        None,
        False,
    ]


def test_any_title_can_be_written() -> None:
    """Quotes and control characters do no harm; a section without a title has the session's."""
    cues = (chapter(0, NASTY), chapter(1, " "), end(2))
    titles = [entry["title"] for entry in json.loads(chapters_json(cues, title="T"))["chapters"]]
    assert titles == ["<b>&amp; --> \"quoted\" 'n' ]]> lean ok", "T"]


@given(sessions())
def test_chapters_cover_the_session_without_holes(cues: tuple[Cue, ...]) -> None:
    """The first chapter begins at 0, each ends where the next begins, the last with the session."""
    found = marks(cues, title="T")
    assert found[0].start == 0
    assert found[-1].end == session_length(cues)
    assert all(one.end == two.start for one, two in itertools.pairwise(found))
    assert all(mark.start < mark.end for mark in found)
    assert all(mark.title for mark in found)
