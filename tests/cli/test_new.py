from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from voiceguide.cli import main
from voiceguide.script.parse import load


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to be in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_a_starter_passes_strictly(here: Path) -> None:
    """What `new` writes is in order, careful, and can be planned."""
    assert run("new", "morning-light").exit_code == 0
    checked = run("check", "--strict", "morning-light.yaml")
    assert (checked.exit_code, checked.output) == (0, "1 file is in order\n")
    assert load(here / "morning-light.yaml").title == "Morning light"
    assert run("plan", "morning-light.yaml", "--voice", "hum").exit_code == 0


def test_new_never_writes_over_a_file(here: Path) -> None:
    """A file that is there stays as it is."""
    (here / "mine.yaml").write_text("mine")
    refused = run("new", "mine")
    assert refused.exit_code == 2
    assert "is there already" in refused.output
    assert (here / "mine.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["../out", "a/b", "A Name", ".hidden", "-", "x" * 80])
def test_a_name_stays_in_the_folder(name: str, here: Path) -> None:
    """A name that is no plain word is refused, and nothing is written."""
    assert run("new", "--", name).exit_code == 2
    assert list(here.parent.rglob("*.yaml")) == []


def test_the_ending_may_be_given(here: Path) -> None:
    """`new NAME.yaml` is `new NAME`."""
    run("new", "light.yaml")
    assert (here / "light.yaml").is_file()
