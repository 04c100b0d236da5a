"""The button for the speaker of this computer, in a real browser: a form, with JavaScript or without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.looking import scripted
from tests.server.web.test_local_speaker import speaker
from tests.speaker.conftest import House, house, house_of
from voiceguide.server import remote

__all__ = ["house", "house_of", "speaker"]  # fixtures

pytestmark = pytest.mark.slow


@pytest.fixture
def running(speaker: remote.SpeakerClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The speaker is where the page looks for it."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    remote.leave(speaker)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("script", [True, False])
def test_a_press_plays_and_another_stops(visit: Visit, house: House, script: bool) -> None:
    """The browser sends the form as its own page's, the speaker plays, and the page shows it, with a stop."""
    page = visit("/session/ground-now?ambience=none", java_script_enabled=script)
    page.get_by_role("button", name="Play on this speaker").click()
    expect(page.get_by_text("On the speaker: Ground now")).to_be_visible()
    assert page.url.endswith("/session/ground-now?ambience=none")
    house.until_playing("ground-now")
    page.get_by_role("button", name="Stop the speaker").click()
    house.until(lambda: house.status == "idle")


@pytest.mark.usefixtures("running")
def test_it_plays_what_the_settings_say(visit: Visit, house: House) -> None:
    """A wish that is changed on the page goes with the button."""
    page = scripted(visit("/session/ground-now"))
    page.get_by_role("button", name="settings").click()
    page.locator("[name=ambience]").select_option("none")
    expect(page).to_have_url(re.compile("ambience=none$"))
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Play on this speaker").click()
    house.until_playing("ground-now")
    assert house.speaker.state.playing is not None
    assert house.speaker.state.playing.asked.query == "ambience=none"


def test_without_a_speaker_there_is_no_button(visit: Visit) -> None:
    """Most people have none, and their page says nothing of it."""
    page = scripted(visit("/session/ground-now"))
    expect(page.get_by_role("button", name="Play on this speaker")).to_have_count(0)
