from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.looking import audio, scripted, until

CHAIR = "/session/grounding-chair"

pytestmark = pytest.mark.slow


def test_it_plays(visit: Visit) -> None:
    """The button starts the sound, the words appear, and the button pauses it."""
    page = scripted(visit(CHAIR))
    page.get_by_role("button", name="Play").click()
    until(page, "audio.currentTime > 0.2")
    expect(page.locator("#words .now")).not_to_be_empty()
    expect(page.get_by_text("You can stop at any moment")).to_be_hidden()
    page.get_by_role("button", name="Pause").click()
    assert audio(page, "paused")


def test_length_is_known_before_it_plays(visit: Visit) -> None:
    """The page shows the whole length, and the recording is as long."""
    page = scripted(visit(f"{CHAIR}?length=4m"))
    expect(page.locator("#left")).to_have_text("−4:00")
    until(page, "Math.abs(audio.duration - 240) < 0.05")


def test_it_seeks(visit: Visit) -> None:
    """Arrow keys, buttons, the bar and the chapters lead to another place, which is then heard."""
    page = scripted(visit(CHAIR))
    page.locator("#forward").click()
    page.keyboard.press("ArrowRight")
    until(page, "Math.round(audio.currentTime) === 30")
    page.keyboard.press("ArrowLeft")
    until(page, "Math.round(audio.currentTime) === 15")
    page.locator("#seek").fill("120")
    until(page, "Math.round(audio.currentTime) === 120")
    page.get_by_role("button", name="chapters").click()
    page.get_by_role("link", name="Seat and back").click()
    until(page, "!audio.paused && audio.currentTime > 50 && audio.currentTime < 80")
    expect(page.locator("#chapter")).to_have_text("Seat and back")


def test_a_new_visit_goes_on_a_little_before(visit: Visit) -> None:
    """Who comes back is where they left off, or at the line before, and can have the beginning instead."""
    page = scripted(visit(CHAIR))
    page.locator("#play").click()
    until(page, "!audio.paused")
    with page.expect_response("**/api/me/places/grounding-chair"):
        page.locator("#seek").fill("60")
    page.reload()
    scripted(page)
    until(page, "audio.currentTime > 40 && audio.currentTime < 60")
    page.get_by_role("button", name="From the start").click()
    until(page, "audio.currentTime === 0")


def test_settings_keep_the_place(visit: Visit) -> None:
    """Another sound keeps the second, another length the chapter, and both go on playing."""
    page = scripted(visit(CHAIR))
    page.locator("#play").click()
    page.locator("#seek").fill("90")
    until(page, "audio.currentTime > 90.1")
    chapter = page.locator("#chapter").inner_text()
    page.get_by_role("button", name="settings").click()
    page.locator("[name=ambience]").select_option("ocean")
    until(page, "audio.src.includes('ambience=ocean') && !audio.paused && audio.currentTime > 90.2")
    assert audio(page, "currentTime") < 100
    page.get_by_label("Length").fill("480")
    until(page, "audio.src.includes('length=8m') && !audio.paused && Math.abs(audio.duration - 480) < 0.05")
    expect(page.locator("#chapter")).to_have_text(chapter)
    assert "length=8m" in page.url.replace("480s", "8m")
    expect(page.locator("#facts")).to_contain_text("8")


@pytest.mark.parametrize("query", ["length=7m13s", "level=0", "level=-55.5", "loudness=podcast", "voice=hum"])
def test_settings_keep_what_is_not_touched(visit: Visit, query: str) -> None:
    """One setting changes one wish: the others stay as the address has them, to the second and the dB."""
    page = scripted(visit(f"{CHAIR}?{query}"))
    page.get_by_role("button", name="settings").click()
    page.get_by_label("A name to be called by").fill("Sam")
    page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile("name=Sam"))
    assert sorted(page.url.partition("?")[2].split("&")) == sorted([query, "name=Sam"])
    page.get_by_label("A name to be called by").fill("")
    page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile(f"{CHAIR}[?]{re.escape(query)}$"))


def test_a_setting_can_be_taken_back(visit: Visit) -> None:
    """Where a slider is put back where the script has it, the address says nothing of it any more."""
    page = scripted(visit(f"{CHAIR}?length=7m13s&level=-3"))
    page.get_by_role("button", name="settings").click()
    usual = page.locator("#length").get_attribute("data-usual") or ""
    page.locator("#length").fill(usual)
    expect(page).to_have_url(re.compile(r"[?]level=-3$"))
    page.locator("#level").fill("-10")
    expect(page).to_have_url(re.compile(r"[?]level=-10$"))


def test_the_end_is_quiet(visit: Visit) -> None:
    """At the end the page says to take one's time, shows where to turn, and starts nothing."""
    page = scripted(visit(CHAIR))
    page.locator("#play").click()
    until(page, "audio.currentTime > 0.1")
    page.evaluate(
        "() => { const audio = document.getElementById('audio'); audio.currentTime = audio.duration - 1 }"
    )
    expect(page.get_by_role("heading", name="Take your time.")).to_be_focused()
    expect(page.get_by_role("heading", name="If you would like to talk to someone")).to_be_visible()
    assert audio(page, "paused")
    page.reload()
    scripted(page)
    assert audio(page, "currentTime") == 0


def test_the_sleep_timer_fades_and_remembers(visit: Visit) -> None:
    """When the time is up the sound is gone, the place is kept, and the timer is set the next time too."""
    page = scripted(visit("/session/wind-down"))
    page.clock.install()
    page.get_by_role("button", name="settings").click()
    page.get_by_label("Sleep timer").select_option("5")
    page.keyboard.press("Escape")
    page.locator("#play").click()
    page.locator("#seek").fill("100")
    until(page, "audio.currentTime > 100.1")
    page.clock.fast_forward(4 * 60_000 + 45_000)
    until(page, "audio.volume < 0.6")
    page.clock.fast_forward(20_000)
    until(page, "audio.paused && audio.volume === 1")
    expect(page.locator("#status")).to_contain_text("keeps your place")
    until(page, "!localStorage.outbox")
    page.reload()
    scripted(page)
    assert page.locator("#sleep").input_value() == "5"
    until(page, "audio.currentTime > 20 && audio.currentTime < 80")


def test_a_press_in_the_sleep_fade_goes_on_with_the_timer_anew(visit: Visit) -> None:
    """Who presses pause while it fades is awake: the sound is back, and fades as long after as before."""
    page = scripted(visit("/session/wind-down"))
    page.clock.install()
    page.get_by_role("button", name="settings").click()
    page.get_by_label("Sleep timer").select_option("5")
    page.keyboard.press("Escape")
    page.locator("#play").click()
    until(page, "audio.currentTime > 0.1")
    for _ in range(2):
        page.clock.fast_forward(4 * 60_000 + 45_000)
        until(page, "audio.volume < 0.6")
        page.keyboard.press("Space")
        until(page, "audio.volume === 1 && !audio.paused")
    page.keyboard.press("Space")
    until(page, "audio.paused")


def test_keys_alone(visit: Visit) -> None:
    """Space plays, m silences, ? shows the keys; every control can be reached and is seen to be."""
    page = scripted(visit(CHAIR))
    page.keyboard.press("Space")
    until(page, "audio.currentTime > 0.1")
    page.keyboard.press("m")
    assert audio(page, "muted")
    page.keyboard.press("m")
    assert not audio(page, "muted")
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("region", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name="Keys")).to_be_hidden()
    page.keyboard.press("Space")
    until(page, "audio.paused")
    reached = set()
    page.evaluate("() => document.getElementById('main').focus()")
    for _ in range(11):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate("() => document.activeElement.id || document.activeElement.textContent.trim()")
        )
        assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle !== 'none'")
    assert {"back", "play", "forward", "seek", "show-words", "chapters", "settings", "download"} <= reached


@pytest.mark.parametrize("path", ["/", CHAIR, "/read/grounding-chair"])
def test_ground_me_is_there_within_a_second(visit: Visit, path: str) -> None:
    """On every page the key g plays the way back to the ground within one second, and Escape ends it."""
    page = scripted(visit(path))
    until(page, "ground.readyState === 4")
    took = page.evaluate(
        """() => new Promise((done) => {
            const since = performance.now();
            document.getElementById("ground-audio").onplaying = () => done(performance.now() - since);
            document.getElementById("ground-me").click();
        })"""
    )
    assert took < 1000
    expect(page.get_by_role("dialog", name="Ground now")).to_be_visible()
    page.keyboard.press("Escape")
    until(page, "ground.paused")


def test_ground_me_offers_the_way_back(visit: Visit) -> None:
    """From a session, the key g pauses it, and one button goes back and plays on from a little earlier."""
    page = scripted(visit(CHAIR))
    page.locator("#play").click()
    page.locator("#seek").fill("50")
    until(page, "audio.currentTime > 50.1")
    page.keyboard.press("g")
    until(page, "audio.paused && ground.currentTime > 0.1")
    page.get_by_role("button", name="Back to Held up by a chair").click()
    until(page, "ground.paused && !audio.paused && audio.currentTime < 50")
