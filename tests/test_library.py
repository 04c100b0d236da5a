"""The scripts that ship: each in order, careful, and as long as it says."""

from __future__ import annotations

import random
import re
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from tests.care.scripts import by_hum
from voiceguide.audio import RATE, Frames
from voiceguide.care import findings
from voiceguide.files.folders import shipped
from voiceguide.plan.fit import Reach
from voiceguide.plan.items import EndCue
from voiceguide.plan.plan import lengths, plan
from voiceguide.plan.settle import settle
from voiceguide.plan.wishes import Wishes, resolve
from voiceguide.script.check import check
from voiceguide.script.library import Library
from voiceguide.script.model import Lengths
from voiceguide.script.parse import load
from voiceguide.voices import tempo

FOLDER: Final = shipped("scripts")
LIBRARY: Final = Library([FOLDER])
SCRIPTS: Final = LIBRARY.names()
BLOCKS: Final = sorted((FOLDER / "blocks").glob("*.yaml"))
TODAY: Final = date(2026, 11, 22)

TECHNIQUES: Final = frozenset(
    """
    body-scan grounding-chair grounding-senses grounding-colours ground-now longer-breath
    even-breath centering daily-ten self-hold muscle-release gentle-movement slow-walk sunlight
    sensory-water sensory-scent sensory-texture listen-to-music picture-or-poem name-the-numbness
    body-clues name-one-feeling small-shifts felt-sense feeling-ladder old-joys-ladder people-ladder
    let-it-out free-drawing write-unfiltered journal-prompts thought-check kind-words patience
    aliveness-log joy-list small-goal small-win warning-signs gentle-looking-back safe-place
    quiet-company reach-out ask-for-help talk-to-doctor caring-for-another ride-the-urge wind-down
    body-basics weekly-review
    """.split()  # noqa: SIM905 (fifty quoted words are harder to read)
)

TO_BE_WRITTEN: Final = frozenset(
    ["deep-rest", "kinder-angle", "dance-it", "seated-yoga", "weekly-date", "group-visit"]
)
"""Rows of the table that no script is of yet."""


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_is_in_order(name: str) -> None:
    """A shipped script has neither errors nor warnings."""
    assert [str(problem) for problem in check(LIBRARY.find(name))] == []


@pytest.mark.parametrize("path", BLOCKS, ids=lambda path: path.stem)
def test_its_blocks_are_in_order(path: Path) -> None:
    """A shipped block has neither errors nor warnings."""
    assert [str(problem) for problem in check(path)] == []


@pytest.mark.parametrize("voice", ["hum", "neural"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_it_keeps_the_rules_of_care(name: str, voice: str) -> None:
    """A shipped script passes strictly, in the time it takes most voices and in that of the neural ones."""
    estimate = {"hum": by_hum, "neural": tempo.estimate}[voice]
    assert [str(problem) for problem in findings(load(LIBRARY.find(name)), estimate)] == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_fits_from_its_least_to_its_most(name: str) -> None:
    """A shipped script has every length it declares; settled at five of them it ends on the very frame."""
    script = load(LIBRARY.find(name))
    assert isinstance(script.length, Lengths)
    least, default, most = script.length.least, script.length.default, script.length.most
    assert lengths(script, resolve(script, Wishes(), TODAY), by_hum) == (Reach(least, most),)
    drawn = random.Random(name)
    for length in (least, default, most, *(Frames(drawn.randint(least, most)) for _ in range(2))):
        resolved = resolve(script, Wishes(length=length), TODAY)
        timeline = plan(script, resolved, by_hum)
        cues = list(settle(timeline, length, by_hum, lambda line: by_hum(line.text, line.pace)))
        assert cues[-1] == EndCue(length)


def test_every_technique_has_a_script() -> None:
    """Each technique has at least one script, and no script has another."""
    assert {script.technique for script in LIBRARY.scripts()} == TECHNIQUES


def test_the_techniques_are_those_of_the_table() -> None:
    """The lists here have the rows of the table that the library is written to, and no row is in both."""
    table = Path(__file__).parents[2] / "shared" / "techniques.md"
    if not table.is_file():
        pytest.skip("the table of techniques is not beside this checkout")
    rows = re.findall(r"^\| ([a-z-]+) \|", table.read_text(encoding="utf-8"), re.MULTILINE)
    assert frozenset(rows) - {"id", "---"} == TECHNIQUES | TO_BE_WRITTEN
    assert not TECHNIQUES & TO_BE_WRITTEN


def test_daily_ten_is_exactly_ten() -> None:
    """Ten minutes of everyday mindfulness are ten minutes, and three, five and twenty can be had."""
    script = load(LIBRARY.find("daily-ten"))
    assert isinstance(script.length, Lengths)
    assert script.length.default == 600 * RATE
    assert script.length.least <= 180 * RATE < 1200 * RATE <= script.length.most
