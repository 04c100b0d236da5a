"""The guide for authors keeps its word: its examples load, and keep the rules it teaches."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent
from typing import Final

import pytest

from tests.care.scripts import FLOOR, by_hum, with_this
from voiceguide.care import figures, findings, leaving
from voiceguide.cli import COMMANDS as KNOWN
from voiceguide.script.check import check
from voiceguide.script.parse import load

PAGE: Final = (Path(__file__).parents[1] / "docs" / "writing-scripts.md").read_text(encoding="utf-8")
EXAMPLES: Final = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
COMMANDS: Final = re.findall(r"^voiceguide (\w+)", PAGE, re.MULTILINE)


def script(example: str) -> str:
    """Return *example* as a script: as it is, or, where it is a few steps, inside a good one."""
    if example.startswith("voiceguide:"):
        return example
    text = with_this(FLOOR, f"{FLOOR}  - rest: 6s\n{indent(example, '  ')}  - say: And the floor again.\n")
    if "eyes:" in example:
        text = text.replace("voice:", "options:\n  eyes: [open, closed]\nvoice:")
    if "ladder:" in example:
        text = text.replace("intensity: gentle", "intensity: steady")
    return re.sub(r"length: .*", "length: {default: 5m, least: 4m, most: 7m}", text, count=1)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples_are_in_order_and_careful(example: str, tmp_path: Path) -> None:
    """Every example can be read without a warning, and breaks no rule of care that is about lines."""
    path = tmp_path / "example.yaml"
    path.write_text(script(example), encoding="utf-8")
    assert [str(problem) for problem in check(path)] == []
    found = findings(load(path), by_hum)
    if not example.startswith("voiceguide:"):  # a few steps have not the way out of a whole script
        found = tuple(problem for problem in found if problem.rule not in ("care 3", "care 9"))
    assert [str(problem) for problem in found] == []


def test_there_is_a_whole_script_among_them() -> None:
    """The page shows a script from its first line to its last."""
    assert any(example.startswith("voiceguide:") for example in EXAMPLES)


def test_commands_on_the_page_are_there() -> None:
    """Every command that the page runs is one."""
    assert COMMANDS
    assert set(COMMANDS) <= set(KNOWN)


def test_the_numbers_on_the_page_are_those_checked() -> None:
    """The page names the limits that the check has."""
    assert f"{figures.SLOWEST} to {figures.QUICKEST} words a minute" in PAGE
    assert f"under {figures.WORDS_A_SENTENCE} words on average, none over {figures.LONGEST_SENTENCE}" in PAGE
    assert f"a silence over {leaving.UNANNOUNCED // 48_000} s" in PAGE
    assert (leaving.FIRST_BY, leaving.EVERY) == (60 * 48_000, 180 * 48_000)
