from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from voiceguide.cli import main
from voiceguide.errors import ScriptError, WishError
from voiceguide.files.folders import shipped
from voiceguide.library.support import BEFORE, load

LINES: Final = """\
voiceguide: 1
note: Look them up first.
regions:
  - region: Everywhere
    lines:
      - name: A list
        address: https://example.org
        hours: any time
        language: many
        checked: 2026-11-22
  - region: Utopia
    code: UT
    emergency: "100"
    lines:
      - name: A line
        number: "0200 555"
        hours: evenings
        language: English
        checked: 2026-10-01
"""

SHIPPED: Final = load(shipped("scripts") / "support.yaml")


def put(folder: Path, text: str) -> Path:
    path = folder / "support.yaml"
    path.write_text(text)
    return path


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of one's own."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path))
    return tmp_path


def shown(*words: str) -> str:
    return CliRunner().invoke(main, ["support", *words]).output


def test_every_entry_has_its_date() -> None:
    """Every line that ships says when it was checked, and not before the list was begun."""
    dates = [line.checked for region in SHIPPED.regions for line in region.lines]
    assert dates
    assert min(dates) >= date(2026, 11, 22)


def test_an_entry_without_its_date_is_refused(tmp_path: Path) -> None:
    """A line without the date it was checked makes the whole file an error, at its place."""
    with pytest.raises(ScriptError) as refused:
        load(put(tmp_path, LINES.replace("        checked: 2026-10-01\n", "")))
    (problem,) = refused.value.problems
    assert (problem.line, problem.field) == (15, "regions[1].lines[0].checked")


@pytest.mark.parametrize("written", ["yesterday", "2026-13-01", "22.11.2026", "20261122"])
def test_a_date_is_a_date(written: str, tmp_path: Path) -> None:
    """Only a day that exists, written as the file has it, is a date."""
    with pytest.raises(ScriptError, match="is not a date; write it as 2026-11-22"):
        load(put(tmp_path, LINES.replace("2026-10-01", written)))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('        number: "0200 555"\n', "", "regions[1].lines[0]"),
        ("hours: evenings", "hour: evenings", "regions[1].lines[0].hours"),
        ("  - region: Utopia", "  - land: Utopia", "regions[1].land"),
        ("voiceguide: 1", "voiceguide: 2", "voiceguide"),
        ("regions:\n", "places:\n", "regions"),
    ],
)
def test_what_is_missing_is_told(old: str, new: str, field: str, tmp_path: Path) -> None:
    """A line that lacks something, or has too much, is told by its place."""
    with pytest.raises(ScriptError) as refused:
        load(put(tmp_path, LINES.replace(old, new)))
    assert field in [problem.field for problem in refused.value.problems]


def test_there_are_lines_for_a_dozen_countries_and_for_everywhere() -> None:
    """The list that ships has international directories and at least twelve countries."""
    assert SHIPPED.everywhere
    assert len([region for region in SHIPPED.regions if re.fullmatch("[A-Z]{2}", region.code)]) >= 12
    assert BEFORE.rstrip(".") in SHIPPED.note


def test_a_list_of_one_s_own_takes_its_place(own_folder: Path) -> None:
    """A file in the person's own folder is read instead of the one that ships."""
    assert load() == SHIPPED
    put(own_folder, LINES)
    assert [region.name for region in load().regions] == ["Everywhere", "Utopia"]


def test_no_region_is_assumed(own_folder: Path) -> None:
    """Unasked, only what is for everywhere is shown, and the names of the others."""
    put(own_folder, LINES)
    assert "https://example.org" in shown()
    assert "A line" not in shown()
    assert "Utopia" in shown()


@pytest.mark.parametrize("name", ["Utopia", "utopia", "UT", "ut"])
def test_a_region_is_shown_with_its_dates(name: str, own_folder: Path) -> None:
    """A region's lines have number, hours, language and date, and the word to check them first."""
    put(own_folder, LINES)
    told = shown(name)
    for part in (
        "emergency: 100",
        "A line: 0200 555",
        "evenings",
        "English",
        "checked 2026-10-01",
        "Look them up first.",
    ):
        assert part in told


def test_an_unknown_region_is_told_with_the_nearest() -> None:
    """A region that is not there is refused with those near it."""
    with pytest.raises(WishError, match="did you mean Germany"):
        SHIPPED.find("Germny")
    assert CliRunner().invoke(main, ["support", "Atlantis"]).exit_code == 2
