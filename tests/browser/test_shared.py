"""A browser that several listeners share: what is seen of whom, and what stays in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CHROMIUM
from tests.browser.looking import scripted, until
from tests.browser.test_fitting import outside
from tests.browser.test_kept import heard_to, sent
from tests.browser.test_looks import violations
from tests.site import served
from voiceguide.listeners import Bookmark, Favourite, MemoryListenerStores, Roster, granting
from voiceguide.listeners.pin import new_pin
from voiceguide.server.web import create_app, state_of
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine

CHAIR = "/session/grounding-chair"
SECRETS = ("grounding-chair", "Held up", "first-week", "A first week")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def stores() -> MemoryListenerStores:
    return MemoryListenerStores()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, stores: MemoryListenerStores) -> Iterator[str]:
    """Return the address of a server on loopback with Anna, who has no PIN, and Bert, who has one."""
    roster = Roster(tmp_path_factory.mktemp("listeners"))
    roster.add("Anna")
    granting.set_pin(roster, roster.add("Bert").id, new_pin("2468"))
    with Studio(store=MemoryStore(), jobs=2, engines=(HumEngine(),)) as studio:
        app = create_app(studio, folder=tmp_path_factory.mktemp("finished"), listeners=stores, roster=roster)
        with served(app, state_of(app).close) as server:
            yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="module")
def with_way_back(browser: Browser) -> Iterator[Browser]:
    """A browser that keeps pages whole for the way back, as people's do; Playwright's does not."""
    arguments = ["--no-sandbox", "--autoplay-policy=user-gesture-required"]
    kept = "--disable-back-forward-cache"
    with closing(
        browser.browser_type.launch(executable_path=CHROMIUM, args=arguments, ignore_default_args=[kept])
    ) as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser, home: str, stores: MemoryListenerStores) -> Iterator[Page]:
    """A browser that was never there, of listeners of whom nothing is known."""
    for each in stores.ids():
        stores.of(each).forget()
    with closing(browser.new_context(base_url=home)) as context:
        yield context.new_page()


def choose(page: Page, name: str, pin: str = "") -> None:
    """Choose a listener in two taps, and show the PIN if they have one."""
    page.get_by_role("link", name="who is listening?").click()
    page.get_by_role("button", name=name, exact=True).click()
    if pin:
        page.get_by_label("Your PIN").fill(pin)
        page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=f"{name}: who is listening?")).to_be_visible()


def test_two_taps_by_the_keyboard(page: Page) -> None:
    """The name at the top leads to the list, a name in it to the home page; no more is needed."""
    page.goto("/")
    link = page.get_by_role("link", name="Everybody: who is listening?")
    link.press("Enter")
    page.get_by_role("button", name="Anna").press("Enter")
    expect(page.get_by_role("link", name="Anna: who is listening?")).to_be_visible()
    expect(page.get_by_role("heading", name="What would help?")).to_be_visible()


def test_what_one_left_the_other_does_not_see(page: Page) -> None:
    """Place, favourite and sleep timer are Anna's: Bert sees none of them, and she finds them again."""
    page.goto("/")
    choose(page, "Anna")
    page.goto(CHAIR)
    heard_to(scripted(page), 90)
    page.get_by_label("favourite").check()
    sent(page)
    page.get_by_role("button", name="settings").click()
    page.get_by_label("Sleep timer").select_option("20")
    page.keyboard.press("Escape")
    page.goto("/")
    expect(page.get_by_role("link", name="Go on: Held up by a chair")).to_be_visible()
    choose(page, "Bert", "2468")
    expect(page.get_by_text("Go on:")).to_have_count(0)
    expect(page.get_by_role("navigation", name="Favourites")).to_have_count(0)
    assert page.evaluate("() => Object.keys(localStorage)") == ["listener"]
    choose(page, "Anna")
    expect(page.get_by_role("link", name="Go on: Held up by a chair")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_what_is_sought_stays_out_of_the_address(browser: Browser, home: str, script: bool) -> None:
    """What Bert seeks is found, as he types or by the form, and narrowed down, and no address has it."""
    with closing(browser.new_context(base_url=home, java_script_enabled=script)) as context:
        page = context.new_page()
        page.goto("/")
        choose(page, "Bert", "2468")
        everything = page.locator(".cards li").count()
        page.get_by_label("Say it in your own words").fill("body scan")
        if not script:
            page.get_by_role("button", name="Find").click()
        expect(page.locator(".cards li")).to_have_count(2)
        assert everything > 2
        assert page.url == f"{home}/"
        page.get_by_label("Time there is").select_option("20 minutes")
        page.get_by_role("button", name="Show").click()
        expect(page.get_by_label("Time there is")).to_have_value("20m")
        assert page.url == f"{home}/"


def test_what_waits_in_the_browser_goes_with_its_listener(page: Page, stores: MemoryListenerStores) -> None:
    """What Anna's page could not send is not sent as Bert's."""
    page.goto("/")
    choose(page, "Anna")
    page.goto(CHAIR)
    scripted(page)
    page.route("**/api/me/**", lambda route: route.abort())
    page.get_by_label("favourite").check()
    until(page, "localStorage.outbox")
    choose(page, "Bert", "2468")
    page.unroute("**/api/me/**")
    page.goto("/")
    until(page, "!localStorage.outbox")
    page.goto("/me")
    expect(page.get_by_role("heading", name="Favourites")).to_have_count(0)
    assert not any(stores.of(each).all(Favourite) for each in stores.ids())


def test_a_page_of_another_tab_leaves_with_its_listener(page: Page, stores: MemoryListenerStores) -> None:
    """Where Bert is chosen in one tab, Anna's session in another is gone, and writes nothing of his."""
    page.goto("/")
    choose(page, "Anna")
    page.goto(CHAIR)
    scripted(page).locator("#play").click()
    until(page, "audio.currentTime > 0.2")
    other = page.context.new_page()
    other.goto("/")
    choose(other, "Bert", "2468")
    expect(page.get_by_role("heading", name="What would help?")).to_be_visible()
    bert = other.locator("body").get_attribute("data-listener") or ""
    assert not stores.of(bert).all(Bookmark)


def test_nothing_of_who_has_a_pin_is_seen_in_titles_and_addresses(page: Page) -> None:
    """Bert's titles and addresses name nothing, also once he has changed a setting, and still go on."""
    page.goto("/")
    choose(page, "Bert", "2468")
    seen: list[str] = []
    page.on("framenavigated", lambda _: seen.extend((page.url, page.title())))
    page.goto("/program/first-week")
    seen.clear()  # what he typed himself
    page.reload()
    page.get_by_role("link", name="Held up by a chair").click()
    scripted(page)
    page.get_by_role("button", name="settings").click()
    with page.expect_response("**/api/me/setting/ambience/*"):
        page.locator("[name=ambience]").select_option("ocean")
    seen.extend((page.url, page.title()))
    assert "ambience=ocean" in page.url
    page.keyboard.press("Escape")
    heard_to(page, 90)
    page.get_by_role("link", name="read", exact=True).click()
    expect(page.get_by_role("heading", name="Feet")).to_be_visible()
    page.get_by_role("link", name="voiceguide", exact=True).click()
    page.get_by_role("link", name="Go on: Held up by a chair").click()
    until(scripted(page), "audio.currentTime > 60")
    seen.extend((page.url, page.title()))
    lock = page.evaluate(
        "(({ title, artist, artwork }) => [title, artist, artwork])(navigator.mediaSession.metadata)"
    )
    assert lock == ["voiceguide", "", []]  # the lock screen's
    assert len(seen) > 8
    assert not [each for each in seen if any(secret in each for secret in SECRETS)]


def test_the_way_back_shows_nothing_of_who_has_a_pin(page: Page) -> None:
    """Once Anna is chosen, the browser's way back ends before Bert's pages."""
    nothing_on_the_way_back(page)


def test_the_way_back_shows_nothing_of_a_page_kept_whole(with_way_back: Browser, home: str) -> None:
    """Nor does it where the browser has kept the page as it was."""
    with closing(with_way_back.new_context(base_url=home)) as context:
        nothing_on_the_way_back(context.new_page())


def test_a_page_that_comes_back_whole_is_asked_for_again(page: Page) -> None:
    """A page of who has a PIN is loaded anew where the browser had kept it; others are as they were."""
    come_back = "() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    page.goto("/")
    page.evaluate("() => { window.kept = true }")
    page.evaluate(come_back)
    assert page.evaluate("() => window.kept")
    choose(page, "Bert", "2468")
    page.evaluate("() => { window.kept = true }")
    with page.expect_navigation():
        page.evaluate(come_back)
    assert not page.evaluate("() => window.kept")


def nothing_on_the_way_back(page: Page) -> None:
    page.goto("/")
    choose(page, "Bert", "2468")
    page.get_by_role("link", name="Held up by a chair").first.click()
    scripted(page)
    address = page.url
    choose(page, "Anna")
    for _ in range(2):
        page.go_back()
        if page.url == address:
            expect(page.get_by_role("heading", name="Not here")).to_be_visible()
    assert "Held up" not in page.inner_text("h1")


def test_nobody_for_now_takes_everything_along(page: Page) -> None:
    """Once Bert has left, his other tabs are gone, and so is what the browser kept for him."""
    page.goto("/")
    choose(page, "Bert", "2468")
    page.goto(CHAIR)
    scripted(page).get_by_role("button", name="settings").click()
    page.get_by_label("Sleep timer").select_option("20")
    other = page.context.new_page()
    other.goto("/as")
    other.get_by_role("button", name="Nobody, for now").click()
    expect(page.get_by_role("heading", name="Who is listening?")).to_be_visible()
    assert other.evaluate("() => ({ ...localStorage })") == {"listener": ""}


def test_a_wrong_pin_is_said(page: Page) -> None:
    """A wrong PIN is answered beside the field, and leaves who it was before."""
    page.goto("/as")
    page.get_by_role("button", name="Bert").click()
    page.get_by_label("Your PIN").fill("1357")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("That is not the PIN")
    page.goto("/")
    expect(page.get_by_role("link", name="Everybody: who is listening?")).to_be_visible()


def test_large_type_leaves_room_for_the_ground(large_type: Browser, home: str) -> None:
    """With type of twice the size on a narrow phone, the name at the top takes nothing from *Ground me*."""
    with closing(large_type.new_context(base_url=home, viewport={"width": 320, "height": 640})) as context:
        page = context.new_page()
        for path in ("/", "/as", "/me", "/listeners"):
            page.goto(path)
            assert not outside(page)
            expect(page.locator("#ground-me")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_in_the_pages_of_listeners(page: Page, scheme: str) -> None:
    """The list, the PIN, what is kept, and the page of all listeners keep axe's rules, and fit 320 pixels."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 320, "height": 640})

    def fine() -> None:
        assert not violations(page)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320

    page.goto("/as")
    fine()
    page.get_by_role("button", name="Bert").click()
    fine()
    page.get_by_label("Your PIN").fill("2468")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Bert: who is listening?")).to_be_visible()
    page.get_by_role("link", name="What is kept").click()
    fine()
    choose(page, "Everybody")
    page.goto("/listeners")
    for summary in page.locator("summary").all():
        summary.click()
    fine()
