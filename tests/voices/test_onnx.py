"""ONNX Runtime, which reports to its makers unless it is told not to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from voiceguide.voices.engines.piper import PiperEngine
from voiceguide.voices.process.group import environment

spoken = pytest.mark.skipif(not PiperEngine().status().ready, reason="the extra piper is not installed")

SPEAK = "from voiceguide.voices.engines.piper import PiperEngine; PiperEngine().speak('Flat.', 'joe', 105)"


def ran(home: Path, *command: str) -> list[str]:
    """Run *command* with *home* as the person's, and return the files it leaves there."""
    usual = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "ORT_"))}
    told = {**usual, "HOME": str(home), "VOICEGUIDE_CACHE": str(home / "ours")}
    subprocess.run([sys.executable, *command], env=told, check=True, capture_output=True)
    left = (path.relative_to(home) for path in home.rglob("*") if path.is_file())
    return sorted(str(path) for path in left if path.parts[0] != "ours")


def test_whatever_speaks_in_a_process_of_its_own_is_told_to_keep_to_itself() -> None:
    """An engine of somebody else's that runs on ONNX Runtime has it silenced too."""
    assert environment("folder")["ORT_DISABLE_TELEMETRY"] == "1"


@spoken
@pytest.mark.voice
def test_speaking_leaves_nothing_to_be_reported(tmp_path: Path) -> None:
    """An engine that speaks by itself leaves no device id and no queue of events in the person's folders."""
    assert ran(tmp_path, "-c", SPEAK) == []


@spoken
@pytest.mark.voice
def test_a_recording_leaves_nothing_but_itself(tmp_path: Path) -> None:
    """Rendering with a neural voice leaves the recording, and what we keep in our own folder."""
    target = tmp_path / "out" / "ground.mp3"
    target.parent.mkdir()
    left = ran(tmp_path, "-m", "voiceguide", "render", "ground-now", "--voice", "piper", "-o", str(target))
    assert left == ["out/ground.mp3"]
