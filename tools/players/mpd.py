"""MPD with a null output, asked by its protocol."""

from __future__ import annotations

import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.players.seen import Asked, Seen, sounds_on, version, within


class Mpd:
    """The Music Player Daemon. Its protocol has no chapters."""

    name = "MPD"

    def about(self) -> str | None:
        told = version("mpd", "--version")
        return told and f"MPD {told.split()[3]}"

    def look(self, asked: Asked) -> Seen:
        with _running() as mpd:
            mpd.ask(f'add "{asked.address}"')
            mpd.ask("play 0")
            within(lambda: (mpd.number("elapsed") or 0.0) > 0.3)
            length = mpd.number("duration")
            mpd.ask(f"seekcur {asked.far}")
            return Seen(length, _goes_on(mpd, asked.far), None)

    def resumes(self, asked: Asked) -> float | None:
        with _running() as mpd:
            mpd.ask(f'add "{asked.address}"')
            mpd.ask(f"seek 0 {asked.far}")
            return _goes_on(mpd, asked.far)


class _Mpd:
    def __init__(self, path: Path) -> None:
        self._path = path

    def ask(self, command: str) -> dict[str, str]:
        """Return what MPD answers; nothing for an error."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(30)
            line.connect(str(self._path))
            with line.makefile("rw") as talk:
                talk.readline()
                talk.write(command + "\n")
                talk.flush()
                answer: dict[str, str] = {}
                while (said := talk.readline().rstrip()) not in ("OK", "") and not said.startswith("ACK"):
                    name, _, value = said.partition(": ")
                    answer[name] = value
        return answer

    def number(self, name: str) -> float | None:
        told = self.ask("status").get(name)
        return float(told) if told else None


def _goes_on(mpd: _Mpd, far: float) -> float | None:
    return sounds_on(lambda: mpd.number("elapsed"), far)


@contextmanager
def _running() -> Iterator[_Mpd]:
    with tempfile.TemporaryDirectory() as folder:
        path, config = Path(folder, "socket"), Path(folder, "conf")
        config.write_text(
            f'bind_to_address "{path}"\ndb_file "{folder}/db"\nlog_file "{folder}/log"\n'
            'audio_output {\n type "null"\n name "nothing"\n}\n'
        )
        running = subprocess.Popen(["mpd", "--no-daemon", str(config)], stderr=subprocess.DEVNULL)
        try:
            within(lambda: _listens(path))
            yield _Mpd(path)
        finally:
            running.terminate()
            running.wait(30)


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(str(path)) == 0
