"""The README is tried out: what it says to type is typed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from voiceguide.script.parse import load

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


SERVE = "voiceguide serve"


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines() if line.strip()]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like a fresh clone, with nothing of the person's own."""
    monkeypatch.setenv("VOICEGUIDE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    work = tmp_path / "clone"
    work.mkdir()
    (work / "scripts").symlink_to(ROOT / "scripts")
    return work


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [line for line in commands() if line.startswith("voiceguide ") and line != SERVE]
)
def test_every_command_works(command: str, here: Path) -> None:
    """What the README says to type ends well, with no complaint."""
    words = [sys.executable, "-m", *shlex.split(command)]
    done = subprocess.run(words, cwd=here, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    for name in re.findall(r"-o (\S+)", command):
        assert (here / name).stat().st_size > 100_000


@pytest.mark.slow
def test_serving_works(here: Path) -> None:
    """`voiceguide serve` says where it is, and answers there."""
    assert SERVE in commands()
    words = [sys.executable, "-u", "-m", *shlex.split(SERVE), "--port", "0"]
    process = subprocess.Popen(words, cwd=here, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = next(found for line in process.stdout if (found := re.search(r"http://[\d.:]+", line)))
        with urllib.request.urlopen(f"{address[0]}/healthz", timeout=30) as answer:
            assert answer.status == 200
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_the_make_targets_exist_and_ci_runs_them() -> None:
    """`make listen` and `make test` are the two commands; CI runs both as they are written."""
    makes = [line for line in commands() if line.startswith("make ")]
    assert {"make listen", "make test"} <= set(makes)
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for line in makes:
        assert re.search(rf"^{line.split()[1]}:", makefile, re.MULTILINE)
    assert "make test" in ci
    assert "make listen" in ci


def test_nothing_else_is_asked_of_the_reader() -> None:
    """Every command in the README is one that a test runs."""
    assert all(line.startswith(("voiceguide ", "make ")) for line in commands())


def test_the_script_in_it_is_a_script(here: Path) -> None:
    """The example loads as it stands."""
    (example,) = blocks("yaml")
    path = here / "example.yaml"
    path.write_text(example)
    assert load(path).title == "Back to the chair"


@pytest.mark.slow
def test_the_python_in_it_runs(here: Path) -> None:
    """The example of the API makes its file."""
    (code,) = blocks("python")
    subprocess.run([sys.executable, "-c", code], cwd=here, check=True, env=dict(os.environ))
    assert (here / "chair.mp3").stat().st_size > 1_000_000


def test_its_pictures_and_pages_are_there() -> None:
    """Every picture and page that it points to exists."""
    for target in re.findall(r"\]\(([^)#]+)\)", README.replace("\n", " ")):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target
