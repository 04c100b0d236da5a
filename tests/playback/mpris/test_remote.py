"""Where there is no bus, and what would have been told."""

from __future__ import annotations

import logging
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.playback.stages import Begin
from voiceguide.audio import frames
from voiceguide.playback import Now
from voiceguide.playback.commands import Volume
from voiceguide.playback.controls.mpris import DesktopRemote
from voiceguide.playback.controls.mpris.shown import Position, Shown, frames_of, micros


@pytest.mark.parametrize("address", ["", "unix:path={tmp}/nobody", "nonsense", "unix:path={tmp}/plain"])
def test_without_a_bus_nothing_happens(
    address: str,
    begin: Begin,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No bus, none there any more, or something else in its place: the session plays, and nobody is told."""
    (tmp_path / "plain").write_text("no socket")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address.format(tmp=tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    stage = begin()
    with caplog.at_level(logging.DEBUG), closing(DesktopRemote(stage.player)) as remote:
        remote.start()
        stage.pull(1.0)
        remote._thread.join(20.0)
        assert not remote._thread.is_alive()
        stage.pull(1.0)
    stage.until(lambda: stage.player.now.status == "playing")
    assert any("no media keys" in record.message for record in caplog.records)
    assert all(record.levelno == logging.DEBUG for record in caplog.records)


def test_without_dbus_fast_nothing_happens(begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library is not installed, as on other systems than Linux, the session plays."""
    monkeypatch.setitem(sys.modules, "dbus_fast.aio", None)
    stage = begin()
    with closing(DesktopRemote(stage.player)) as remote:
        remote.start()
        stage.pull(1.0)
        remote._thread.join(20.0)
        assert not remote._thread.is_alive()
    stage.until(lambda: stage.player.now.status == "playing")


def test_closed_before_anything_was_heard(begin: Begin) -> None:
    """Who leaves at once does not wait for the bus."""
    stage = begin()
    remote = DesktopRemote(stage.player)
    remote.start()
    remote.close()
    assert not remote._thread.is_alive()


def test_nothing_is_loaded_before_the_first_sound() -> None:
    """The libraries for the bus are only loaded by the thread that uses them, once something is heard."""
    module = "voiceguide.playback.controls.mpris"
    code = f"import sys, {module}; sys.exit(bool({{'dbus_fast', 'asyncio'}} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_only_jumps_are_told() -> None:
    """While it plays, remotes count for themselves; they hear of going back, and of a seek in a pause."""
    time = [0.0]
    now = Now(status="playing", position=frames(10.0))
    place = Position(now, lambda: time[0])
    time[0] = 5.0
    assert not place.jumped(replace(now, position=frames(15.1)))
    assert place.jumped(replace(now, position=frames(3.0)))
    time[0] = 6.0
    assert not place.jumped(replace(now, position=frames(4.0)))
    paused = replace(now, status="paused", position=frames(4.0))
    assert not place.jumped(paused)
    time[0] = 60.0
    assert not place.jumped(paused)
    assert place.jumped(replace(paused, position=frames(40.0)))
    time[0] = 61.0
    assert not place.jumped(replace(now, position=frames(40.0)))


def test_coming_back_from_the_ground_is_told_once() -> None:
    """On the ground nothing is told; back in the session remotes hear where it goes on."""
    time = [0.0]
    now = Now(status="playing", position=frames(10.0))
    place = Position(now, lambda: time[0])
    for second in range(60):
        time[0] = float(second)
        assert not place.jumped(replace(now, status="grounding"))
    assert place.jumped(now)
    assert not place.jumped(now)


@pytest.mark.parametrize(
    ("status", "playback"),
    [("playing", "Playing"), ("choosing", "Playing"), ("grounding", "Playing"), ("waiting", "Playing"),
     ("paused", "Paused"), ("lost", "Paused"), ("stopping", "Playing"), ("ended", "Stopped")],
)  # fmt: skip
def test_there_are_three_states(status: str, playback: str) -> None:
    """Sound that is heard or soon is plays; all else is a pause, until it is over."""
    assert Shown.of(Now(status=status)).playback == playback  # type: ignore[arg-type]


def test_times_go_there_and_back() -> None:
    """Microseconds are exact to the frame, for a whole night."""
    for count in (0, 1, 47_999, 8 * 3600 * 48_000 + 1):
        assert abs(frames_of(micros(count)) - count) <= 1


def test_of_many_wishes_the_last_is_met(begin: Begin) -> None:
    """A slider that is dragged asks often: only its last place counts, and nothing piles up."""
    stage = begin()
    stage.pull(0.5)

    def drag(now: Now) -> None:  # on the player's thread: it obeys only afterwards
        if now.volume == 1.0:
            for percent in range(99, 39, -1):
                stage.player.do(Volume(percent / 100, answered=False))

    stage.player.watch(drag)
    stage.player.do("stay")
    stage.pull_until(lambda now: now.volume == 0.4)
    assert {now.volume for now in stage.news} == {1.0, 0.4}
