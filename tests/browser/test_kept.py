"""What the page keeps of a listener, and how it comes back: in another browser, too."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.looking import audio, scripted, until
from voiceguide.listeners import (
    Bookmark,
    CheckInAnswer,
    Favourite,
    ListenerStore,
    Listening,
    Note,
    ProgramDay,
    Put,
    Setting,
    WriteStamp,
    now_ms,
)

CHAIR = "/session/grounding-chair"

pytestmark = pytest.mark.slow


def heard_to(page: Page, seconds: float) -> None:
    """Play *page* from there on, and pause once the place is kept."""
    page.locator("#play").click()
    until(page, "!audio.paused")
    with page.expect_response("**/api/me/places/*"):
        page.locator("#seek").fill(str(seconds))
    until(page, f"audio.currentTime > {seconds + 0.2}")
    with page.expect_response("**/api/me/places/*"):
        page.locator("#play").click()


def at_the_end(page: Page) -> None:
    page.locator("#play").click()
    until(page, "audio.currentTime > 0.1")
    page.evaluate(
        "() => { const audio = document.getElementById('audio'); audio.currentTime = audio.duration - 1 }"
    )
    expect(page.get_by_role("heading", name="Take your time.")).to_be_visible()


def sent(page: Page) -> None:
    """Return when nothing waits in the browser any more."""
    until(page, "!localStorage.outbox")


def test_it_goes_on_on_another_device(visit: Visit) -> None:
    """What was left in one browser goes on in another, at another length, and the home page offers it."""
    heard_to(scripted(visit(CHAIR)), 90)
    other = scripted(visit(f"{CHAIR}?length=6m"))
    until(other, "audio.currentTime > 60")
    expect(other.locator("#status")).to_contain_text("It goes on at")
    expect(other.locator("#chapter")).not_to_be_empty()
    other.goto("/")
    other.get_by_role("link", name=re.compile("Go on: Held up by a chair, at 1:3")).click()
    scripted(other)
    until(other, "audio.currentTime > 60")
    assert audio(other, "paused")


def test_what_was_heard_to_its_end_does_not_go_on(visit: Visit, store: ListenerStore) -> None:
    """At the end the place is gone; the history has what was heard, and the page of what is kept shows it."""
    page = scripted(visit(CHAIR))
    page.locator("#play").click()
    until(page, "audio.currentTime > 10.5")
    page.locator("#play").click()
    at_the_end(page)
    sent(page)
    assert not store.all(Bookmark)
    (heard,) = store.all(Listening)
    assert heard.record.script == "grounding-chair"
    assert 10_000 < heard.record.heard < 14_000
    page.goto("/")
    expect(page.get_by_text("Go on")).to_have_count(0)
    page.get_by_role("link", name="What is kept").click()
    expect(page.locator(".kept").get_by_role("link", name="Held up by a chair")).to_have_count(1)


def test_settings_come_back(visit: Visit, store: ListenerStore) -> None:
    """A length comes back where it was chosen, eyes everywhere, and the usual takes them back."""
    page = scripted(visit(CHAIR))
    page.get_by_role("button", name="settings").click()
    page.get_by_label("Length").fill("240")
    expect(page).to_have_url(re.compile("length=4m"))
    page.get_by_label("Eyes").select_option("closed")
    expect(page).to_have_url(re.compile("eyes=closed"))
    sent(page)
    other = scripted(visit(CHAIR))
    until(other, "Math.abs(audio.duration - 240) < 0.05")
    assert other.locator("[name=eyes]").input_value() == "closed"
    other.goto("/session/body-scan-short")
    assert scripted(other).locator("[name=eyes]").input_value() == "closed"
    assert "length" not in (other.locator("#wishes").get_attribute("data-query") or "")
    other.goto(f"{CHAIR}?eyes=open")
    assert scripted(other).locator("[name=eyes]").input_value() == "open"
    other.get_by_role("button", name="settings").click()
    with other.expect_response("**/api/me/setting/length/grounding-chair"):
        other.get_by_role("button", name="All as usual").click()
    sent(other)
    assert not store.all(Setting)
    page.goto(CHAIR)
    until(scripted(page), "Math.abs(audio.duration - 180) < 0.05")


def test_a_refused_setting_is_not_kept(visit: Visit, store: ListenerStore) -> None:
    """What the server refuses is not there the next time."""
    page = scripted(visit(CHAIR, may_say="400"))
    page.get_by_role("button", name="settings").click()
    page.get_by_label("A name to be called by").evaluate("(field) => { field.maxLength = 200 }")
    page.get_by_label("A name to be called by").fill("x" * 100)
    page.keyboard.press("Tab")
    expect(page.locator("#refused")).to_contain_text("is too long")
    assert not store.all(Setting)


def test_a_favourite_is_on_the_home_page(visit: Visit) -> None:
    """One press makes a favourite, by the keyboard, and one takes it back."""
    page = scripted(visit(CHAIR))
    favourite = page.get_by_label("favourite")
    favourite.press("Space")
    sent(page)
    page.goto("/")
    page.get_by_role("navigation", name="Favourites").get_by_role("link", name="Held up by a chair").click()
    expect(scripted(page).get_by_label("favourite")).to_be_checked()
    page.get_by_label("favourite").press("Space")
    sent(page)
    page.goto("/")
    expect(page.get_by_role("navigation", name="Favourites")).to_have_count(0)


def test_a_program_shows_its_next_day(visit: Visit, store: ListenerStore) -> None:
    """Once a day was heard to its end, the program and the home page say which is next, and no more."""
    page = scripted(visit("/program/first-week"))
    expect(page.get_by_text("is next")).to_have_count(0)
    page.get_by_role("link", name="Held up by a chair").click()
    page = scripted(page)
    page.locator("#play").click()
    until(page, "audio.currentTime > 10.2")
    page.locator("#play").click()
    at_the_end(page)
    sent(page)
    assert [kept.record.day for kept in store.all(ProgramDay)] == [1]
    page.goto("/")
    page.get_by_role("link", name="A first week: day 2 is next").click()
    assert "program=first-week.2" in page.url
    page.goto("/program/first-week")
    expect(page.get_by_role("link", name="Day 2 is next", exact=True)).to_be_visible()


def test_a_private_session_leaves_nothing(visit: Visit, store: ListenerStore) -> None:
    """No place, no history, no setting, no note: neither with the server nor in the browser."""
    asking(store)
    page = scripted(visit(CHAIR))
    before = store.everything()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.get_by_label("private").check()
    expect(page.get_by_text("Nothing of this session is kept.")).to_be_visible()
    expect(page.locator(".jot").filter(visible=True)).to_have_count(0)
    page.get_by_role("button", name="settings").click()
    page.locator("[name=ambience]").select_option("ocean")
    until(page, "audio.src.includes('ambience=ocean')")
    page.get_by_label("Sleep timer").select_option("20")
    page.keyboard.press("Escape")
    page.locator("#play").click()
    until(page, "audio.currentTime > 12")
    page.locator("#seek").fill("100")
    page.locator("#play").click()
    at_the_end(page)
    expect(page.locator("#note")).to_be_hidden()
    assert set(asked) == {"GET"}
    page.goto("/")
    assert store.everything() == before
    assert page.evaluate("() => Object.keys(localStorage)") == ["listener"]


def test_a_session_made_private_takes_back_what_it_left(visit: Visit, store: ListenerStore) -> None:
    """Who thinks of it in the middle has the place of before, and no entry in the history."""
    asking(store)
    heard_to(scripted(visit(CHAIR)), 40)
    page = scripted(visit(CHAIR))
    page.get_by_label("How strong").first.select_option("7")
    left = page.locator("#session").get_attribute("data-left")
    page.locator("#play").click()
    until(page, f"audio.currentTime > {left} + 10.5")
    with page.expect_response("**/api/me/heard/*"):
        page.locator("#play").click()
    page.get_by_label("private").check()
    sent(page)
    assert not store.all(Listening)
    assert not store.all(CheckInAnswer)
    page.goto(CHAIR)
    until(scripted(page), f"audio.currentTime > 0 && audio.currentTime <= {left}")


def test_a_session_made_private_at_its_end_takes_back_its_day(visit: Visit, store: ListenerStore) -> None:
    """History and day go, also once it has ended; a day that was heard before is as it was."""
    page = visit("/")
    for before in ([], [ProgramDay("first-week", 1, 1_700_000_000_000)]):
        for each in before:
            store.write(Put(each, WriteStamp(now_ms(), "test")))
        page.goto(f"{CHAIR}?program=first-week.1")
        scripted(page).locator("#play").click()
        until(page, "audio.currentTime > 10.2")
        page.locator("#play").click()
        at_the_end(page)
        sent(page)
        assert store.all(Listening)
        page.get_by_label("private").check()
        sent(page)
        assert not store.all(Listening)
        assert [kept.record for kept in store.all(ProgramDay)] == before


def test_a_session_soon_private_moves_no_place(visit: Visit, store: ListenerStore) -> None:
    """Who switches to private before anything was left has the place of before untouched, with its time."""
    heard_to(scripted(visit(CHAIR)), 40)
    before = store.all(Bookmark)
    page = scripted(visit(CHAIR))
    page.locator("#play").click()
    until(page, "audio.currentTime > +session.dataset.left + 0.6")  # some timeupdates later
    page.get_by_label("private").check()
    sent(page)
    assert store.all(Bookmark) == before


def asking(store: ListenerStore) -> None:
    """Have the page ask for notes and check-ins."""
    for name in ("page.notes", "page.check-ins"):
        store.write(Put(Setting(name, "on"), WriteStamp(now_ms(), "test")))


def test_nothing_is_asked_until_it_is_wanted(visit: Visit, store: ListenerStore) -> None:
    """Notes and check-ins are asked for once they are switched on, and kept with the listener."""
    page = scripted(visit(CHAIR))
    expect(page.locator("#note")).to_have_count(0)
    expect(page.locator("[data-moment]")).to_have_count(0)
    page.goto("/me")
    page.get_by_label("for a note to yourself").check()
    page.get_by_label("how strong it is").check()
    page.get_by_role("button", name="Keep it so").click()
    expect(page.get_by_label("for a note to yourself")).to_be_checked()
    page.goto(CHAIR)
    scripted(page).get_by_label("How strong").first.select_option("7")
    at_the_end(page)
    page.get_by_label("How strong").last.select_option("4")
    page.get_by_label("A note to yourself").fill("lighter")
    page.keyboard.press("Tab")
    sent(page)
    rated = {kept.record.moment: kept.record.value for kept in store.all(CheckInAnswer)}
    assert rated == {"before": 7, "after": 4}
    assert [(kept.record.text, kept.record.script) for kept in store.all(Note)] == [
        ("lighter", "grounding-chair")
    ]
    page.goto("/me")
    expect(page.get_by_text("lighter")).to_be_visible()
    page.get_by_role("button", name="Remove lighter").click()
    expect(page.get_by_text("lighter")).to_have_count(0)
    assert not store.all(Note)


def test_what_is_written_offline_goes_out_later(visit: Visit, store: ListenerStore) -> None:
    """A place that could not be sent waits in the browser, with its time, until the connection is back."""
    page = scripted(visit(CHAIR, may_say="ERR_INTERNET_DISCONNECTED"))
    page.locator("#play").click()
    until(page, "audio.currentTime > 0.2 && audio.buffered.length && audio.buffered.end(0) > 60")
    page.context.set_offline(True)
    page.locator("#seek").fill("40")
    page.locator("#play").click()
    until(page, "JSON.parse(localStorage.outbox ?? '[]')[0]?.body.seconds === audio.currentTime")
    assert not store.all(Bookmark)
    at = page.evaluate("() => JSON.parse(localStorage.outbox)[0].body.at")
    page.context.set_offline(False)
    sent(page)
    (left,) = store.all(Bookmark)
    assert left.stamp.at == at


def test_places_and_notes_of_before_are_handed_over(visit: Visit, store: ListenerStore) -> None:
    """What earlier versions kept in the browser is the nameless listener's, and in the browser no more."""
    page = visit("/healthz", may_say="404")
    page.evaluate(
        """() => {
            localStorage["place grounding-chair?length=4m"] = "95.5";
            localStorage["note grounding-chair"] = "lighter";
            localStorage.sleep = "20";
        }"""
    )
    page.goto("/")
    until(page, "!Object.keys(localStorage).some((key) => /^(place|note|outbox)/.test(key))")
    assert page.evaluate("() => localStorage.sleep") == "20"
    assert [kept.record.text for kept in store.all(Note)] == ["lighter"]
    (left,) = store.all(Bookmark)
    assert left.record.script == "grounding-chair"
    page.goto(CHAIR)
    until(scripted(page), "audio.currentTime > 30")


def test_forgetting_empties_the_browser_too(visit: Visit, store: ListenerStore) -> None:
    """*Forget everything* leaves nothing with the server, and nothing in the browser but whose it is."""
    heard_to(scripted(visit(CHAIR)), 40)
    store.write(Put(Favourite("grounding-chair"), WriteStamp(now_ms(), "test")))
    page = visit("/session/wind-down")
    scripted(page).get_by_role("button", name="settings").click()
    page.get_by_label("Sleep timer").select_option("5")
    page.goto("/me")
    forget(page)
    assert not store.everything()
    assert page.evaluate("() => Object.keys(localStorage)") == ["listener"]


def test_a_tab_that_plays_does_not_bring_back_what_is_forgotten(visit: Visit, store: ListenerStore) -> None:
    """What another tab has played before everything was forgotten is not in the history afterwards."""
    playing = scripted(visit(CHAIR))
    playing.locator("#play").click()
    until(playing, "audio.currentTime > 11")
    page = playing.context.new_page()
    page.goto("/me")
    forget(page)
    with playing.expect_response("**/api/me/places/*"):
        playing.locator("#play").click()
    sent(playing)
    assert not store.all(Listening)


def test_forgetting_empties_a_browser_that_does_not_obey(visit: Visit) -> None:
    """On a server without TLS, where browsers ignore `Clear-Site-Data`, nothing stays in them either."""
    page = visit("/me")
    page.route("**/me/forget", lambda route: route.fulfill(status=200, content_type="text/html", body=""))
    page.evaluate("() => { localStorage.sleep = '20' }")
    page.get_by_text("Forget everything", exact=True).first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Forget everything").click()
    assert page.evaluate("() => Object.keys(localStorage)") == []


def forget(page: Page) -> None:
    page.get_by_text("Forget everything", exact=True).first.click()
    page.get_by_role("button", name="Forget everything").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()


def test_what_is_kept_without_a_script(visit: Visit, store: ListenerStore) -> None:
    """Without JavaScript a session goes on by a link, and what is kept can be seen, chosen and forgotten."""
    heard_to(scripted(visit(CHAIR)), 90)
    page = visit("/", java_script_enabled=False)
    page.get_by_role("link", name="Go on: Held up by a chair").click()
    link = page.get_by_role("link", name=re.compile("Go on at 1:"))
    assert re.search(r"#t=\d+", link.get_attribute("href") or "")
    page.get_by_role("link", name="What is kept").click()
    page.get_by_role("button", name="Remove the place in Held up by a chair").click()
    assert not store.all(Bookmark)
    page.get_by_label("for a note to yourself").check()
    page.get_by_role("button", name="Keep it so").click()
    expect(page.get_by_label("for a note to yourself")).to_be_checked()
    page.get_by_text("Forget everything", exact=True).first.click()
    page.get_by_role("button", name="Forget everything").click()
    assert not store.everything()
