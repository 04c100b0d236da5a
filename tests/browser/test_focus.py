"""What lock screen and headset do, when there is more than one sound on a page."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.looking import audio, scripted, until

CHAIR = "/session/grounding-chair"
SOUND = "**/audio/grounding-chair.mp3*"

ACTS = """(() => {
    window.acts = {};
    const kept = MediaSession.prototype.setActionHandler;
    MediaSession.prototype.setActionHandler = function (act, handler) {
        window.acts[act] = handler;
        return kept.call(this, act, handler);
    };
})()"""
"""Notes what the page does for lock screen and headset, which a test has to press for itself."""

pytestmark = pytest.mark.slow


def opened(visit: Visit, path: str) -> Page:
    page = visit("/")
    page.add_init_script(ACTS)
    page.goto(path)
    return scripted(page)


def shown(page: Page) -> Any:
    """Return what the lock screen shows: title, and whether it plays."""
    return page.evaluate(
        "() => [navigator.mediaSession.metadata?.title, navigator.mediaSession.playbackState]"
    )


def test_lock_screen_and_headset_work(visit: Visit) -> None:
    """The system is told title, picture and place, and what it asks for is done."""
    page = opened(visit, CHAIR)
    told = page.evaluate(
        "() => (({ title, artwork }) => [title, artwork[0].src])(navigator.mediaSession.metadata)"
    )
    assert told[0] == "Held up by a chair"
    assert page.request.get(told[1]).headers["content-type"] == "image/jpeg"
    page.get_by_role("button", name="Play").click()
    until(page, "audio.currentTime > 0.2")
    assert shown(page) == ["Held up by a chair", "playing"]
    page.evaluate("() => acts.pause()")
    until(page, "audio.paused")
    page.evaluate("() => acts.seekto({ seekTime: 60 })")
    until(page, "Math.abs(audio.currentTime - 60) < 1")
    page.evaluate("() => acts.nexttrack()")
    until(page, "Math.abs(audio.currentTime - 75) < 1")
    page.evaluate("() => acts.seekbackward()")
    until(page, "Math.abs(audio.currentTime - 60) < 1")
    page.evaluate("() => acts.play()")
    until(page, "!audio.paused")


def test_they_act_on_the_ground_while_it_sounds(visit: Visit) -> None:
    """From a session, what they pause and play is the way back to the ground; the session stays silent."""
    page = opened(visit, CHAIR)
    page.locator("#play").click()
    page.locator("#seek").fill("50")
    until(page, "audio.currentTime > 50.1")
    page.keyboard.press("g")
    until(page, "audio.paused && ground.currentTime > 0.1")
    place = audio(page, "currentTime")
    assert shown(page) == ["Ground now", "playing"]
    page.evaluate("() => acts.pause()")
    until(page, "ground.paused")
    assert shown(page) == ["Ground now", "paused"]
    page.evaluate("() => acts.play()")
    until(page, "!ground.paused")
    assert audio(page, "paused")
    assert audio(page, "currentTime") == place
    assert page.evaluate("() => ['seekto', 'nexttrack', 'previoustrack'].every((act) => !acts[act])")


def test_a_session_that_is_reached_again_leaves_the_ground_alone(visit: Visit) -> None:
    """What could not be reached when the ground was asked for waits for the way back, and goes on there."""
    page = visit("/", may_say="Failed to load resource")
    page.route(SOUND, lambda route: route.abort())
    page.goto(CHAIR)
    scripted(page).locator("#play").click()
    expect(page.locator("#status")).to_contain_text("can’t be reached")
    page.keyboard.press("g")
    until(page, "ground.currentTime > 0.1")
    page.unroute(SOUND)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    until(page, "audio.readyState > 0")
    place = audio(page, "currentTime")
    before = page.evaluate("() => document.getElementById('ground-audio').currentTime")
    until(page, f"ground.currentTime > {before + 0.5}")
    assert audio(page, "paused")
    page.locator("#ground-back").click()
    until(page, f"audio.currentTime > {place} + 0.1 && ground.paused")


@pytest.mark.parametrize("way", ["back", "close"])
def test_they_act_on_the_session_again_after_it(visit: Visit, way: str) -> None:
    """Back in the session, or beside it, they act on that and on nothing else."""
    page = opened(visit, CHAIR)
    page.locator("#play").click()
    until(page, "audio.currentTime > 0.1")
    page.keyboard.press("g")
    until(page, "audio.paused && ground.currentTime > 0.1")
    page.get_by_role("dialog").get_by_role("button", name="Back to" if way == "back" else "Close").click()
    until(page, "ground.paused && navigator.mediaSession.metadata.title === 'Held up by a chair'")
    assert audio(page, "paused") == (way == "close")
    page.evaluate("() => acts.play()")
    until(page, "!audio.paused && ground.paused")
    page.evaluate("() => acts.pause()")
    until(page, "audio.paused && ground.paused")


def test_they_reach_the_ground_where_there_is_no_session(visit: Visit) -> None:
    """In the library the way back has the lock screen for itself, and leaves nothing there."""
    page = opened(visit, "/")
    page.keyboard.press("g")
    until(page, "ground.currentTime > 0.1")
    page.evaluate("() => acts.pause()")
    until(page, "ground.paused")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    until(page, "!navigator.mediaSession.metadata && !acts.play")


def test_one_sound_at_a_time(visit: Visit) -> None:
    """Whatever starts a sound, all others stop for it."""
    page = opened(visit, CHAIR)
    page.locator("#play").click()
    until(page, "audio.currentTime > 0.1")
    page.keyboard.press("g")
    until(page, "audio.paused && ground.currentTime > 0.1")
    page.evaluate("() => void document.getElementById('audio').play()")
    until(page, "ground.paused && !audio.paused")
