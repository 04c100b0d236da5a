"""Listening through a real sound server: what is played and what is said are in one room."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.playback.voice.conftest import HEAD, spoken
from tests.waiting import until
from voiceguide.playback.controls.voice.words import LISTEN_RATE
from voiceguide.voices.engines.system import SystemEngine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pulseaudio") is None, reason="needs pulseaudio"),
    pytest.mark.skipif(shutil.which("paplay") is None, reason="needs pulseaudio-utils"),
]

SCRIPT = f"""{HEAD}  - rest: 3s
  - say: Pause.
  - rest: 3s
  - say: Finish.
  - rest: 9s
  - say: Look around.
  - rest: ~20s
"""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a sound server with one speaker, and a microphone that hears it."""
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    for name in ("PULSE_SERVER", "PULSE_RUNTIME_PATH", "DBUS_SESSION_BUS_ADDRESS"):
        environment.pop(name, None)
    modules = ("module-native-protocol-unix auth-anonymous=1", "module-null-sink sink_name=room")
    load = [word for module in modules for word in ("-L", module)]
    server = subprocess.Popen(
        ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", *load],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: _ask(environment, "set-default-source", "room.monitor"))
        yield environment
    finally:
        server.terminate()
        server.wait(10)


def _ask(environment: dict[str, str], *words: str) -> bool:
    done = subprocess.run(["pactl", *words], env=environment, capture_output=True, check=False)
    return done.returncode == 0


def _say(
    environment: dict[str, str], voice: SystemEngine, words: str, folder: Path, near: str = "room"
) -> None:
    """Say *words* aloud in the room, or *near* a microphone, after two seconds."""
    path = folder / "said.wav"
    samples = np.pad(spoken(voice, words) * 3, (2 * LISTEN_RATE, LISTEN_RATE // 2))
    soundfile.write(path, np.clip(samples, -1, 1), LISTEN_RATE)
    subprocess.run(["paplay", f"--device={near}", str(path)], env=environment, check=True, timeout=30)


def test_said_in_the_room(room: dict[str, str], voice: SystemEngine, tmp_path: Path) -> None:
    """A session that says "pause" and "finish" plays on; when somebody says "pause" it pauses, and then
    "go on" has it go on.
    """
    with _playing(room, tmp_path) as lines:
        until(lambda: "Finish." in lines)
        assert any(line.startswith("Listening, while the voice rests, for: pause, ") for line in lines)
        assert "(paused)" not in lines
        _say(room, voice, "pause", tmp_path)
        until(lambda: "(paused)" in lines)
        assert "Look around." not in lines
        _say(room, voice, "go on", tmp_path)
        until(lambda: "Look around." in lines)


def test_a_microphone_is_pulled_out(room: dict[str, str], voice: SystemEngine, tmp_path: Path) -> None:
    """The session plays on without a microphone, and obeys what is said into the next one."""
    first = _plugged_in(room, "one")
    with _playing(room, tmp_path) as lines:
        until(lambda: "Pause." in lines)
        assert _ask(room, "unload-module", first)
        _plugged_in(room, "two")
        until(lambda: "Finish." in lines)
        assert "(paused)" not in lines
        for _ in range(3):  # until it is found: somebody who is not heard says it again
            _say(room, voice, "pause", tmp_path, "two")
            if "(paused)" in lines:
                break
        until(lambda: "(paused)" in lines)


def _plugged_in(room: dict[str, str], name: str) -> str:
    """Add a microphone that hears what is said near *name*, as the default; return how to unplug it."""
    load = ["pactl", "load-module", "module-null-sink", f"sink_name={name}"]
    module = subprocess.run(load, env=room, capture_output=True, text=True, check=True).stdout.strip()
    assert _ask(room, "set-default-sink", "room")
    assert _ask(room, "set-default-source", f"{name}.monitor")
    return module


@contextmanager
def _playing(room: dict[str, str], folder: Path) -> Iterator[list[str]]:
    """Have the session played, listening; give the lines that it writes."""
    script = folder / "words.yaml"
    script.write_text(SCRIPT)
    command = [sys.executable, "-u", "-m", "voiceguide", "play", str(script), "--voice", "system"]
    playing = subprocess.Popen(
        [*command, "--plain", "--listen"],
        env=room,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    lines: list[str] = []
    assert playing.stdout is not None
    reader = threading.Thread(target=lambda: lines.extend(map(str.strip, playing.stdout or ())), daemon=True)
    reader.start()
    try:
        yield lines
    finally:
        playing.kill()
        playing.wait(10)
        reader.join(5)
        playing.stdout.close()
