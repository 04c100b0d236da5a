"""Engines that go wrong, each in one way: ordinary implementations, spoken by real processes.

The text says when: a line with the word "badly" goes wrong, any other is spoken well.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
import threading
from pathlib import Path
from typing import cast

import numpy as np

from voiceguide.audio import Frames, Mono, frames
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.script.model import Pace
from voiceguide.voices.engine import Status, Voice


class Sound:
    """Speaks every line as half a second of one value; a line badly as an error."""

    name = "sound"
    isolated = True
    local = True
    version = "1"

    def status(self) -> Status:
        return Status(ready=True)

    def voices(self) -> tuple[Voice, ...]:
        return (Voice("only", "en"),)

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        return frames(0.5)

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        return self.badly() if "badly" in text else np.full(frames(0.5), 0.25, dtype=np.float32)

    def badly(self) -> Mono:
        raise EngineError('engine "sound" has no such voice')


class Missing(Sound):
    def badly(self) -> Mono:
        raise EngineMissing("its model is not here", "pip install model")


class Hangs(Sound):
    def badly(self) -> Mono:
        threading.Event().wait()
        raise AssertionError


class Dies(Sound):
    def badly(self) -> Mono:
        print("out of luck", file=sys.stderr)
        os._exit(7)


class Breaks(Sound):
    def badly(self) -> Mono:
        raise ZeroDivisionError("no such thing")


class Empty(Sound):
    def badly(self) -> Mono:
        return np.zeros(0, dtype=np.float32)


class NotANumber(Sound):
    def badly(self) -> Mono:
        return np.array([0.1, np.nan], dtype=np.float32)


class Stereo(Sound):
    def badly(self) -> Mono:
        return np.zeros((100, 2), dtype=np.float32)


class Integers(Sound):
    def badly(self) -> Mono:
        return cast(Mono, np.ones(100, dtype=np.int16))


class Endless(Sound):
    """Speaks an hour, which takes no memory as long as nobody copies it."""

    def badly(self) -> Mono:
        return np.broadcast_to(np.float32(0.25), (frames(3600.0),))


class Leaves(Sound):
    """Dies, and leaves a process that holds all its pipes and goes on writing into its folder."""

    session = False

    def badly(self) -> Mono:
        self.leave()
        os._exit(1)

    def leave(self) -> None:
        if os.fork():
            return
        if self.session:
            os.setsid()
        for number in itertools.count():  # to its end when the folder is gone
            Path(os.environ["TMPDIR"], str(number % 99)).touch()


class LeavesStranger(Leaves):
    """Leaves one of another session, which no signal to a group reaches."""

    session = True


class LeavesAndHangs(LeavesStranger):
    def badly(self) -> Mono:
        self.leave()
        threading.Event().wait()
        raise AssertionError


class CountsAndHangs(Sound):
    """Hangs on every line, and notes each in a file."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        with Path(os.environ["ASKED"]).open("a") as record:
            record.write(f"{text}\n")
        threading.Event().wait()
        raise AssertionError


class Nothing(Sound):
    def badly(self) -> Mono:
        return cast(Mono, None)


class Prints(Sound):
    """Prints on every line, from Python and from below it, far more than a pipe holds."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        print("a driver that says what it does " * 10_000, flush=True)
        os.write(1, b"and a library that does too\n" * 10_000)
        return super().speak(text, voice, pace)


class Reads(Sound):
    """Reads what it can from standard input, as some libraries ask questions."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        assert not sys.stdin.read()
        return super().speak(text, voice, pace)


class Garbles(Sound):
    """Writes to every pipe it can find, the one for answers too."""

    def badly(self) -> Mono:
        for number in range(3, 20):
            try:
                os.write(number, b"\xff" * 64)
            except OSError:
                continue
        raise EngineError("unheard")


class DiesOnce(Sound):
    """Dies if no process before it has, which a file beside it records."""

    def badly(self) -> Mono:
        record = Path(os.environ["DIES_ONCE"])
        if record.exists():
            return np.full(10, 0.5, dtype=np.float32)
        record.touch()
        os._exit(1)


class Changes(Sound):
    """Is of the version that its environment says."""

    @property
    def version(self) -> str:  # type: ignore[override]
        return os.environ["CHANGES"]


class Tells(Sound):
    """Speaks its process's number, for who asks which process has spoken."""

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        return np.array([os.getpid()], dtype=np.float32)


class Litters(Sound):
    """Leaves a temporary file and dies over it."""

    def badly(self) -> Mono:
        _, path = tempfile.mkstemp()
        print(path, file=sys.stderr, flush=True)
        os._exit(1)
