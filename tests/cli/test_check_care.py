from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.care.scripts import GOOD, with_line
from voiceguide.cli import main


def check(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["check", *words])
    return result.exit_code, result.output


def test_check_shows_care_as_warnings(tmp_path: Path) -> None:
    """A broken rule of care is told with its number and fails only where that is asked for."""
    path = tmp_path / "script.yaml"
    path.write_text(with_line("You must look."))
    status, told = check(str(path))
    assert status == 0
    assert f'{path}:15:10: steps[4].say: [care 1] "You must" commands' in told
    assert check(str(path), "--strict")[0] == 2


def test_check_is_content_with_a_careful_script(tmp_path: Path) -> None:
    """A script that keeps the rules passes strictly."""
    path = tmp_path / "script.yaml"
    path.write_text(GOOD)
    assert check(str(path), "--strict") == (0, "1 file is in order\n")


def test_findings_are_data_too(tmp_path: Path) -> None:
    """As JSON each finding has its rule."""
    path = tmp_path / "script.yaml"
    path.write_text(with_line("You are safe now."))
    assert [problem["rule"] for problem in json.loads(check(str(path), "--json")[1])] == ["care 7"]


def test_a_script_with_errors_is_not_held_to_care(tmp_path: Path) -> None:
    """Where the form is wrong, only that is told."""
    path = tmp_path / "script.yaml"
    path.write_text(with_line("You must look.").replace("rest: 6s", "rest: 6 potatoes"))
    status, told = check(str(path))
    assert (status, "care" in told) == (2, False)


@pytest.mark.slow
def test_a_language_that_no_voice_speaks_is_a_warning(tmp_path: Path) -> None:
    """It is told where the language is written, with what to do, and fails only where that is asked for."""
    path = tmp_path / "script.yaml"
    path.write_text(GOOD.replace("language: en\n", "language: qaa\n"))
    line = path.read_text().splitlines().index("language: qaa") + 1
    status, told = check(str(path))
    assert status == 0
    assert f"{path}:{line}:1: language: no voice installed here speaks qaa" in told
    assert "voiceguide voices --language qaa" in told
    assert check(str(path), "--strict")[0] == 2


def test_a_language_that_a_voice_speaks_is_no_warning(tmp_path: Path) -> None:
    """A voice of any region that is installed will do."""
    pytest.importorskip("py_nanotts")
    path = tmp_path / "script.yaml"
    path.write_text(GOOD.replace("language: en\n", "language: de-CH\n"))
    assert check(str(path), "--strict") == (0, "1 file is in order\n")
