"""Every reader's own window, type, colours and browser."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit
from tests.browser.looking import scripted, until
from tests.browser.test_looks import PAGES

CHAIR = "/session/grounding-chair"

LANDSCAPE = {"width": 667, "height": 375}
"""A small phone on its side."""

pytestmark = pytest.mark.slow

WITHOUT_POPOVER = """(() => {
    for (const name of ["popover", "showPopover", "hidePopover"]) delete HTMLElement.prototype[name];
    const style = document.createElement("style");
    style.textContent = "[popover] { display: block }"; // what such a browser makes of it
    new MutationObserver((_, it) => document.head && (document.head.prepend(style), it.disconnect()))
        .observe(document, { childList: true, subtree: true });
    window.addEventListener("click", (event) => {
        if (event.target.closest?.("[popovertarget]")) event.preventDefault();
    });
})()"""


@pytest.mark.parametrize("path", PAGES)
def test_type_is_as_large_as_the_reader_has_it(large_type: Browser, site: str, path: str) -> None:
    """Twice the usual size is twice as large, and nothing runs off the page, its panels included."""
    with closing(large_type.new_context(base_url=site, viewport={"width": 320, "height": 640})) as context:
        page = context.new_page()
        page.goto(path)
        scripted(page)
        assert page.evaluate("() => getComputedStyle(document.body).fontSize") == "36px"
        assert not outside(page)
        for name in page.locator("[popover]").evaluate_all("(all) => all.map(({ id }) => id)"):
            page.evaluate("(id) => document.getElementById(id).showPopover()", name)
            assert not outside(page), name
            page.evaluate("(id) => document.getElementById(id).hidePopover()", name)
        page.keyboard.press("g")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert not outside(page)


def outside(page: Page) -> list[str]:
    """Return what is seen to stand out of the window at a side."""
    found = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
            .filter((each) => each.checkVisibility() && !each.closest(".unseen, .skip, svg"))
            .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
            .map((each) => `${each.tagName} ${each.id} ${each.textContent.trim().slice(0, 30)}`)"""
    )
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("path", [CHAIR, "/session/people-ladder"])
def test_a_phone_on_its_side_shows_play(visit: Visit, path: str) -> None:
    """The button is there without scrolling, before and while it plays, and so are the words then."""
    page = scripted(visit(path, viewport=LANDSCAPE))
    expect(page.locator("#play")).to_be_in_viewport(ratio=1)
    page.locator("#play").click()
    expect(page.locator("#words .now")).not_to_be_empty()
    for part in ("#play", "#seek", "#words .now", "#ground-me"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)


def test_the_bar_is_seen_in_colours_of_the_readers_own(visit: Visit) -> None:
    """With forced colours, how far it is stands out from what is left, and both from the page."""
    page = scripted(visit(CHAIR, forced_colors="active"))
    done, line = (
        page.evaluate(
            """(part) => {
                const drawn = getComputedStyle(document.querySelector(part));
                return [drawn.backgroundColor, drawn.borderTopWidth, drawn.borderTopColor];
            }""",
            part,
        )
        for part in (".done", ".bar .line")
    )
    paper = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert done[0] != paper
    assert line[1:] == ["1px", "rgb(0, 0, 0)"]


def test_sliders_speak_units(visit: Visit) -> None:
    """What a screen reader says of a slider has minutes, seconds and decibels in it."""
    page = scripted(visit(CHAIR))
    seek, length, level = (page.locator(part) for part in ("#seek", "#length", "#level"))
    expect(seek).to_have_attribute("aria-valuetext", re.compile("^0 seconds of 3 minutes"))
    page.keyboard.press("ArrowRight")
    expect(seek).to_have_attribute("aria-valuetext", re.compile("^15 seconds of 3 minutes"))
    seek.fill("61")
    expect(seek).to_have_attribute("aria-valuetext", re.compile("^1 minute 1 second of 3 minutes, "))
    page.get_by_role("button", name="settings").click()
    expect(length).to_have_attribute("aria-valuetext", "3 minutes")
    length.fill("210")
    expect(length).to_have_attribute("aria-valuetext", "3 minutes 30 seconds")
    expect(level).to_have_attribute("aria-valuetext", re.compile("^[1-9][0-9]? decibels under the voice$"))
    level.fill("0")
    expect(level).to_have_attribute("aria-valuetext", "as loud as the voice")


def test_a_browser_without_popovers_opens_panels(visit: Visit) -> None:
    """Safari 16 and Firefox 115 show a panel when it is asked for, one at a time, and put it away again."""
    page = visit("/", bypass_csp=True)
    page.add_init_script(WITHOUT_POPOVER)
    page.goto(CHAIR)
    scripted(page)
    until(page, "document.documentElement.classList.contains('flat')")
    panels = page.locator(".panel[popover]")
    expect(panels.filter(visible=True)).to_have_count(0)
    page.get_by_role("button", name="settings").click()
    expect(page.locator("#settings")).to_be_visible()
    expect(page.locator("#settings").get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(panels.filter(visible=True)).to_have_count(0)
    expect(page.get_by_role("button", name="settings")).to_be_focused()
    page.get_by_role("button", name="chapters").click()
    page.get_by_role("button", name="Keys").press("Enter")
    expect(panels.filter(visible=True)).to_have_count(1)
    page.get_by_role("heading", name="Held up by a chair", level=1).click()
    expect(panels.filter(visible=True)).to_have_count(0)
    page.keyboard.press("Shift+?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.locator("#keys").get_by_role("button", name="Close").click()
    expect(panels.filter(visible=True)).to_have_count(0)
