"""mpv, asked over its IPC socket."""

from __future__ import annotations

import json
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.players.seen import MOMENT, Asked, Seen, sounds_on, version, within


class Mpv:
    """mpv without a sound device, in real time."""

    name = "mpv"

    def about(self) -> str | None:
        told = version("mpv", "--version")
        return told and " ".join(told.split()[:2])

    def look(self, asked: Asked) -> Seen:
        with _running(asked.address) as mpv:
            within(lambda: (mpv.get("time-pos") or 0.0) > 0.3)
            length = mpv.get("duration")
            chapters = within(lambda: len(mpv.get("chapter-list") or []), MOMENT) or 0
            mpv.ask("seek", asked.far, "absolute")
            return Seen(length, _goes_on(mpv, asked.far), chapters)

    def resumes(self, asked: Asked) -> float | None:
        with _running(asked.address, f"--start={asked.far}") as mpv:
            return _goes_on(mpv, asked.far)


class _Mpv:
    def __init__(self, line: socket.socket) -> None:
        self._talk = line.makefile("rw")

    def ask(self, *command: object) -> Any:
        """Return what mpv answers; None for an error."""
        self._talk.write(json.dumps({"command": command}) + "\n")
        self._talk.flush()
        for told in self._talk:
            answer = json.loads(told)
            if "error" in answer and "event" not in answer:
                return answer.get("data")
        return None

    def get(self, name: str) -> Any:
        return self.ask("get_property", name)


def _goes_on(mpv: _Mpv, far: float) -> float | None:
    """Return whether it comes to *far* and moves there."""
    return sounds_on(lambda: mpv.get("time-pos"), far)


@contextmanager
def _running(address: str, *more: str) -> Iterator[_Mpv]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mpv")
        command = [
            "mpv",
            "--no-config",
            "--ao=null",
            "--no-video",
            "--really-quiet",
            f"--input-ipc-server={path}",
        ]
        running = subprocess.Popen([*command, *more, address], stdin=subprocess.DEVNULL)
        try:
            within(lambda: path.exists() and not running.poll())
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(30)
                within(lambda: line.connect_ex(str(path)) == 0)
                yield _Mpv(line)
        finally:
            running.terminate()
            running.wait(30)
