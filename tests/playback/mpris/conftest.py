from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.playback.conftest import begin, studio, write
from tests.playback.stages import Begin, Stage
from tests.waiting import until
from voiceguide.playback.controls.mpris import DesktopRemote
from voiceguide.playback.controls.mpris.remote import NAME

__all__ = ["begin", "studio", "write"]  # fixtures of the player's tests: the player here is the real one

Ctl = Callable[..., str]
Bus = subprocess.Popen[str]


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    """A private session bus, and it alone is known to this process and its children."""
    words = [
        tool("dbus-daemon"),
        "--session",
        "--nofork",
        "--print-address",
        f"--address=unix:dir={tmp_path}",
    ]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        try:
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", running.stdout.readline().strip())
            yield running
        finally:
            running.terminate()


@pytest.fixture
def ctl(bus: Bus) -> Ctl:
    """Runs `playerctl`, and returns what it says."""
    program = tool("playerctl")

    def call(*words: str, player: str = SHORT) -> str:
        done = subprocess.run(
            [program, "--player", player, *words], capture_output=True, text=True, timeout=20, check=False
        )
        return (done.stdout + done.stderr).strip()

    return call


@pytest.fixture
def shown(begin: Begin, ctl: Ctl) -> Iterator[Stage]:
    """A player that has been heard for two seconds, and is on the bus."""
    stage = begin()
    with closing(DesktopRemote(stage.player)) as remote:
        remote.start()
        stage.pull(2.0)
        until(lambda: ctl("status") == "Playing")
        yield stage


SHORT = NAME.removeprefix("org.mpris.MediaPlayer2.")
INSTANCE = f"{SHORT}.instance{os.getpid()}"


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"needs {name} (apt install dbus playerctl)")
    return found
