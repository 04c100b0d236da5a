"""A real `playerctl` on a private bus, and a real player on a card that asks when it is told to."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from tests.playback.mpris.conftest import INSTANCE, SHORT, Bus, Ctl, tool
from tests.playback.stages import Begin, Stage
from tests.waiting import until
from voiceguide.audio import RATE
from voiceguide.playback import Now
from voiceguide.playback.controls.mpris import DesktopRemote
from voiceguide.playback.controls.mpris.shown import Shown

pytestmark = pytest.mark.slow


@contextmanager
def said_by(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a program that goes on telling, with its output to read, line by line."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        try:
            yield running
        finally:
            running.terminate()


def line_with(running: subprocess.Popen[str], text: str) -> str:
    """Return the next line that *running* says with *text* in it."""
    assert running.stdout is not None
    return next(line.strip() for line in running.stdout if text in line)


def pull_until(stage: Stage, true: Callable[[Now], bool]) -> None:
    """Have the card ask until it is *true*: `playerctl` may be gone before its wish arrives."""
    for _ in range(100):
        if true(stage.player.now):
            return
        stage.pull(0.1)
    raise AssertionError(f"it never became so; {stage.player.now}")


def test_what_is_seen(shown: Stage, ctl: Ctl) -> None:
    """The title, the length, a track's name and the place are there for every desktop."""
    assert ctl("metadata", "xesam:title") == "Back to the chair"
    assert ctl("metadata", "mpris:length") == "90000000"
    assert ctl("metadata", "mpris:trackid").strip("'").startswith("/voiceguide/")
    assert float(ctl("position")) == pytest.approx(shown.player.now.position / RATE, abs=0.5)
    assert ctl("--list-all") == SHORT


def test_pause_and_go_on(shown: Stage, ctl: Ctl) -> None:
    """Pausing, going on, and the one button for both do as the space bar does."""
    for button, status in (("pause", "Paused"), ("play", "Playing"), ("play-pause", "Paused")):
        ctl(button)
        pull_until(shown, lambda now: Shown.of(now).playback == status)  # noqa: B023
        assert ctl("status") == status


def test_next_and_previous_are_chapters(shown: Stage, ctl: Ctl) -> None:
    """Next goes to the next chapter, which is then shown as the album; previous goes back to before it."""
    ctl("next")
    pull_until(shown, lambda now: now.chapter == "The chair")
    assert ctl("metadata", "xesam:album") == "The chair"
    ctl("previous")
    pull_until(shown, lambda now: now.chapter == "")


def test_volume_is_read_and_set(shown: Stage, ctl: Ctl) -> None:
    """The volume is the player's, in both directions, and never beyond its bounds."""
    for volume, expected in (("0.4", 0.4), ("7", 1.0), ("0.05-", 0.95)):
        ctl("volume", volume)
        pull_until(shown, lambda now: now.volume == pytest.approx(expected))  # noqa: B023
    shown.player.do("softer")
    pull_until(shown, lambda now: now.volume == pytest.approx(0.85))
    assert float(ctl("volume")) == pytest.approx(0.85)


def test_seeking_by_and_to(shown: Stage, ctl: Ctl) -> None:
    """Seeking goes on or back by so much, or to a place; before the start is the start, and it is told."""
    seeked = "type='signal',interface='org.mpris.MediaPlayer2.Player',member='Seeked'"
    with said_by(tool("dbus-monitor"), "--session", seeked) as heard:
        line_with(heard, "NameAcquired")
        for words, place in (("30", 30.0), ("10+", 40.0), ("300-", 0.0)):
            ctl("position", words)
            pull_until(shown, lambda now: -1.0 < now.position / RATE - place < 3.0)  # noqa: B023
            told = int(line_with(heard, "int64").removeprefix("int64 "))
            assert told / 1e6 == pytest.approx(shown.player.now.position / RATE, abs=1.0)


def test_what_changes_is_told(shown: Stage, ctl: Ctl) -> None:
    """Who watches hears of a pause that came from the keyboard, and of the end."""
    with said_by(tool("playerctl"), "--player", SHORT, "--follow", "status") as heard:
        line_with(heard, "Playing")
        shown.player.do("pause")
        shown.pull(0.3)
        line_with(heard, "Paused")
        shown.player.do("toggle")
        shown.pull(0.3)
        line_with(heard, "Playing")
        shown.player.do("stop")
        while not shown.player.wait(0.0):
            shown.pull(0.2)
        line_with(heard, "Stopped")


def test_stop_fades(shown: Stage, ctl: Ctl) -> None:
    """Stopping takes a second and a half to go quiet, as `Q` does."""
    ctl("stop")
    shown.until(lambda: shown.player.now.status == "stopping")
    heard = len(shown.heard)
    while not shown.player.wait(0.0):
        shown.pull(0.1)
    assert 1.3 < (len(shown.heard) - heard) * 0.1 < 2.1
    assert shown.player.failure is None


def test_two_players_have_two_names(shown: Stage, begin: Begin, ctl: Ctl) -> None:
    """A second player takes a name with its process in it, and buttons reach the one that is meant."""
    second = begin()
    with closing(DesktopRemote(second.player)) as remote:
        remote.start()
        second.pull(1.0)
        until(lambda: INSTANCE in ctl("--list-all").splitlines())
        ctl("pause", player=INSTANCE)
        pull_until(second, lambda now: now.status == "paused")
        assert ctl("status", player=INSTANCE) == "Paused"
        assert shown.player.now.status == "playing"
    until(lambda: ctl("--list-all") == SHORT)


def test_a_bus_that_goes_away_does_no_harm(shown: Stage, bus: Bus) -> None:
    """When the bus ends in the middle, the session plays on as if there had been none."""
    bus.terminate()
    bus.wait(10)
    shown.player.do("pause")
    shown.pull(0.5)
    shown.player.do("play")
    shown.pull(2.0)
    shown.until(lambda: shown.player.now.status == "playing")
    assert shown.player.failure is None


def test_what_it_cannot_do_is_refused(shown: Stage, ctl: Ctl) -> None:
    """It opens no addresses, and a volume that is no number changes nothing."""
    assert "opens sessions from its own commands only" in ctl("open", "file:///tmp/other.mp3")
    call = (
        tool("dbus-send"), "--session", "--print-reply", f"--dest=org.mpris.MediaPlayer2.{SHORT}",
        "/org/mpris/MediaPlayer2", "org.freedesktop.DBus.Properties.Set",
        "string:org.mpris.MediaPlayer2.Player", "string:Volume", "variant:double:nan",
    )  # fmt: skip
    done = subprocess.run(call, capture_output=True, text=True, timeout=20, check=False)
    assert "a volume is from 0 to 1" in done.stderr
    assert shown.player.now.volume == 1.0
