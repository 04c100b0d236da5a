"""Media keys and headset buttons on the speaker, through a real bus and `playerctl`."""

from __future__ import annotations

import pytest

from tests.playback.mpris.conftest import Ctl, bus, ctl
from tests.speaker.conftest import House, MakeHouse
from voiceguide.playback.controls.mpris import DesktopRemote

__all__ = ["bus", "ctl"]  # fixtures


@pytest.fixture
def house(house_of: MakeHouse, ctl: Ctl) -> House:
    """A speaker on a bus: a session is heard, and another is queued."""
    made = house_of(show=DesktopRemote)
    made.speaker.play(made.item("chair"))
    made.until_playing("chair")
    made.speaker.add(made.item("days"))
    made.until(lambda: ctl("status") == "Playing")
    return made


def test_a_button_pauses_and_goes_on(house: House, ctl: Ctl) -> None:
    """The one button of a headset pauses what the speaker plays, and has it go on."""
    ctl("play-pause")
    house.until(lambda: house.status == "paused")
    ctl("play-pause")
    house.until(lambda: house.status == "playing")
    ctl("volume", "0.4")
    house.until(lambda: house.speaker.state.volume == 0.4)


def test_stop_is_silence(house: House, ctl: Ctl) -> None:
    """A stop is one of the speaker: it fades out, what is queued waits, and the desktop sees nothing more."""
    ctl("stop")
    house.until(lambda: house.status == "idle")
    assert [item.script for item in house.speaker.state.queue] == ["days"]
    house.until(lambda: "No players" in ctl("status"))
    assert not house.speaker.busy


def test_each_session_is_seen(house: House, ctl: Ctl) -> None:
    """When the next session begins, its title is what the desktop shows, and the buttons are its own."""
    before = ctl("metadata", "xesam:title")
    house.speaker.skip()
    house.until_playing("days")
    house.until(lambda: ctl("status") == "Playing" and ctl("metadata", "xesam:title") != before)
    ctl("pause")
    house.until(lambda: house.status == "paused")
