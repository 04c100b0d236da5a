"""The words that go with the sound come by themselves: the sound waits for none of them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.looking import scripted, until

CHAIR = "/session/grounding-chair"
WORDS = "**/audio/grounding-chair.vtt*"
SOUND = "**/audio/grounding-chair.mp3*"
WAITING = "The words come when they have been spoken through."

pytestmark = pytest.mark.slow


def held(page: Page, what: str) -> Callable[[], None]:
    """Keep the answers to *what* back, until what is returned is called."""
    waiting: list[Route] = []
    page.route(what, lambda route: waiting.append(route))

    def let_go() -> None:
        for route in waiting:
            route.continue_()
        page.unroute(what)

    return let_go


def without_words(visit: Visit) -> tuple[Page, Callable[[], None]]:
    """Return a session that plays after its sound has run dry once, and what brings its words."""
    page = visit("/")
    words, sound = held(page, WORDS), held(page, SOUND)
    page.goto(CHAIR)
    scripted(page).locator("#play").click()
    expect(page.locator("#status")).to_contain_text("Getting ready")
    sound()
    until(page, "audio.currentTime > 0.2")
    return page, words


def test_the_clock_goes_on_without_the_words(visit: Visit) -> None:
    """While the words are still coming, clock, bar and kept place go on with the sound."""
    page, _ = without_words(visit)
    expect(page.locator("#elapsed")).to_have_text("0:02")
    with page.expect_response("**/api/me/places/grounding-chair") as kept:
        page.locator("#seek").fill("60")
    assert '"seconds":6' in (kept.value.request.post_data or "")
    until(page, "audio.readyState === 4 && audio.currentTime > 61")
    expect(page.locator("#elapsed")).to_have_text(re.compile("1:0[1-9]"))
    expect(page.locator("#words .next")).to_have_text(WAITING)


def test_the_sleep_timer_ends_it_without_the_words(visit: Visit) -> None:
    """While the words are still coming, the sleep timer fades, stops the sound and keeps the place."""
    page, _ = without_words(visit)
    page.clock.install()
    page.get_by_role("button", name="settings").click()
    page.get_by_label("Sleep timer").select_option("5")
    page.keyboard.press("Escape")
    page.locator("#seek").fill("100")
    until(page, "audio.currentTime > 100.1")
    page.clock.fast_forward(4 * 60_000 + 45_000)
    until(page, "audio.volume < 0.6")
    page.clock.fast_forward(20_000)
    until(page, "audio.paused && audio.volume === 1")
    expect(page.locator("#status")).to_contain_text("keeps your place")


def test_words_that_come_late_are_shown(visit: Visit) -> None:
    """When they come, the line of this very moment is there, in the script's own letters."""
    page, words = without_words(visit)
    page.locator("#seek").fill("30")
    until(page, "audio.currentTime > 30.1")
    expect(page.locator("#words .now")).to_be_empty()
    words()
    expect(page.locator("#words .now")).not_to_be_empty()


def test_words_are_of_the_place_that_is_heard(visit: Visit) -> None:
    """Where the words have not come to the place yet, none of another place stand there."""
    page = visit("/")
    page.route(
        WORDS,
        lambda route: route.fulfill(
            content_type="text/vtt",
            body="WEBVTT\n\n1\n00:00:00.000 --> 00:00:09.000\nFeet &amp; hands\n\n"
            "2\n00:00:20.000 --> 00:00:23.000\nLater &lt;on\n",
        ),
    )
    page.goto(CHAIR)
    scripted(page).locator("#play").click()
    expect(page.locator("#words .now")).to_have_text("Feet & hands")
    held(page, SOUND)
    page.locator("#seek").fill("21")
    expect(page.locator("#words .past")).to_have_text("Feet & hands")
    expect(page.locator("#words .now")).to_have_text("Later <on")
    words = held(page, WORDS)
    page.get_by_role("button", name="settings").click()
    page.locator("[name=ambience]").select_option("ocean")
    expect(page.locator("#words .now")).to_be_empty()
    expect(page.locator("#words .next")).to_have_text(WAITING)
    words()
    expect(page.locator("#words .now")).not_to_be_empty()


def test_words_are_asked_for_again(visit: Visit) -> None:
    """Where they could not be had, the page asks again by itself while it plays."""
    page = visit("/", may_say="503")
    page.route(WORDS, lambda route: route.fulfill(status=503))
    page.goto(CHAIR)
    scripted(page).locator("#play").click()
    until(page, "audio.currentTime > 0.2")
    expect(page.locator("#words .next")).to_have_text(WAITING)
    page.unroute(WORDS)
    expect(page.locator("#words .now")).not_to_be_empty()
