"""The rows of `voiceguide plan`."""

from __future__ import annotations

import json

from hypothesis import given

from tests.export.text.sessions import calm, end, rest, sessions, speech, tone
from voiceguide.audio import Frames, frames
from voiceguide.export.text.table import table, table_json
from voiceguide.plan.items import Cue


def test_every_kind_of_cue_has_its_row() -> None:
    """The table has time, length, kind and words, with paced breathing as one row."""
    assert [(row.start / 48_000, row.length / 48_000, row.kind, row.text) for row in table(calm())] == [
        (0, 0, "ambience", "soft-rain at -20 dB, over 2 s"),
        (0, 1.5, "rest", "exact"),
        (1.5, 0, "section", "Arriving"),
        (1.5, 2.5, "say", "Notice your feet."),
        (4, 3, "rest", "exact"),
        (7, 3, "say", "Both of them, on the floor."),
        (10, 12, "rest", "about 10 s"),
        (22, 0, "section", "Breath"),
        (22, 20, "breathe", "2 × in 4 s, out 6 s; “In.”, “And out.”"),
        (42, 2, "rest", "exact"),
        (44, 0, "bell", "bowl"),
        (44, 3, "sound", "sea.wav"),
        (47, 13, "rest", "about 4 s"),
        (60, 0, "end", "1:00"),
    ]


def test_unfolded_it_has_a_row_for_every_cue() -> None:
    """Without folding no cue is left out."""
    assert len(table(calm(), fold=False)) == len(calm())


def test_words_before_their_tone_are_folded_too() -> None:
    """A breath word belongs to its tone whichever of the two comes first among the cues."""
    (row, _) = table((speech(0, 0.5, "In."), tone(0, 4, "in"), end(4)))
    assert row.text == "1 × in 4 s; “In.”"


def test_a_rest_begins_after_the_last_tone() -> None:
    """A rest that goes on from the last breath into what follows is shown from the end of its tone."""
    cues = (tone(0, 4, "in"), rest(0, 4), tone(4, 6, "out"), rest(4, 18, about=14), end(22))
    assert [(row.start / 48_000, row.length / 48_000, row.kind, row.text) for row in table(cues)] == [
        (0, 10, "breathe", "1 × in 4 s, out 6 s"),
        (10, 12, "rest", "about 8 s"),
        (22, 0, "end", "0:22"),
    ]


def test_json_has_frames_and_seconds() -> None:
    """The JSON form has the same rows, in frames and in seconds."""
    rows = table((speech(1.5, 2, "Hi."), end(5)))
    document = json.loads(table_json(rows, length=frames(5)))
    assert document["length"] == frames(5)
    assert document["rows"][0] == {
        "start": frames(1.5),
        "length": frames(2),
        "seconds": 1.5,
        "kind": "say",
        "text": "Hi.",
    }


def test_an_empty_session_has_no_rows() -> None:
    """Nothing is nothing."""
    assert table(()) == ()
    assert json.loads(table_json((), length=Frames(0)))["rows"] == []


@given(sessions())
def test_rows_are_in_order(cues: tuple[Cue, ...]) -> None:
    """Rows come in the order of the session, folded or not."""
    for fold in (True, False):
        starts = [row.start for row in table(cues, fold=fold)]
        assert starts == sorted(starts)
