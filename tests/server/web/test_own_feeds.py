"""Feeds reached with an app password: what is in them lives and dies with it."""

from __future__ import annotations

import html
import re
import time

import pytest
from flask.testing import FlaskClient

from tests.server.web.household import TOKEN, Household
from tests.server.web.signing import earlier, lasting, media
from tests.server.web.test_doors import basic
from voiceguide.listeners import granting
from voiceguide.server.web import state_of
from voiceguide.server.web.who import Visitor


def addresses(document: str) -> list[str]:
    """Return the addresses in a feed of what players ask for."""
    found = re.findall(r'(?:url|href)="http://localhost(/[^"]+)"', document)
    return [html.unescape(each) for each in found]


def one_of_each(found: list[str]) -> list[str]:
    """Return one address of each kind of thing that a feed lists."""
    kinds = {each.partition("?")[0].rpartition(".")[2]: each for each in found}
    assert set(kinds) >= {"xml", "jpg", "mp3", "vtt", "json"}
    return list(kinds.values())


def feed(client: FlaskClient, secret: str, path: str = "/feed.xml") -> list[str]:
    answer = client.get(path, headers={"Authorization": basic("Anna", secret)})
    assert answer.status_code == 200
    return addresses(answer.text)


def test_what_is_in_a_feed_plays_without_a_password(home: Household) -> None:
    """Sound, captions, covers and the feed itself are signed with the app password, wishes and all."""
    app = home.app.test_client()
    _, secret = home.password(home.anna)
    found = feed(app, secret, "/feed.xml?length=2m")
    assert len(found) > 4
    for each in found:
        assert "sig=1f." in each
        assert app.head(each).status_code == 200, each
    sound = next(each for each in found if "/audio/chair.mp3" in each)
    assert "length=2m" in sound
    assert app.head(sound.replace("length=2m", "length=3m")).status_code == 401
    assert secret not in "".join(found)


def test_removing_the_app_password_ends_them(home: Household) -> None:
    """Those of that password are refused at once; those of another, and of another listener, play on."""
    app = home.app.test_client()
    (phone, first), (_, second) = home.password(home.anna), home.password(home.anna, "tablet")
    before, others = feed(app, first), feed(app, second)
    assert {each.partition("sig=")[0] for each in before} == {each.partition("sig=")[0] for each in others}
    granting.remove_password(home.roster, home.anna, phone.id)
    assert {app.head(each).status_code for each in before} == {401}
    assert {app.head(each).status_code for each in one_of_each(others)} == {200}
    granting.new_link(home.roster, home.anna)
    assert {app.head(each).status_code for each in one_of_each(others)} == {200}


def test_credentials_are_not_swapped(home: Household) -> None:
    """A feed's signature opens no sample and no page, and sound's opens no feed, whoever's they are."""
    app = home.app.test_client()
    made, _ = home.password(home.anna)
    by_password = Visitor(home.anna, "", frozenset(), credential=made.id, by_password=True)
    by_cookie = Visitor(home.anna, "", frozenset(), credential="0")
    of_feed = lasting(home.app, "/feed.xml", visitor=by_password).partition("sig=")[2]
    of_sound = media(home.app, "/audio/chair.mp3", visitor=by_cookie).partition("sig=")[2]
    assert app.head(f"/feed.xml?sig={of_feed}").status_code == 200
    for path in ("/audio/chair.mp3", "/feed.xml", "/voice/hum/low.mp3", "/program/x", "/", "/api/me"):
        if path != "/feed.xml":
            assert app.head(f"{path}?sig={of_feed}").status_code == 401, path
        if path != "/audio/chair.mp3":
            assert app.head(f"{path}?sig={of_sound}").status_code == 401, path
    as_sound = of_feed.replace("1f.", "1m.", 1)
    as_bert = of_feed.replace(home.anna, home.bert)
    for wrong in (as_sound, as_bert, of_feed.replace(made.id, "0")):
        assert app.head(f"/feed.xml?sig={wrong}").status_code == 401


@pytest.mark.parametrize("signed", ["old", "new"])
def test_the_nameless_listeners_feed_lives_with_the_token(home: Household, signed: str) -> None:
    """An earlier subscription goes on, and what it lists is for as long as the token."""
    path = earlier(TOKEN, "/feed.xml") if signed == "old" else lasting(home.app, "/feed.xml")
    app = home.app.test_client()
    found = addresses(app.get(path).text)
    assert len(found) > 10
    assert {app.head(each).status_code for each in one_of_each(found)} == {200}
    assert all("sig=1f.0." in each for each in found)


def test_a_feed_in_the_browser_is_for_a_day(home: Household) -> None:
    """Who opens a feed with the cookie gets sound that is signed for a day, and no subscription."""
    found = addresses(home.browser(home.anna).get("/feed.xml").text)
    app = home.app.test_client()
    assert "/feed.xml" in found
    assert app.head("/feed.xml").status_code == 401
    sounds = [each for each in found if "/audio/" in each]
    assert all("sig=1m." in each for each in sounds)
    assert app.head(sounds[0]).status_code == 200


def test_one_listeners_feed_is_unchanged_by_anothers(home: Household) -> None:
    """Two who ask for the same address in turn are each told when theirs last changed."""
    app = home.app.test_client()
    _, secret = home.password(home.anna)
    first = app.get("/feed.xml", headers={"Authorization": basic("Anna", secret)})
    state_of(home.app).changes._now = lambda: time.time() + 3600
    home.browser(home.carla).get("/feed.xml")
    again = app.get("/feed.xml", headers={"Authorization": basic("Anna", secret)})
    for name in ("ETag", "Last-Modified"):
        assert again.headers[name] == first.headers[name]
