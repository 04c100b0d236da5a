"""The pages on which listeners are managed, by an admin and by themselves."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from tests.server.web.household import PAGE, PIN, TOKEN, Household, location, me
from tests.server.web.test_doors import basic
from voiceguide.listeners import Note, Put, WriteStamp
from voiceguide.listeners.rights import Right
from voiceguide.server.web import state_of

HomeOf = Callable[..., Household]


def shown(page: str, what: str) -> str:
    """Return the credential that a page shows."""
    found = re.search(rf'<code id="{what}">([^<]+)</code>', page)
    assert found is not None
    return html.unescape(found[1])


@pytest.fixture
def admin(home: Household) -> FlaskClient:
    return home.browser(home.carla)


def test_only_an_admin_manages(home: Household) -> None:
    """Who may not is refused, whatever they ask for, and nothing changes."""
    before = home.roster.all()
    client = home.browser(home.anna)
    assert client.get("/listeners").status_code == 403
    for path in (
        "/listeners",
        f"/listeners/{home.bert}/link",
        f"/listeners/{home.bert}/may",
        f"/listeners/{home.bert}/pin",
        f"/listeners/{home.bert}/passwords",
        f"/listeners/{home.bert}/passwords/x/remove",
        f"/listeners/{home.bert}/remove",
    ):
        answer = client.post(path, data={"name": "Dora", "label": "x", "door": "feed"})
        assert answer.status_code == 403, path
        assert home.app.test_client().post(path).status_code == 401, path
    assert home.roster.all() == before


def test_adding_a_listener(home: Household, admin: FlaskClient) -> None:
    """Their link is shown once, opens the page, and they may do what was ticked."""
    page = admin.post("/listeners", data={"name": " Dora  <b> ", "may": ["write"]}, headers=PAGE)
    link = urlsplit(shown(page.text, "address"))
    assert "Dora &lt;b&gt;" in page.text
    assert link.query not in admin.get("/listeners", headers=PAGE).text
    client = home.app.test_client()
    client.get(f"{link.path}?{link.query}")
    assert me(client) == "Dora <b>"
    assert home.roster.find("Dora <b>").may == {Right.LISTEN, Right.WRITE}
    for wrong in ({"name": "Dora <b>"}, {"name": ""}, {"name": "Eve", "may": "everything"}):
        assert admin.post("/listeners", data=wrong).status_code == 400


def test_changing_rights(home: Household, admin: FlaskClient) -> None:
    """An admin takes and gives rights; it holds for the next request of who has them."""
    client = home.browser(home.bert)
    assert client.get("/listeners").status_code == 403
    assert admin.post(f"/listeners/{home.bert}/may", data={"may": "admin"}).status_code == 303
    assert client.get("/listeners").status_code == 200
    assert admin.post(f"/listeners/{home.bert}/may").status_code == 303
    assert client.get("/listeners").status_code == 403
    assert home.roster.of(home.bert).may == {Right.LISTEN}
    assert admin.post(f"/listeners/{home.bert}/may", data={"may": "all"}).status_code == 400


def test_what_is_lost_is_made_anew(home: Household, admin: FlaskClient) -> None:
    """An admin makes another link, and takes away a PIN that nobody remembers."""
    page = admin.post(f"/listeners/{home.anna}/link", headers=PAGE).text
    assert shown(page, "address").endswith(f"/?token={home.token(home.anna)}")
    assert home.named(home.anna).links == 1
    assert location(admin.post(f"/listeners/{home.bert}/pin")) == "/listeners"
    assert me(home.browser(home.bert)) == "Bert"


def test_where_anybody_is_an_admin_a_pin_holds(home_of: HomeOf) -> None:
    """Where no token is asked, nobody takes a PIN away on the page, or is let in around it."""
    home = home_of(token=None)
    for client in (home.app.test_client(), home.browser(home.carla)):
        for what in ("link", "pin", "passwords", "passwords/x/remove", "remove"):
            answer = client.post(f"/listeners/{home.bert}/{what}", data={"label": "x", "door": "feed"})
            assert answer.status_code == 403, what
        assert f'action="/listeners/{home.bert}' not in client.get("/listeners", headers=PAGE).text
        assert client.post(f"/listeners/{home.anna}/link").status_code == 200
    assert me(home.browser(home.bert)) == "Bert"


def test_removing_a_listener(home: Household, admin: FlaskClient) -> None:
    """With the name go the records."""
    stores = state_of(home.app).listeners
    stores.of(home.anna).write(Put(Note("n", "mine"), WriteStamp(1, "d")))
    client = home.browser(home.anna)
    admin.post(f"/listeners/{home.anna}/remove")
    assert me(client) == "401"
    assert stores.ids() == ()
    assert "Anna" not in admin.get("/listeners", headers=PAGE).text
    assert admin.post(f"/listeners/{home.anna}/remove").status_code == 404


@pytest.mark.parametrize("who", ["admin", "self"])
def test_app_passwords(home: Household, admin: FlaskClient, who: str) -> None:
    """One is shown once, with an address for apps that ask for no password; without it both end."""
    client, base = (
        (admin, f"/listeners/{home.anna}/passwords")
        if who == "admin"
        else (home.browser(home.anna), "/me/passwords")
    )
    page = client.post(base, data={"label": "phone", "door": "feed"}, headers=PAGE).text
    secret, address = shown(page, "secret"), urlsplit(shown(page, "address"))
    again = client.get("/listeners" if who == "admin" else "/me", headers=PAGE).text
    assert "phone" in again
    assert secret not in again
    app = home.app.test_client()
    feeds = [
        app.get("/feed.xml", headers={"Authorization": basic("Anna", secret)}),
        app.get(f"{address.path}?{address.query}"),
    ]
    assert [feed.status_code for feed in feeds] == [200, 200]
    assert feeds[0].data == feeds[1].data
    assert client.post(base, data={"label": "phone", "door": "feed"}).status_code == 400
    assert client.post(base, data={"label": "tv", "door": "front"}).status_code == 400
    (kept,) = home.named(home.anna).passwords
    client.post(f"{base}/{kept.id}/remove")
    assert app.get("/feed.xml", headers={"Authorization": basic("Anna", secret)}).status_code == 401
    assert app.get(f"{address.path}?{address.query}").status_code == 401


def test_ones_own_pin(home: Household) -> None:
    """It is set by writing it twice, ends every other browser, and is changed by who knows it alone."""
    client, other = home.browser(home.anna), home.browser(home.anna)
    assert client.post("/me/pin", data={"pin": "1234", "again": "1235"}).status_code == 400
    assert client.post("/me/pin", data={"pin": "12", "again": "12"}).status_code == 400
    assert location(client.post("/me/pin", data={"pin": "1234", "again": "1234"})) == "/me"
    assert (me(client), me(other)) == ("Anna", "401")
    new = {"pin": "4321", "again": "4321"}
    for old in ({}, {"old": "4321"}):
        assert client.post("/me/pin", data={**new, **old}).status_code == 403
    assert client.post("/me/pin", data={**new, "old": "1234"}).status_code == 303
    assert home.named(home.anna).pin is not None
    assert client.post("/me/pin", data={"old": "4321"}).status_code == 303
    assert home.named(home.anna).pin is None
    assert me(client) == "Anna"


def test_guessing_ones_own_pin_is_slow(home: Household) -> None:
    """A browser that is left open does not help to guess the PIN."""
    client = home.browser(home.bert)
    tried = [client.post("/me/pin", data={"old": "1", "pin": "1234", "again": "1234"}) for _ in range(4)]
    assert [each.status_code for each in tried] == [403, 403, 403, 429]
    assert client.post(f"/as/{home.bert}", data={"pin": PIN}).status_code == 429


def test_who_has_no_name(home: Household) -> None:
    """The nameless listener has a page, and neither PIN nor app passwords."""
    client = home.app.test_client()
    client.get(f"/?token={TOKEN}")
    assert client.get("/me", headers=PAGE).status_code == 200
    assert client.post("/me/pin", data={"pin": "1234", "again": "1234"}).status_code == 404
    assert client.post("/me/passwords", data={"label": "x", "door": "feed"}).status_code == 404


def test_a_server_without_names(client: FlaskClient) -> None:
    """Where nobody has a name, the page of listeners is not there, and everything else is."""
    assert client.get("/listeners").status_code == 404
    assert client.get("/me", headers=PAGE).status_code == 200
    assert client.get("/as", headers=PAGE).status_code == 200
