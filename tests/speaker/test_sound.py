"""The speaker on a real sound server: PulseAudio with a null sink, whose monitor is recorded."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.speaker.test_running import running, there
from tests.waiting import until

pytestmark = pytest.mark.slow

MISSING = [program for program in ("pulseaudio", "pactl", "parec") if shutil.which(program) is None]
RATE = 48_000


class Ear:
    """What a null sink has been given, as it comes."""

    def __init__(self, folder: Path) -> None:
        self._data = bytearray()
        self._process = subprocess.Popen(
            ["parec", "-d", "quiet.monitor", f"--rate={RATE}", "--channels=2", "--format=float32le",
             "--latency-msec=50"],
            stdout=subprocess.PIPE,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while data := os.read(self._process.stdout.fileno(), 65_536):
            self._data.extend(data)

    def level(self, seconds: float) -> float:
        """Return the largest sample of the last *seconds*; 1.0 while there are not so many yet."""
        count = int(seconds * RATE) * 8
        data = bytes(self._data)
        data = data[: len(data) // 8 * 8][-count:]
        return float(np.abs(np.frombuffer(data, np.float32)).max()) if len(data) == count else 1.0

    def fresh(self) -> None:
        """Forget what was heard."""
        self._data.clear()

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._thread.join(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def ear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    if MISSING:
        pytest.skip(f"needs {', '.join(MISSING)}; apt install pulseaudio pulseaudio-utils")
    folder = tmp_path / "pulse"
    folder.mkdir(mode=0o700)
    (folder / ".asoundrc").write_text("pcm.!default {type pulse}\nctl.!default {type pulse}\n")
    for name, value in (("HOME", folder), ("XDG_RUNTIME_DIR", folder), ("PULSE_SERVER", f"unix:{folder}/s")):
        monkeypatch.setenv(name, str(value))
    server = subprocess.Popen(
        ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1",
         "-L", f"module-native-protocol-unix auth-anonymous=1 socket={folder}/s",
         "-L", f"module-null-sink sink_name=quiet rate={RATE} channels=2"],
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )  # fmt: skip
    try:
        until(lambda: subprocess.run(["pactl", "info"], capture_output=True).returncode == 0)
        heard = Ear(folder)
        try:
            yield heard
        finally:
            heard.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(10)


def test_it_is_heard_and_it_is_silent(ear: Ear, tmp_path: Path) -> None:
    """What is asked for over HTTP sounds on the real card; after a pause and a stop there is nothing at all;
    the queue goes on without anybody."""
    chair = {"script": "grounding-chair", "voice": "hum", "length": "3m"}
    with running(tmp_path):
        speaker = there(tmp_path)
        speaker.post("/play", chair)
        until(lambda: speaker.get("/now")["words"])
        until(lambda: ear.level(1.0) > 0.01)
        speaker.post("/pause")
        until(lambda: speaker.get("/now")["status"] == "paused")
        until(lambda: ear.level(1.0) == 0.0)
        position = speaker.get("/now")["position"]
        speaker.post("/resume")
        ear.fresh()
        until(lambda: 1.0 > ear.level(1.0) > 0.005)
        until(lambda: speaker.get("/now")["position"] > position)
        speaker.post("/queue", {"script": "ground-now", "voice": "hum", "ambience": "none"})
        speaker.post("/queue/next")
        until(lambda: speaker.get("/now")["script"] == "ground-now" and speaker.get("/now")["words"])
        ear.fresh()
        until(lambda: 1.0 > ear.level(1.0) > 0.005)
        assert speaker.get("/now")["note"] == ""
        speaker.post("/stop")
        until(lambda: speaker.get("/now")["status"] == "idle")
        until(lambda: ear.level(1.0) == 0.0)
