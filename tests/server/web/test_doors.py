"""Each door by which a listener comes in, and who does not."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.server.web.conftest import MakeApp, Site
from tests.server.web.household import PAGE, PIN, TOKEN, Household, location, me
from tests.server.web.signing import earlier, media
from voiceguide.listeners import granting
from voiceguide.listeners.passwords import Door
from voiceguide.listeners.pin import new_pin
from voiceguide.listeners.rights import Right
from voiceguide.server.tokens import Tokens
from voiceguide.server.web.doors import COOKIE
from voiceguide.server.web.who import Visitor

HomeOf = Callable[..., Household]


def basic(name: str, secret: str) -> str:
    return "Basic " + b64encode(f"{name}:{secret}".encode()).decode()


def test_without_listeners_nothing_changes(home_of: HomeOf) -> None:
    """On loopback the nameless listener may do everything, without a token and beside others."""
    client = home_of(token=None).app.test_client()
    told = client.get("/api/me").get_json()
    assert (told["name"], set(told["may"])) == ("", set(Right))


@pytest.mark.parametrize("token", [TOKEN, None])
def test_a_token_link(home_of: HomeOf, token: str | None) -> None:
    """A link leaves the address at once, and its listener listens in that browser, with their rights."""
    home = home_of(token=token)
    client = home.app.test_client()
    answer = client.get(f"/session/chair?length=2m&token={home.token(home.anna)}")
    assert answer.headers["Location"] == "/session/chair?length=2m"
    assert home.token(home.anna) not in str(answer.headers)
    assert me(client) == "Anna"
    assert client.get("/api/me").get_json()["may"] == ["listen"]
    assert client.get("/listeners").status_code == 403
    assert me(home.browser(home.carla)) == "Carla"
    assert home.browser(home.carla).get("/listeners").status_code == 200


def test_the_old_token_and_cookie(home: Household) -> None:
    """The server's token, and the cookie of before, are the nameless listener's."""
    client = home.app.test_client()
    assert location(client.get(f"/?token={TOKEN}")) == "/"
    assert me(client) == ""
    assert me(home.app.test_client(), Authorization=f"Bearer {TOKEN}") == ""
    client = home.app.test_client()
    client.set_cookie(COOKIE, "88ec11cd62e1cda4b2af1f0ba4a2ed45")
    assert me(client) == "401"
    client.set_cookie(COOKIE, earlier(TOKEN, "cookie").partition("sig=")[2])
    assert me(client) == ""


def test_bearer(home: Household) -> None:
    """A program shows the token of a link; of who has a PIN, it is not enough."""
    client = home.app.test_client()
    assert me(client, Authorization=f"Bearer {home.token(home.anna)}") == "Anna"
    for wrong in (home.token(home.bert), home.token(home.anna)[:-1], "", "x" * 60):
        assert me(client, Authorization=f"Bearer {wrong}") == "401"


@pytest.mark.parametrize("token", [TOKEN, None])
def test_a_link_that_is_no_longer_right_opens_nothing(home_of: HomeOf, token: str | None) -> None:
    """After another link is made, the last one and the browsers that came by it are refused."""
    home = home_of(token=token)
    before, client = home.token(home.anna), home.browser(home.anna)
    granting.new_link(home.roster, home.anna)
    assert me(client) == "401"
    fresh = home.app.test_client()
    assert fresh.get(f"/?token={before}").status_code == 401
    assert me(fresh, Authorization=f"Bearer {before}") == "401"
    assert me(home.browser(home.anna)) == "Anna"


def test_removing_a_listener_ends_all_they_have(home: Household) -> None:
    """Cookie, link, app password and signed addresses are refused at once."""
    client, token = home.browser(home.anna), home.token(home.anna)
    _, secret = home.password(home.anna)
    fresh = home.app.test_client()
    feed = fresh.get("/feed.xml", headers={"Authorization": basic("anna", secret)})
    assert feed.status_code == 200
    sound = media(home.app, "/audio/chair.mp3", visitor=Visitor(home.anna, "", frozenset(), credential="0"))
    assert fresh.head(sound).status_code == 200
    home.roster.remove(home.named(home.anna))
    assert me(client) == me(fresh, Authorization=f"Bearer {token}") == "401"
    assert fresh.get(f"/?token={token}").status_code == 401
    assert fresh.head(sound).status_code == 401
    assert fresh.get("/feed.xml", headers={"Authorization": basic("anna", secret)}).status_code == 401


def test_another_key_ends_all_that_was_signed(home_of: HomeOf, app_of: MakeApp) -> None:
    """Links, cookies and signed addresses of the last key are refused; the token is another thing."""
    first = home_of(key=bytes(32))
    link = first.token(first.anna)
    cookie = first.browser(first.anna).get_cookie(COOKIE)
    sound = media(first.app, "/audio/chair.mp3")
    assert cookie is not None
    for key, status, who in ((bytes(32), 200, "Anna"), (bytes(31) + b"1", 401, "401")):
        app = app_of(token=TOKEN, roster=first.roster, key=key)
        client = app.test_client()
        assert client.head(sound).status_code == status
        assert me(client, Authorization=f"Bearer {link}") == who
        client.set_cookie(COOKIE, cookie.value)
        assert me(client) == who
        assert me(app.test_client(), Authorization=f"Bearer {TOKEN}") == ""


def test_a_new_token_ends_the_nameless_listeners_addresses(home_of: HomeOf) -> None:
    """Old and new signatures of the nameless listener die with the server's token."""
    home = home_of()
    client = home.app.test_client()
    assert client.head(earlier(TOKEN, "/audio/chair.mp3") + "&length=2m").status_code == 200
    assert client.head(earlier("other", "/audio/chair.mp3")).status_code == 401
    mark = Tokens("other").mark
    stranger = Visitor("0", "", frozenset(), credential=mark)
    assert client.head(media(home.app, "/audio/chair.mp3", visitor=stranger)).status_code == 401


def test_signed_addresses_admit_to_nothing_else(home: Household) -> None:
    """What is signed for sound opens that sound alone, and with its wishes alone."""
    client = home.app.test_client()
    anna = Visitor(home.anna, "", frozenset(), credential="0")
    sound = media(home.app, "/audio/chair.mp3", "length=2m", visitor=anna)
    signature = sound.partition("sig=")[2]
    assert client.head(sound).status_code == 200
    assert client.head(f"/audio/chair.mp3?sig={signature}&length=2m").status_code == 200
    for wrong in (
        f"/audio/chair.mp3?sig={signature}",
        f"/audio/chair.mp3?length=3m&sig={signature}",
        f"{sound}&voice=hum/low",
        f"{sound}&sig={signature}",
        f"/audio/chair.wav?length=2m&sig={signature}",
        f"/feed.xml?length=2m&sig={signature}",
        f"/api/me?length=2m&sig={signature}",
        f"/session/chair?length=2m&sig={signature}",
        f"/audio/chair.mp3?length=2m&sig={signature[:-1]}",
        f"/audio/chair.mp3?length=2m&sig={signature.replace(home.anna, home.bert)}",
    ):
        assert client.head(wrong).status_code == 401, wrong
    assert client.post(sound).status_code in (401, 405)
    assert client.get(f"/?token={signature}").status_code == 401


def test_who_has_a_pin_is_asked_for_it(home: Household) -> None:
    """Their link leads to the PIN; nothing is shown before, and a wrong one is told."""
    client = home.app.test_client()
    assert location(client.get(f"/session/chair?token={home.token(home.bert)}")) == "/as"
    assert me(client) == "401"
    assert location(client.get("/session/chair", headers=PAGE)) == "/as"
    page = client.post(f"/as/{home.bert}", headers=PAGE)
    assert 'name="pin"' in page.text
    wrong = client.post(f"/as/{home.bert}", data={"pin": "1357"}, headers=PAGE)
    assert (wrong.status_code, me(client)) == (403, "401")
    assert location(client.post(f"/as/{home.bert}", data={"pin": PIN})) == "/"
    assert me(client) == "Bert"


def test_another_pin_is_asked_for_everywhere(home: Household) -> None:
    """Where a listener came in before their PIN was set or changed, they are asked for it."""
    client = home.browser(home.bert)
    assert me(client) == "Bert"
    granting.set_pin(home.roster, home.bert, new_pin("1357"))
    assert me(client) == "401"
    assert client.post(f"/as/{home.bert}", data={"pin": "1357"}).status_code == 303
    assert me(client) == "Bert"


def test_app_passwords_open_one_door(home: Household) -> None:
    """One for feeds opens feeds and what is in them, with its listener's name; no other does."""
    client = home.app.test_client()
    _, feed = home.password(home.anna)
    _, music = home.password(home.anna, "car", Door.SUBSONIC)

    def status(path: str, name: str, secret: str) -> int:
        return client.head(path, headers={"Authorization": basic(name, secret)}).status_code

    for path in ("/feed.xml", "/audio/chair.mp3", "/cover/chair.jpg"):
        assert status(path, "anna", feed) == 200
        for name, secret in (("anna", music), ("bert", feed), ("", feed), ("anna", feed[:-1]), ("anna", "")):
            assert status(path, name, secret) == 401, (path, name)
    for path in (
        "/",
        "/session/chair",
        "/api/me",
        "/me",
        "/listeners",
        "/voice/hum/low.mp3",
        "/program/days",
    ):
        assert status(path, "anna", feed) == 401, path
    assert client.get("/feed.xml").headers["WWW-Authenticate"].startswith("Basic ")
    for path in ("/api/me", "/audio/chair.mp3"):  # a browser would ask for a password in the middle of a page
        assert "WWW-Authenticate" not in client.get(path).headers
    for broken in ("Basic", "Basic !", "Basic /w==", "Basic " + "A" * 999, "Digest x", "Basic " + "é"):
        assert client.head("/feed.xml", headers={"Authorization": broken}).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_another_site_changes_nothing(home: Household, method: str) -> None:
    """Whatever the method, a page of another site, or of no site, is refused before anything is looked at."""
    client = home.browser(home.anna)
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        for path in ("/api/me/favourites/chair", f"/as/{home.anna}", "/listeners", "/me/pin"):
            assert client.open(path, method=method, headers=headers).status_code == 403
    assert me(client) == "Anna"


def test_another_sites_link_makes_nobody_another(home: Household) -> None:
    """A link that is opened where somebody listens already changes nobody by itself."""
    client = home.browser(home.anna)
    assert location(client.get(f"/?token={home.token(home.carla)}")) == "/as"
    assert me(client) == "Anna"
    assert location(client.get(f"/?token={TOKEN}")) == "/as"
    assert me(client) == "Anna"
    assert location(client.post(f"/as/{home.carla}")) == "/"
    assert me(client) == "Carla"


@pytest.mark.parametrize("token", [TOKEN, None])
def test_another_sites_link_asks_where_nobody_has_come_in(home_of: HomeOf, token: str | None) -> None:
    """A link on another site makes a browser nobody's by itself, also where it has no cookie yet."""
    home = home_of(token=token)
    for site in ("cross-site", "same-site"):
        client = home.app.test_client()
        before = me(client)
        answer = client.get(f"/?token={home.token(home.carla)}", headers={"Sec-Fetch-Site": site})
        assert location(answer) == "/as"
        assert me(client) != "Carla"
        assert location(client.post(f"/as/{home.carla}")) == "/"
        assert me(client) == "Carla"
        assert before in ("", "401")


def test_nothing_secret_is_told(home: Household, caplog: pytest.LogCaptureFixture) -> None:
    """No log, page or error repeats a token, a signature, a PIN or a password that was sent."""
    caplog.set_level(logging.DEBUG)
    secrets = ("SECRET-token", "1d.SECRET..x", "SECRETpin", "SECRETpassword")
    client = home.browser(home.anna)
    for each in secrets:
        for answer in (
            client.get(f"/?token={each}", headers=PAGE),
            client.get(f"/audio/chair.mp3?sig={each}&length=zz"),
            client.get(f"/nothing?sig={each}", headers=PAGE),
            client.post(f"/as/{home.anna}", data={"pin": each}, headers=PAGE),
            client.get("/feed.xml", headers={"Authorization": basic("anna", each)}),
        ):
            assert "SECRET" not in answer.text
            assert "SECRET" not in str(answer.headers)
    assert "SECRET" not in caplog.text
    assert TOKEN not in repr(home.doors.tokens) + repr(home.doors.signer) + json.dumps(
        client.get("/healthz").get_json()
    )


def test_a_broken_roster_is_no_way_in(home_of: HomeOf) -> None:
    """Where names cannot be read, nobody with a name comes in, and no folder is named."""
    home = home_of()
    client, owner = home.browser(home.anna), home.app.test_client()
    owner.get(f"/?token={TOKEN}")
    home.roster._path.write_text("[")
    answer = client.get("/api/me")
    assert answer.status_code == 503
    assert "roster" not in answer.text
    assert me(owner) == ""
    assert owner.get("/", headers=PAGE).status_code == 200


def test_a_broken_roster_is_told_once(home_of: HomeOf, caplog: pytest.LogCaptureFixture) -> None:
    """What is for whoever asks is answered where names cannot be read, and the log says why only once."""
    home = home_of()
    home.roster._path.write_text("[")
    for _ in range(3):
        guest = home.app.test_client()
        assert guest.get("/healthz", headers=PAGE).status_code == 200
        with guest.get("/static/style.css") as style:
            assert style.status_code == 200
        assert guest.get("/audio/chair.mp3").status_code == 401
        assert guest.get("/api/me", headers={"Authorization": "Bearer 1d.x.0..x"}).status_code == 401
        assert guest.get("/", headers=PAGE).status_code == 503
    assert caplog.text.count("which has the listeners' names") == 1


def test_a_removed_listener_over_real_http(site_of: Callable[..., Site], home: Household) -> None:
    """A real server refuses at once what it has not answered a moment ago."""
    site = site_of(token=TOKEN, roster=home.roster, key=bytes(32))
    own = replace(home, app=site.app)
    anna = Visitor(home.anna, "", frozenset(), credential="0")
    first, second = (media(site.app, f"/audio/{name}.mp3", "length=40s", anna) for name in ("chair", "days"))
    bearer = f"Bearer {own.token(home.anna)}"
    assert site.get(first, "HEAD").status == site.get("/api/me", Authorization=bearer).status == 200
    home.roster.remove(home.named(home.anna))
    assert site.get(second, "HEAD").status == site.get("/api/me", Authorization=bearer).status == 401
