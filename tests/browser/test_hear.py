"""Hearing a voice in the settings before it is chosen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visit
from tests.browser.looking import audio, scripted, until
from tests.browser.test_focus import opened, shown

CHAIR = "/session/grounding-chair"
SAMPLES = "**/voice/**"
HEARD = "document.getElementById('sample')"

pytestmark = pytest.mark.slow


def settings(page: Page) -> Page:
    """Return *page* with its settings open, opened by keyboard."""
    until(page, "document.getElementById('hear').onclick")
    page.get_by_role("button", name="settings").focus()
    page.keyboard.press("Enter")
    return page


def press(page: Page) -> None:
    """Go to the button beside the menu by keyboard, and press it."""
    page.get_by_label("Voice", exact=True).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Hear this voice")).to_be_focused()
    page.keyboard.press("Space")


def test_a_voice_is_heard_by_keyboard(visit: Visit) -> None:
    """A key plays the voice that is chosen in the menu, to its end; pressed again before, it stops."""
    page = settings(scripted(visit(CHAIR)))
    page.get_by_label("Voice", exact=True).select_option("hum/high")
    page.wait_for_url("**?voice=hum*")
    press(page)
    until(page, f"{HEARD}.currentTime > 0.1")
    assert page.evaluate(f"() => {HEARD}.src").endswith("/voice/hum/high.mp3")
    button = page.get_by_role("button", name="Hear this voice")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    until(page, f"{HEARD}.paused")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Space")
    until(page, f"!{HEARD}.paused && {HEARD}.currentTime < 2 && {HEARD}.currentTime > 0")
    page.evaluate(f"() => {{ {HEARD}.currentTime = {HEARD}.duration - 0.2 }}")
    until(page, f"{HEARD}.ended")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#heard")).to_be_empty()


def test_the_best_there_is_can_be_heard_too(visit: Visit) -> None:
    """Where nobody is chosen, the voice that the session has is heard."""
    page = settings(scripted(visit(CHAIR)))
    press(page)
    until(page, f"{HEARD}.currentTime > 0.1")
    assert page.evaluate(f"() => {HEARD}.src").endswith("/voice/hum/low.mp3")


def test_it_has_the_focus_while_it_sounds(visit: Visit) -> None:
    """The session beneath is silent; headset and lock screen act on the sample, and on the session after."""
    page = opened(visit, CHAIR)
    page.locator("#play").click()
    until(page, "audio.currentTime > 0.2")
    press(settings(page))
    until(page, f"audio.paused && {HEARD}.currentTime > 0.1")
    assert shown(page) == ["the best there is", "playing"]
    page.evaluate("() => acts.pause()")
    until(page, f"{HEARD}.paused && navigator.mediaSession.metadata.title === 'Held up by a chair'")
    assert audio(page, "paused")
    press(page)
    until(page, f"!{HEARD}.paused")
    page.keyboard.press("g")
    until(page, f"{HEARD}.paused && !ground.paused")
    assert shown(page)[0] == "Ground now"
    page.keyboard.press("Escape")
    press(settings(page))
    until(page, f"!{HEARD}.paused && ground.paused")
    page.keyboard.press("Escape")
    until(page, f"{HEARD}.paused")
    assert audio(page, "paused")


def test_the_last_that_is_asked_for_is_heard(visit: Visit) -> None:
    """A sample and "Ground me" asked for in one breath: the page falls silent but for the second."""
    page = settings(opened(visit, CHAIR))
    page.evaluate("() => ['hear', 'ground-me'].forEach((id) => document.getElementById(id).click())")
    until(page, f"{HEARD}.paused && ground.currentTime > 0.1 && !ground.paused && audio.paused")
    assert shown(page)[0] == "Ground now"


def test_it_says_that_it_is_being_spoken(visit: Visit) -> None:
    """While the sample is made the page says so, to who hears the page too; it comes, or is let be."""
    page = settings(scripted(visit(CHAIR)))
    held: list[Route] = []
    page.route(SAMPLES, lambda route: held.append(route))
    press(page)
    expect(page.get_by_role("status").and_(page.locator("#heard"))).to_have_text("Being spoken …")
    page.keyboard.press("Space")
    expect(page.locator("#heard")).to_be_empty()
    page.keyboard.press("Space")
    expect(page.locator("#heard")).to_have_text("Being spoken …")
    held[-1].continue_()
    page.unroute(SAMPLES)
    until(page, f"{HEARD}.currentTime > 0.1")
    expect(page.locator("#heard")).to_be_empty()


def test_it_says_why_a_voice_is_not_heard(visit: Visit) -> None:
    """A voice that is not here, a busy server, no connection: in words; the busy one is asked again."""
    page = settings(scripted(visit(CHAIR, may_say="Failed to load resource")))
    menu = page.get_by_label("Voice", exact=True)
    menu.evaluate("(menu) => { menu.selectedOptions[0].dataset.sample = '/voice/hum/gone.mp3' }")
    press(page)
    expect(page.locator("#heard")).to_have_text(
        'It can’t be heard: there is no voice "hum/gone" here; see /api/voices.'
    )
    page.route(SAMPLES, lambda route: route.abort())
    page.keyboard.press("Space")
    expect(page.locator("#heard")).to_have_text("That needs a connection.")
    page.unroute(SAMPLES)
    page.route(SAMPLES, lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}))
    menu.evaluate("(menu) => { menu.selectedOptions[0].dataset.sample = '/voice/hum/low.mp3' }")
    page.keyboard.press("Space")
    expect(page.locator("#heard")).to_have_text("Too many are listening just now. It tries again in 1 s.")
    page.unroute(SAMPLES)
    until(page, f"{HEARD}.currentTime > 0.1")
    expect(page.locator("#heard")).to_be_empty()


def test_a_list_of_voices_needs_no_script(visit: Visit) -> None:
    """Without JavaScript the settings lead to a page where each voice can be heard and chosen."""
    page = visit(f"{CHAIR}?length=5m", java_script_enabled=False)
    page.get_by_role("button", name="settings").click()
    page.get_by_role("link", name="Hear the voices").click()
    page.wait_for_url("**/voices/**")
    first = page.locator(".voices li").filter(has_text="high")
    assert page.request.get(first.locator("audio").get_attribute("src") or "").status == 200
    first.get_by_role("link", name="Use").click()
    page.wait_for_url("**/session/grounding-chair?*voice=hum%2Fhigh*")
    assert "length=5m" in page.url


def test_one_voice_of_the_list_at_a_time(visit: Visit) -> None:
    """Whoever starts a second voice there does not hear both."""
    page = scripted(visit("/voices/grounding-chair"))
    hums = "[...document.querySelectorAll('.voices audio')].filter((one) => one.src.includes('/hum/'))"
    page.evaluate(f"() => {{ window.all = {hums} }}")
    page.keyboard.press("Tab")  # a browser plays for who has touched the page
    page.evaluate("() => all[0].play()")
    page.evaluate("() => all[1].play()")
    until(page, "all[0].paused && !all[1].paused")
