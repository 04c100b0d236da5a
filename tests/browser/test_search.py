"""The home finds exercises by ordinary words, as one types, and without JavaScript by its form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.looking import scripted

pytestmark = pytest.mark.slow


def test_it_finds_as_one_types(visit: Visit) -> None:
    """The list narrows while the field keeps what is typed, the address says it, and all comes back."""
    page = scripted(visit("/"))
    everything = page.locator(".cards li").count()
    field = page.get_by_role("searchbox", name="Say it in your own words")
    field.press_sequentially("can't sle")
    expect(page.get_by_role("status")).to_contain_text("For “can't sle”")
    expect(page.locator(".cards").get_by_role("link").first).to_have_attribute(
        "href", re.compile("wind-down|muscle-release")
    )
    assert page.locator(".cards li").count() < everything
    expect(field).to_be_focused()
    assert field.input_value() == "can't sle"
    page.reload()
    assert scripted(page).locator("#q").input_value() == "can't sle"
    page.locator("#q").fill("")
    expect(page.locator(".cards li")).to_have_count(everything)
    page.locator("#q").fill("xyzzy")
    expect(page.get_by_text("Nothing here goes by that")).to_be_visible()


def test_what_was_typed_is_narrowed_down_further(visit: Visit) -> None:
    """The filters keep the words that were typed, though the page was not asked for anew."""
    page = scripted(visit("/"))
    page.get_by_role("searchbox").press_sequentially("body scan")
    expect(page.locator(".cards li")).to_have_count(2)
    page.get_by_label("Time there is").select_option("20 minutes")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".cards li")).to_have_count(1)
    expect(page.locator("#q")).to_have_value("body scan")


def test_the_form_finds_without_a_script(visit: Visit) -> None:
    """Enter sends the words, and what comes narrows down further by length."""
    page = visit("/", java_script_enabled=False)
    page.get_by_label("Say it in your own words").fill("body scan")
    page.get_by_role("button", name="Find").click()
    expect(page.locator(".cards li")).to_have_count(2)
    page.get_by_label("Time there is").select_option("20 minutes")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".cards li")).to_have_count(1)
