"""The manifest of every cue."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from tests.export.text.sessions import calm, sessions
from voiceguide.audio import frames
from voiceguide.export.text.manifest import dumps, manifest, read
from voiceguide.plan.items import Cue, SoundCue


def _text(cues: tuple[Cue, ...], *roots: Path) -> str:
    wishes = {"set": {"eyes": "open"}, "length": "1m"}
    return dumps(
        manifest(cues, script="calm", title="Calm", voice="hum/low", key="ab12", wishes=wishes, roots=roots)
    )


def test_it_names_the_session_and_counts_its_cues() -> None:
    """The head says what was rendered, at which rate, how long it is, and how many cues of each kind."""
    document = json.loads(_text(calm()))
    assert list(document) == [
        *("voiceguide", "key", "script", "title", "voice", "wishes", "rate", "length", "counts", "cues")
    ]
    assert document["rate"] == 48_000
    assert document["length"] == frames(60)
    assert list(document["wishes"]) == ["length", "set"]
    assert document["counts"]["speech"] == 6
    assert document["counts"]["end"] == 1
    assert sum(document["counts"].values()) == len(document["cues"]) == len(calm())


def test_a_line_of_speech_says_where_it_was_written() -> None:
    """A cue of speech has its frames, its words as written, and file, line and column."""
    assert json.loads(_text(calm()))["cues"][5] == {
        "kind": "speech",
        "start": frames(7),
        "length": frames(3),
        "line": 0,
        "say": 0,
        "text": "Both of *them*, on the floor.",
        "pace": 105,
        "voice": None,
        "level_db": 0.0,
        "slot": 0,
        "place": "calm.yaml:10:5",
        "field": "steps[0]",
    }


def test_paths_are_written_as_seen_from_the_root() -> None:
    """A manifest tells nothing of the folders above the roots it is given, nor of those outside."""
    root = Path("/home/someone/scripts")
    inside = SoundCue(frames(0), frames(1), root / "sounds" / "sea.wav", 0.0)
    outside = SoundCue(frames(1), frames(1), Path("/srv/elsewhere/bell.wav"), 0.0)
    text = _text((inside, outside), Path("/opt"), root)
    assert '"path": "sounds/sea.wav"' in text
    assert '"path": "bell.wav"' in text
    assert "someone" not in text


@given(sessions())
def test_what_is_written_reads_back(cues: tuple[Cue, ...]) -> None:
    """Reading a manifest gives the cues that were written."""
    assert read(_text(cues)) == cues


def test_the_same_session_has_the_same_text() -> None:
    """A manifest is the same bytes for the same session, with a line for each cue."""
    assert _text(calm()) == _text(calm())
    assert sum(line.lstrip().startswith('{"kind"') for line in _text(calm()).splitlines()) == len(calm())


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"voiceguide": 2}', '{"voiceguide": 1, "cues": [{"kind": "odd"}]}', "?"]
)
def test_what_is_no_manifest_is_refused(text: str) -> None:
    """Other JSON, other versions and broken cues are refused."""
    with pytest.raises(ValueError):  # noqa: PT011 - json's own error is one too
        read(text)


def test_an_empty_session_has_a_manifest() -> None:
    """A session without cues is written and read."""
    assert read(_text(())) == ()
