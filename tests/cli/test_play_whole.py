"""`voiceguide play` as a person has it: a terminal, a sound server, a desktop's buttons."""

from __future__ import annotations

import ctypes.util
import fcntl
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.waiting import until
from voiceguide.audio import frames
from voiceguide.listeners import NAMELESS, Bookmark, ListenerFolder

pytestmark = pytest.mark.slow

_TOOLS = ("pulseaudio", "dbus-daemon", "playerctl")


@contextmanager
def running(*words: str, **options: object) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(words, text=True, stderr=subprocess.DEVNULL, **options) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.terminate()


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A sound server whose sink nobody hears, and a session bus; as the environment of a program."""
    missing = [name for name in _TOOLS if shutil.which(name) is None]
    if ctypes.util.find_library("portaudio") is None:
        missing.append("libportaudio2")
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    home = {**os.environ, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "TERM": "xterm"}
    sound = tmp_path / "sound"
    pulse = (
        "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm",
        "-L", "module-null-sink", "-L", f"module-native-protocol-unix auth-anonymous=1 socket={sound}",
    )  # fmt: skip
    bus = ("dbus-daemon", "--session", "--nofork", "--print-address", f"--address=unix:dir={tmp_path}")
    with running(*pulse, env=home), running(*bus, stdout=subprocess.PIPE) as daemon:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        until(sound.exists)
        yield {**home, "PULSE_SERVER": f"unix:{sound}", "DBUS_SESSION_BUS_ADDRESS": address}


class Screen:
    """A person's terminal with `voiceguide play` in it."""

    def __init__(self, environment: dict[str, str], *words: str) -> None:
        self._far, near = pty.openpty()
        fcntl.ioctl(near, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 110, 0, 0))
        self._environment = environment
        self._seen = bytearray()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voiceguide", "play", *words],
            stdin=near, stdout=near, stderr=near, env=environment,
        )  # fmt: skip
        os.close(near)
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            try:
                seen = os.read(self._far, 65536)
            except OSError:  # the program has ended
                return
            self._seen += seen

    @property
    def text(self) -> str:
        """All that was ever shown, without its colours and places."""
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", " ", self._seen.decode(errors="replace"))

    def press(self, key: str) -> None:
        os.write(self._far, key.encode())

    def ctl(self, *words: str) -> str:
        command = ("playerctl", "--player", "voiceguide", *words)
        done = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=20, check=False
        )
        return done.stdout.strip()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)
        os.close(self._far)


@pytest.fixture
def screen(desktop: dict[str, str]) -> Iterator[Screen]:
    made = Screen(desktop, "ground-now", "--voice", "hum")
    yield made
    made.close()


def test_keys_and_buttons_on_a_real_terminal(screen: Screen) -> None:
    """The words are on the screen; the space bar and the desktop's button are one; `Q` ends it gently."""
    until(lambda: "Ground now" in screen.text)
    until(lambda: "You can stop any time." in screen.text)
    until(lambda: screen.ctl("status") == "Playing")
    assert screen.ctl("metadata", "xesam:title") == "Ground now"
    screen.press(" ")
    until(lambda: screen.ctl("status") == "Paused")
    until(lambda: "paused" in screen.text)
    screen.ctl("play")
    until(lambda: screen.ctl("status") == "Playing")
    first = float(screen.ctl("position"))
    until(lambda: float(screen.ctl("position")) > first + 1.0)
    screen.press("\x1b[B")
    until(lambda: screen.ctl("volume").startswith("0.9"))
    screen.press("Q")
    assert screen.process.wait(20) == 0
    until(lambda: "Take your time." in screen.text)
    assert "Traceback" not in screen.text
    assert screen.ctl("status") == ""


def test_the_desktop_ends_it_gently(screen: Screen) -> None:
    """Stopping from the desktop is the end of the program too, with nothing to complain of."""
    until(lambda: screen.ctl("status") == "Playing")
    screen.ctl("stop")
    assert screen.process.wait(20) == 0
    until(lambda: "Take your time." in screen.text)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_the_end_of_the_terminal_keeps_the_place(
    desktop: dict[str, str], tmp_path: Path, told: signal.Signals
) -> None:
    """A program that is told to end, or whose window is closed, fades out and knows where it was."""
    screen = Screen(
        {**desktop, "VOICEGUIDE_DATA": str(tmp_path)}, "ground-now", "--voice", "hum", "--start", "0:40"
    )
    try:
        until(lambda: screen.ctl("status") == "Playing")
        screen.process.send_signal(told)
        assert screen.process.wait(20) == 0
        until(lambda: "Take your time." in screen.text)
        with closing(ListenerFolder(tmp_path / "listeners")) as stores:
            kept = stores.of(NAMELESS).everything()
        assert [type(each.record) for each in kept] == [Bookmark]
    finally:
        screen.close()


def test_who_is_killed_loses_half_a_minute(desktop: dict[str, str], tmp_path: Path) -> None:
    """A program that is killed knows where it was a moment ago, and `--resume` goes on there."""
    home = {**desktop, "VOICEGUIDE_DATA": str(tmp_path / "data")}
    words = ("body-scan", "--voice", "hum", "--length", "6m")

    def kept() -> list[Bookmark]:
        with closing(ListenerFolder(tmp_path / "data" / "listeners")) as stores:
            return [each.record for each in stores.of(NAMELESS).all(Bookmark)]

    with closing(Screen(home, *words, "--start", "1:00")) as screen:
        until(lambda: screen.ctl("status") == "Playing")
        until(lambda: kept() != [])
        screen.process.kill()
        screen.process.wait(20)
    (left,) = kept()
    with closing(Screen(home, "body-scan", "--voice", "hum", "--length", "8m", "--resume")) as again:
        until(lambda: again.ctl("status") == "Playing")
        until(lambda: float(again.ctl("position") or 0) > 60.0)
        again.press("Q")
        assert again.process.wait(20) == 0
        assert "begins at its start" not in again.text
    (later,) = kept()
    assert later.place.frame > frames(60.0)
    assert later.wishes.length != left.wishes.length


def test_a_private_session_leaves_nothing(desktop: dict[str, str], tmp_path: Path) -> None:
    """Of what is played with `--private` no file says anything: there is no place, no history, no clip."""
    home = {**desktop, "VOICEGUIDE_DATA": str(tmp_path / "data"), "VOICEGUIDE_CACHE": str(tmp_path / "cache")}
    with closing(Screen(home, "ground-now", "--voice", "hum", "--private")) as screen:
        until(lambda: screen.ctl("status") == "Playing")
        until(lambda: float(screen.ctl("position") or 0) > 12.0)
        screen.press("Q")
        assert screen.process.wait(20) == 0
        until(lambda: "Take your time." in screen.text)
    assert not (tmp_path / "data").exists()
    # Which voices are installed here is kept; it is the same whatever is played.
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["engines"]
