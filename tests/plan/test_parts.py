from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.scripts import library
from voiceguide.audio import Frames, frames
from voiceguide.errors import UnknownError
from voiceguide.plan.parts import part, parts
from voiceguide.plan.walk import walk
from voiceguide.script.model import Say, Script
from voiceguide.script.parse import load


@pytest.fixture
def ladder(tmp_path: Path) -> Script:
    library(tmp_path / "scripts")
    return load(tmp_path / "scripts" / "two-rungs.yaml")


def said(script: Script) -> list[str]:
    return [phrase.text for step in walk(script.steps) if isinstance(step, Say) for phrase in step.phrases]


def test_a_ladder_comes_apart_in_order(ladder: Script) -> None:
    """What is before it, each rung, the quiet, the ground and what is after it, with their own lines."""
    found = parts(ladder, frames(60.0))
    assert list(found) == ["opening", "rung-1", "rung-2", "stay", "ground", "closing"]
    assert said(found["rung-1"]) == ["A small thing."]
    assert said(found["rung-2"]) == ["Another thing."]
    assert said(found["stay"]) == []
    assert said(found["ground"]) == ["Feel the floor."]
    assert said(found["closing"]) == ["Back on the ground."]


def test_a_part_is_as_in_the_whole(ladder: Script) -> None:
    """Steps that depend on the length, or say it, look at the whole session's and not at the part's."""
    short, long = (said(part(ladder, "opening", frames(length))) for length in (60.0, 240.0))
    assert short == ["We have a minute for two rungs."]
    assert long == ["We have four minutes for two rungs.", "Only a long session says this."]


def test_parts_are_sessions_of_their_own(ladder: Script) -> None:
    """No two parts have one digest, nor has a part of another whole."""
    wholes: tuple[Frames, ...] = (frames(60.0), frames(240.0))
    digests = {each.digest for whole in wholes for each in parts(ladder, whole).values()}
    assert len(digests) == 12
    assert ladder.digest not in digests


def test_a_part_that_is_not_there_is_said(ladder: Script, tmp_path: Path) -> None:
    """The error lists the parts there are; a script without a ladder has none."""
    with pytest.raises(UnknownError, match="opening, rung-1, rung-2"):
        part(ladder, "rung-3", frames(60.0))
    plain = load(tmp_path / "scripts" / "chair.yaml")
    assert parts(plain, frames(60.0)) == {}
    with pytest.raises(UnknownError, match="no ladder"):
        part(plain, "opening", frames(60.0))
