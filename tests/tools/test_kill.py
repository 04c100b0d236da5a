"""A small part of what ``python -m tools.kill`` does at length."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.kill.nursery import Home
from voiceguide.files import PartFile


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="processes are forked")
def test_killed_at_any_moment(tmp_path: Path) -> None:
    """After kill -9 at random moments what has its name is whole, and the next run leaves no parts."""
    words = ["--renders", "12", "--servings", "3", "--seed", "7"]
    done = subprocess.run(
        [sys.executable, "-m", "tools.kill", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "renders      12 rounds" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_what_lies_about_is_seen(tmp_path: Path) -> None:
    """A part in any folder is litter, and anything among the temporary files; results are not."""
    home = Home(tmp_path)
    home.make()
    (home.work / "a.mp3").touch()
    (home.work / "serve.lock").touch()  # it stands beside its file
    assert home.litter() == []
    part = PartFile(home.work, "b.mp3")
    (home.temporary / "voiceguide-abc").mkdir()
    assert len(home.litter()) == 2
    part.drop()
