"""A sound server without hardware, whose cards are recorded: PulseAudio with null sinks."""

from __future__ import annotations

import os
import pty
import queue
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from voiceguide.audio import Block, frames

PROGRAMS = ("pulseaudio", "pactl", "parec")
MISSING = [program for program in PROGRAMS if shutil.which(program) is None]
PATIENCE = 60.0
"""Seconds after which what is waited for is taken not to come."""

_FRAME_BYTES = 8


class Pulse:
    """A running server. `environment` is what programs need to play there, and nowhere else.

    `cache` is where they keep what has been spoken.
    """

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o700)
        socket, self.cache = folder / "pulse.sock", folder / "cache"
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_SERVER": f"unix:{socket}",
            "VOICEGUIDE_CACHE": str(self.cache),
            "VOICEGUIDE_DATA": str(folder / "data"),
        }
        (folder / ".asoundrc").write_text("pcm.!default {type pulse}\nctl.!default {type pulse}\n")
        self._cards: dict[str, str] = {}
        self._server = subprocess.Popen(
            [
                "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1",
                "-L", f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
            ],
            env=self.environment,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for _ in range(300):
            asked = subprocess.run(["pactl", "info"], env=self.environment, capture_output=True)
            if asked.returncode == 0:
                return
            threading.Event().wait(0.1)  # a server has no way to say that it listens
        raise AssertionError("pulseaudio does not start")

    def plug_in(self, name: str) -> None:
        """Add a card."""
        words = "module-null-sink", f"sink_name={name}", "rate=48000", "channels=2", "format=float32le"
        self._cards[name] = self._control("load-module", *words).strip()

    def unplug(self, name: str) -> None:
        """Take a card away."""
        self._control("unload-module", self._cards.pop(name))

    def _control(self, *words: str) -> str:
        command = ["pactl", *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def recording(self, card: str) -> Recording:
        """Return a recording of what *card* is given, begun.

        Who records asks for it soon: a null sink that nobody asks to be prompt is two seconds ahead of
        itself, and lets whoever comes to play wait for so long.
        """
        words = "--rate=48000", "--channels=2", "--format=float32le", "--raw", "--latency-msec=20"
        command = ["parec", "-d", f"{card}.monitor", *words]
        recorder = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        return Recording(recorder)

    def run(self, *words: str) -> Run:
        """Start Python with *words* here; it can be sent something."""
        return Run([sys.executable, *words], self.environment, subprocess.PIPE)

    def play(self, *words: str) -> Run:
        """Start `voiceguide play` here."""
        return Run([sys.executable, "-m", "voiceguide", "play", *words], self.environment)

    def close(self) -> None:
        self._server.send_signal(signal.SIGTERM)
        self._server.wait(10)


class Recording:
    """What a card has been given; a context manager. It has begun when there is something of it."""

    def __init__(self, recorder: subprocess.Popen[bytes]) -> None:
        self._recorder = recorder
        self._data = bytearray()
        self._grown = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.until(frames(0.2))

    def __enter__(self) -> Recording:
        return self

    def __exit__(self, *error: object) -> None:
        self._recorder.terminate()
        self._recorder.wait(10)
        self._reader.join(10)

    @property
    def length(self) -> int:
        """How many frames there are."""
        return len(self._data) // _FRAME_BYTES

    def until(self, length: int) -> None:
        """Wait for there to be *length* frames."""
        with self._grown:
            assert self._grown.wait_for(lambda: self.length >= length, PATIENCE), "nothing is recorded"

    def goes_on(self, lasting: float) -> None:
        """Wait for *lasting* seconds more of it."""
        self.until(self.length + frames(lasting))

    def sound(self) -> Block:
        """Return what there is, shape (frames, 2)."""
        with self._grown:
            data = bytes(self._data[: self.length * _FRAME_BYTES])
        return np.frombuffer(data, np.float32).reshape(-1, 2)

    def _read(self) -> None:
        assert self._recorder.stdout is not None
        with self._recorder.stdout as out:
            while data := os.read(out.fileno(), 65_536):
                with self._grown:
                    self._data += data
                    self._grown.notify_all()


class Run:
    """A program that plays here, and the lines that it has written so far."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        stdin: int | None = None,
        stdout: int | None = None,
        cwd: Path | None = None,
    ) -> None:
        self.lines: list[str] = []
        self._coming: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            command, env=environment, text=True, stdin=subprocess.DEVNULL if stdin is None else stdin,
            stdout=subprocess.PIPE if stdout is None else stdout, stderr=subprocess.STDOUT,
            cwd=cwd,
        )  # fmt: skip
        if self.process.stdout is not None:
            threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    def until(self, text: str) -> None:
        """Wait for a line with *text* in it, after those that were waited for before."""
        line: str | None = ""
        while line is not None and text not in line:
            line = self._next(repr(text))
        assert line is not None, f"it ended before {text!r}: {self.lines}"

    def end(self) -> int:
        """Wait for it to end; return its status."""
        if self.process.stdout is not None:
            while self._next("the end") is not None:
                pass
        return self.process.wait(PATIENCE)

    def send(self, text: str) -> None:
        """Write *text* to its standard input, all it gets."""
        assert self.process.stdin is not None
        with self.process.stdin as into:
            into.write(text)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Hold it meanwhile."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def _next(self, wanted: str) -> str | None:
        try:
            line = self._coming.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"{wanted} does not come after {self.lines}") from None
        if line is not None:
            self.lines.append(line)
        return line

    def _read(self, out: IO[str]) -> None:
        with out:
            for line in out:
                self._coming.put(line.rstrip("\n"))
        self._coming.put(None)


class Typist:
    """`voiceguide play` at a terminal, and somebody who types. `seen` is its screen, unless it is *plain*."""

    def __init__(self, pulse: Pulse, *words: str, plain: bool = True) -> None:
        self._ours, theirs = pty.openpty()
        self.seen = ""
        command = [sys.executable, "-m", "voiceguide", "play", *words, *(["--plain"] if plain else [])]
        environment = {**pulse.environment, "TERM": "xterm"}
        self.run = Run(command, environment, theirs, None if plain else theirs)
        os.close(theirs)

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def until(self, text: str) -> None:
        """Wait for *text* on the terminal."""
        while text not in self.seen:
            ready, _, _ = select.select([self._ours], [], [], PATIENCE)
            assert ready, f"{text!r} does not come after {self.seen!r}"
            self.seen += os.read(self._ours, 65_536).decode(errors="replace")


@contextmanager
def busy(count: int) -> Iterator[None]:
    """Keep *count* processors busy meanwhile."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def place_of(needle: Block, hay: Block) -> int:
    """Return where in *hay*, which is longer, least is left of it when *needle* is taken away."""
    count = len(hay) - len(needle) + 1
    size = 1 << (len(hay) + len(needle)).bit_length()
    one, other = np.fft.rfft(hay[:, 0], size), np.fft.rfft(needle[:, 0], size)
    common = np.fft.irfft(one * np.conj(other), size)[:count]
    power = np.concatenate([[0.0], np.cumsum(hay[:, 0].astype(np.float64) ** 2)])
    return int(np.argmin(power[len(needle) :] - power[:count] - 2.0 * common))


def same(one: Block, other: Block) -> bool:
    """Return whether all of *one* is what *other* begins with."""
    return len(other) >= len(one) and first_difference(other, one) is None


def first_difference(heard: Block, sound: Block) -> int | None:
    """Return the first frame at which *heard*, which may be longer, is not *sound*; None if there is none."""
    count = min(len(heard), len(sound))
    apart = np.flatnonzero(np.max(np.abs(heard[:count] - sound[:count]), axis=1) >= 1e-5)
    if len(apart):
        return int(apart[0])
    return None if count == len(sound) else count
