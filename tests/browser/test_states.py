from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visit
from tests.browser.looking import scripted, until

CHAIR = "/session/grounding-chair"
SOUND = "**/audio/grounding-chair.mp3*"
STATE = "**/api/state/*"

pytestmark = pytest.mark.slow


def test_getting_ready_says_how_far(visit: Visit) -> None:
    """While the first sound is being made, the page says so, with progress, and plays when it comes."""
    page = visit("/")
    held: list[Route] = []
    page.route(SOUND, lambda route: held.append(route))
    page.route(
        STATE, lambda route: route.fulfill(json={"progress": 0.4, "stood_in": False, "voice": "hum/low"})
    )
    page.goto(CHAIR)
    scripted(page).locator("#play").click()
    expect(page.locator("#status")).to_have_text("Getting ready 40 % …")
    for route in held:
        route.continue_()
    page.unroute(SOUND)
    until(page, "audio.currentTime > 0.1")
    expect(page.locator("#status")).to_be_empty()


def test_too_busy_tries_again(visit: Visit) -> None:
    """A full house is said in words, and the page tries again by itself."""
    page = visit("/", may_say="503")
    page.route(SOUND, lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}))
    page.goto(CHAIR)
    scripted(page).locator("#play").click()
    expect(page.locator("#status")).to_have_text("Too many are listening just now. It tries again in 1 s.")
    page.unroute(SOUND)
    until(page, "audio.currentTime > 0.1")


def test_offline_is_said_and_passes(visit: Visit) -> None:
    """Without a connection the page says so, and goes on when it is back."""
    page = visit("/", may_say="Failed to load resource")
    page.route(SOUND, lambda route: route.abort())
    page.goto(CHAIR)
    scripted(page).locator("#play").click()
    expect(page.locator("#status")).to_contain_text("can’t be reached")
    page.context.set_offline(True)
    expect(page.locator("#status")).to_contain_text("You’re offline")
    page.get_by_role("button", name="settings").click()
    page.locator("[name=ambience]").select_option("ocean")
    expect(page.locator("#status")).to_have_text("That needs a connection.")
    page.unroute(SOUND)
    page.context.set_offline(False)
    until(page, "!audio.paused && audio.currentTime > 0.1")


def test_another_voice_is_named(visit: Visit) -> None:
    """Where another voice had to take over, the page says which."""
    page = visit("/")
    page.route(STATE, lambda route: route.fulfill(json={"progress": 1, "stood_in": True, "voice": "hum/low"}))
    page.goto(CHAIR)
    scripted(page).locator("#play").click()
    expect(page.locator("#status")).to_have_text("The voice asked for isn’t here; hum/low speaks instead.")


def test_a_refused_setting_changes_nothing(visit: Visit) -> None:
    """A setting the server refuses is answered with its sentence; what plays goes on playing."""
    page = scripted(visit(CHAIR, may_say="400"))
    page.locator("#play").click()
    until(page, "audio.currentTime > 0.1")
    before = page.url
    page.get_by_role("button", name="settings").click()
    page.get_by_label("A name to be called by").evaluate("(field) => { field.maxLength = 200 }")
    page.get_by_label("A name to be called by").fill("x" * 100)
    page.keyboard.press("Tab")
    expect(page.locator("#status")).to_contain_text("name")
    assert page.url == before
    until(page, "!audio.paused")
