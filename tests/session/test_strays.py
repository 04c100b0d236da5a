"""A voice that says less than it takes: the session goes on, marked, and says so once."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from tests.session.conftest import MakeStudio
from voiceguide.audio import Frames, Mono, frames
from voiceguide.errors import StrayError
from voiceguide.plan.items import RestCue
from voiceguide.plan.wishes import Wishes
from voiceguide.script.model import Pace
from voiceguide.voices.engines.hum import HumEngine

TIGHT = """voiceguide: 1
title: Tight
technique: grounding-chair
language: en
length: {default: 30s, least: 10s, most: 1m}
ambience: {sound: none}
steps:
  - say: Notice both of your feet on the floor.
  - rest: 3s
  - repeat: {times: 3, steps: [{say: "And the chair that holds you up."}, {rest: 3s}]}
  - say: That is all.
"""


class Understates(HumEngine):
    """Speaks twice as long as it says it will."""

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        return Frames(super().estimate(text, voice, pace) // 2)

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        return HumEngine().speak(text, voice, pace)


@pytest.fixture
def tight(tmp_path: Path) -> Path:
    path = tmp_path / "tight.yaml"
    path.write_text(TIGHT)
    return path


def test_the_manifest_marks_what_is_short(tight: Path, studio_of: MakeStudio, tmp_path: Path) -> None:
    """Every exact rest of a rendered session is as written, or says by how much it is not."""
    session = studio_of(Understates()).session(tight, Wishes(length=frames(28)))
    session.render(tmp_path / "out.wav", sides=["manifest"])
    rests = [cue for cue in json.loads((tmp_path / "out.json").read_text())["cues"] if cue["kind"] == "rest"]
    exact = [cue for cue in rests if cue["exact"]]
    assert all(cue["length"] + cue.get("short", 0) == cue["planned"] for cue in exact)
    assert any(cue.get("short", 0) for cue in exact)


def test_strict_writes_nothing(tight: Path, studio_of: MakeStudio, tmp_path: Path) -> None:
    """Where it is to be as written or not at all there is no file, and no part of one."""
    session = studio_of(Understates()).session(tight, Wishes(length=frames(28)))
    with pytest.raises(StrayError, match=r"^the rest of 3 s after .* \(tight\.yaml:\d+\) lasts") as told:
        session.render(tmp_path / "out.wav", sides=["manifest"], strict=True)
    assert told.value.exit_status == 3
    assert {path.name for path in tmp_path.iterdir()} == {"tight.yaml"}


def test_strict_writes_what_is_as_written(tight: Path, studio_of: MakeStudio, tmp_path: Path) -> None:
    """With a voice that keeps its promise, strict or not is the same."""
    session = studio_of().session(tight, Wishes(length=frames(45)))
    session.render(tmp_path / "out.wav", strict=True)
    assert all(cue.short == 0 for cue in session.cues() if isinstance(cue, RestCue))


def test_who_plays_says_it_once(tight: Path, studio_of: MakeStudio, caplog: pytest.LogCaptureFixture) -> None:
    """A session that is heard goes on to its end, with one line in the log however many rests are short."""
    session = studio_of(Understates()).session(tight, Wishes(length=frames(28)))
    with caplog.at_level(logging.WARNING, "voiceguide"):
        assert sum(len(block) for block in session.blocks()) == frames(28)
        tuple(session.cues())
    assert [record.getMessage()[:25] for record in caplog.records] == ['the rest of 3 s after "An']
