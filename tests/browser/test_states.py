from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Visit
from tests.browser.looking import scripted, until
from tests.site import served
from voiceguide.server.web import create_app, state_of
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine

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
    expect(page.locator("#refused")).to_have_text("That needs a connection.")
    expect(page.locator("#refused")).to_be_in_viewport(ratio=1)
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
    """A setting the server refuses is answered beside it, in a sentence; what plays goes on playing."""
    page = scripted(visit(CHAIR, may_say="400"))
    page.locator("#play").click()
    until(page, "audio.currentTime > 0.1")
    before = page.url
    page.get_by_role("button", name="settings").click()
    page.get_by_label("A name to be called by").evaluate("(field) => { field.maxLength = 200 }")
    page.get_by_label("A name to be called by").fill("x" * 100)
    page.keyboard.press("Tab")
    expect(page.locator("#refused")).to_contain_text("is too long")
    expect(page.locator("#refused")).to_be_in_viewport(ratio=1)
    field = page.get_by_label("A name to be called by")
    expect(field).to_have_attribute("aria-invalid", "true")
    assert page.url == before
    until(page, "!audio.paused")
    field.fill("Sam")
    page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile("name=Sam"))
    expect(page.locator("#refused")).to_be_empty()
    assert field.get_attribute("aria-invalid") is None


def test_what_passed_is_not_said_any_more(visit: Visit) -> None:
    """Once the sound can be had again, or is not wanted, nothing says that the player can't be reached."""
    page = visit("/", may_say="Failed to load resource")
    page.route(SOUND, lambda route: route.abort())
    page.goto(CHAIR)
    scripted(page)
    expect(page.locator("#status")).to_contain_text("can’t be reached")
    page.unroute(SOUND)
    expect(page.locator("#status")).to_be_empty()
    assert page.evaluate("() => document.getElementById('audio').paused")
    held: list[Route] = []
    page.route(SOUND, lambda route: held.append(route))
    page.route(STATE, lambda route: route.abort())
    page.locator("#seek").fill("100")
    page.locator("#play").click()
    expect(page.locator("#status")).to_contain_text("can’t be reached")
    page.locator("#play").click()
    expect(page.locator("#status")).to_be_empty()


def test_a_download_says_how_far_it_is(visit: Visit) -> None:
    """While a file is made the panel says so, then that it is there, or why not."""
    page = scripted(visit(CHAIR, accept_downloads=True))
    states = iter(
        [
            {"state": "making", "progress": 0.4, "error": ""},
            {"state": "ready", "progress": 1, "error": ""},
            {"state": "failed", "progress": 0, "error": "the disk is full"},
        ]
    )
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url.partition("/api/state/")[2])
        route.fulfill(json=next(states))

    page.route(STATE, answer)
    page.get_by_role("button", name="download").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Opus").click()
        expect(page.locator("#made")).to_have_text("Being made: Opus, 40 % …")
        expect(page.locator("#made")).to_have_text("Opus is made; your browser saves it.")
    assert download.value.suggested_filename.endswith(".opus")
    assert asked == ["grounding-chair.opus?download=1"] * 2
    with page.expect_download():
        page.get_by_role("link", name="FLAC").click()
        expect(page.locator("#made")).to_have_text("It could not be made: the disk is full.")


def test_the_page_that_asks_for_the_token_takes_it(browser: Browser, tmp_path: Path) -> None:
    """Who comes without a token can write it there, and then sees what was asked for, with its wishes."""
    with Studio(store=MemoryStore(), jobs=1, engines=(HumEngine(),)) as studio:
        app = create_app(studio, folder=tmp_path, token="apple-tree")
        with (
            served(app, state_of(app).close) as server,
            closing(browser.new_context(base_url=f"http://127.0.0.1:{server.port}")) as context,
        ):
            page = context.new_page()
            page.goto(f"{CHAIR}?length=4m")
            field = page.get_by_label("The token of this server")
            field.fill("pear-tree")
            field.press("Enter")
            expect(page.locator("#message")).to_contain_text("no token of this server")
            field.fill("apple-tree")
            page.get_by_role("button", name="Come in").click()
            expect(page.get_by_role("heading", name="Held up by a chair")).to_be_visible()
            assert page.url.endswith(f"{CHAIR}?length=4m")
