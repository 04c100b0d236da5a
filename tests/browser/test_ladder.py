from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.looking import scripted, until

LADDER = "/session/people-ladder"

pytestmark = pytest.mark.slow


def near_the_end(page: Page) -> None:
    page.evaluate(
        "() => { const audio = document.getElementById('audio'); audio.currentTime = audio.duration - 0.5 }"
    )


def plays(page: Page, part: str) -> None:
    until(page, f"audio.src.includes('part={part}') && !audio.paused && audio.currentTime > 0.05")


def test_choices_lead_from_rung_to_rung(visit: Visit) -> None:
    """Next, stay, back and finish play the part that was asked for, by button and by key."""
    page = scripted(visit(LADDER))
    page.locator("#play").click()
    plays(page, "opening")
    expect(page.locator("#stay")).to_be_disabled()
    page.locator("#next").click()
    plays(page, "rung-1")
    expect(page.locator("#rungs [aria-current=true]")).to_have_text("A wave")
    expect(page.locator("#lower")).to_be_disabled()
    page.keyboard.press("n")
    plays(page, "rung-2")
    page.keyboard.press("s")
    plays(page, "stay")
    page.keyboard.press("b")
    plays(page, "rung-1")
    page.get_by_role("button", name="Finish").click()
    plays(page, "closing")
    near_the_end(page)
    expect(page.get_by_role("heading", name="Take your time.")).to_be_focused()


def test_nothing_climbs_by_itself(visit: Visit) -> None:
    """The opening leads to the first rung; after that, silence until somebody chooses."""
    page = scripted(visit(LADDER))
    page.locator("#play").click()
    plays(page, "opening")
    near_the_end(page)
    plays(page, "rung-1")
    near_the_end(page)
    until(page, "audio.ended")
    expect(page.get_by_role("button", name="Next Three words")).to_be_enabled()
    page.locator("#rung-ground").click()
    until(page, "ground.currentTime > 0.05")
    page.get_by_role("button", name="Back to A ladder towards people").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Stay").click()
    plays(page, "stay")


def test_a_choice_takes_effect_within_a_second(visit: Visit) -> None:
    """What may be chosen is made ahead, so that less than a second lies between the choice and its sound."""
    page = scripted(visit(LADDER))
    with page.expect_response(lambda response: "part=rung-2" in response.url) as ahead:
        page.locator("#play").click()
        page.locator("#next").click()
    ahead.value.finished()
    plays(page, "rung-1")
    took = page.evaluate(
        """() => new Promise((done) => {
            const since = performance.now();
            document.getElementById("audio").onplaying = () => done(performance.now() - since);
            document.getElementById("next").click();
        })"""
    )
    assert took < 1000
    plays(page, "rung-2")
