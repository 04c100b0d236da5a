from __future__ import annotations

import pytest

from voiceguide.files.folders import shipped
from voiceguide.script.library import Library
from voiceguide.script.model import Script
from voiceguide.server.groups import GROUPS
from voiceguide.server.search import EVERYDAY, search


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    return list(Library([shipped("scripts")]).scripts())


@pytest.mark.parametrize(
    ("words", "technique"),
    [
        ("body scan", "body-scan"),
        ("panic", "ground-now"),
        ("Panic attack!", "ground-now"),
        ("can't sleep", "wind-down"),
        ("I can’t sleep", "wind-down"),
        ("numb", "name-the-numbness"),
        ("box breathing", "even-breath"),
        ("anxi", "ground-now"),
        ("i am so lonely", "quiet-company"),
        ("four sides", "even-breath"),
        ("5-4-3-2-1", "grounding-senses"),
        ("meditation", "daily-ten"),
    ],
)
def test_ordinary_words_find_it(scripts: list[Script], words: str, technique: str) -> None:
    """What people call an exercise, or how it is with them, finds it among the first five."""
    assert technique in [script.technique for script in search(scripts, words)[:5]]


def test_what_fits_more_words_comes_alone(scripts: list[Script]) -> None:
    """Every word narrows it down, and of none that fits more words another is shown beside it."""
    both = search(scripts, "short body scan")
    assert [script.title for script in both] == ["Hands, feet, and what holds you"]


def test_nothing_is_found_for_what_nothing_is(scripts: list[Script]) -> None:
    """Letters that are no word here find nothing."""
    assert search(scripts, "qwertz") == []
    assert search(scripts, "?!") == []


def test_every_technique_has_everyday_words() -> None:
    """The table of everyday words and the rows of the library know the same techniques."""
    assert set(EVERYDAY) == {technique for group in GROUPS for technique in group.techniques}
