"""A browser that several share: links, PINs, and pages that say nothing to who comes after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_looks import violations
from tests.server.scripts import library
from tests.server.web.household import PIN, TOKEN, Household, household
from tests.site import served
from voiceguide.listeners import Roster
from voiceguide.script.library import Library
from voiceguide.server.web import create_app, state_of
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine


@pytest.fixture
def home(tmp_path: Path) -> Iterator[tuple[Household, str]]:
    """A household, and the address of its server."""
    library(tmp_path / "scripts")
    scripts = Library([tmp_path / "scripts"])
    roster = Roster(tmp_path / "listeners")
    with Studio(store=MemoryStore(), jobs=1, engines=(HumEngine(),), library=scripts) as studio:
        app = create_app(studio, token=TOKEN, folder=tmp_path / "finished", roster=roster)
        with served(app, state_of(app).close) as server:
            yield household(app, roster), f"http://127.0.0.1:{server.port}"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_a_shared_browser(browser: Browser, home: tuple[Household, str], script: bool) -> None:
    """Two taps make it another's; who has a PIN is asked, and leaves no title behind, with back neither."""
    house, site = home
    with closing(browser.new_context(base_url=site, java_script_enabled=script)) as context:
        page = context.new_page()
        page.goto(f"/?token={house.token(house.anna)}")
        expect(page).to_have_url(f"{site}/")
        page.goto(f"/?token={house.token(house.bert)}")
        expect(page).to_have_url(f"{site}/as")
        press(page, "Bert")
        page.get_by_label("Your PIN").fill("1357")
        press(page, "Go on")
        expect(page.get_by_role("alert")).to_contain_text("not the PIN")
        page.get_by_label("Your PIN").fill(PIN)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{site}/")
        page.get_by_role("link", name="Back to the chair").first.click()
        expect(page).to_have_url(re.compile(r"/session/~[A-Za-z0-9_-]{12}$"))
        expect(page).to_have_title("voiceguide")
        page.goto("/as")
        press(page, "Anna")
        expect(page).to_have_url(f"{site}/")
        for _ in range(2):
            page.go_back()
        expect(page).to_have_url(re.compile(r"/session/~"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Not here")
        expect(page.get_by_text("Back to the chair")).to_have_count(0)


def test_leaving(browser: Browser, home: tuple[Household, str]) -> None:
    """Who has a PIN and leaves is asked for it again, whatever page is opened."""
    house, site = home
    with closing(browser.new_context(base_url=site)) as context:
        page = context.new_page()
        page.goto(f"/?token={house.token(house.bert)}")
        press(page, "Bert")
        page.get_by_label("Your PIN").fill(PIN)
        press(page, "Go on")
        page.goto("/as")
        press(page, "Nobody, for now")
        page.goto("/session/chair")
        expect(page).to_have_url(f"{site}/as")


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, home: tuple[Household, str], scheme: str) -> None:
    """No page of listeners breaks a rule of axe-core, with what is shown once and with what opens."""
    house, site = home
    house.password(house.bert)
    with closing(browser.new_context(base_url=site, color_scheme=scheme)) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"/?token={house.token(house.carla)}")
        page.goto(f"/?token={house.token(house.bert)}")
        for path in ("/as", f"/as/{house.bert}", "/listeners", "/me"):
            page.goto(path)
            assert violations(page) == [], path
        page.get_by_label("What for").fill("phone")
        press(page, "Make an app password")
        expect(page.locator("#secret")).to_be_visible()
        assert violations(page) == []
        page.goto("/listeners")
        for each in page.locator("details").all():
            each.evaluate("it => it.open = true")
        assert violations(page) == []
        page.get_by_label("Name", exact=True).fill("Dora")
        press(page, "Add")
        expect(page.locator("#shown")).to_contain_text("The link of Dora")
        assert violations(page) == []
