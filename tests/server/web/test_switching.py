"""Who listens in a browser that several share."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.server.web.household import PAGE, PIN, TOKEN, Household, location, me
from voiceguide.listeners import granting
from voiceguide.server.slowing import FREE
from voiceguide.server.web import state_of

HomeOf = Callable[..., Household]


def offered(client: FlaskClient) -> list[str]:
    """Return whom the list offers, by their buttons."""
    page = client.get("/as", headers=PAGE).text
    found = re.search(r'<ul class="who".*?</ul>', page, re.DOTALL)
    return re.findall(r"<button[^>]*>([^<]+)</button>", found[0]) if found else []


def test_two_taps(home: Household) -> None:
    """The list has who came by a link in this browser, and one tap on a name makes it theirs."""
    client = home.browser(home.anna, home.carla)
    assert offered(client) == ["Anna", "Carla"]
    answer = client.post(f"/as/{home.carla}")
    assert (location(answer), me(client)) == ("/", "Carla")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert answer.headers["Cache-Control"] == "no-store"
    client.post(f"/as/{home.anna}")
    assert me(client) == "Anna"
    assert client.post(f"/as/{home.bert}").status_code == 404
    assert client.post("/as/0").status_code == 404


def test_where_no_token_is_asked_everybody_can_be_chosen(home_of: HomeOf) -> None:
    """On loopback the list has everybody, the nameless listener first, and who has a PIN shows it."""
    client = home_of(token=None).app.test_client()
    assert offered(client) == ["Everybody", "Anna", "Bert", "Carla"]
    home = state_of(client.application).roster
    assert home is not None
    bert, anna = home.find("bert").id, home.find("anna").id
    assert client.post(f"/as/{bert}").status_code == 200
    assert me(client) == ""
    client.post(f"/as/{bert}", data={"pin": PIN})
    assert me(client) == "Bert"
    client.post(f"/as/{anna}")
    assert me(client) == "Anna"
    assert client.post(f"/as/{bert}").status_code == 200
    assert me(client) == "Anna"
    client.post("/as/0")
    assert me(client) == ""


def test_nobody_for_now(home: Household) -> None:
    """Who has a PIN can leave, and nothing is shown until somebody is chosen."""
    client = home.browser(home.bert)
    assert location(client.post("/as")) == "/as"
    assert me(client) == "401"
    assert location(client.get("/", headers=PAGE)) == "/as"
    assert offered(client) == ["Bert"]
    assert client.post(f"/as/{home.bert}").status_code == 200
    client.post(f"/as/{home.bert}", data={"pin": PIN})
    assert me(client) == "Bert"


@pytest.mark.parametrize("token", [TOKEN, None])
def test_wrong_pins_become_slow(home_of: HomeOf, token: str | None) -> None:
    """After a few, even the right one has to wait, and so does another from the same address."""
    home = home_of(token=token)
    client = home.browser(home.anna, home.bert)
    for _ in range(FREE):
        assert client.post(f"/as/{home.bert}", data={"pin": "1357"}).status_code == 403
    slowed = client.post(f"/as/{home.bert}", data={"pin": PIN})
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "1")
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "10.0.0.9"}}
    assert client.post(f"/as/{home.bert}", data={"pin": PIN}, **elsewhere).status_code == 429
    assert client.post("/as/nobody", data={"pin": PIN}).status_code == 429
    assert client.post("/as/nobody", data={"pin": PIN}, **elsewhere).status_code == 404
    assert me(client) == "Anna"


def test_who_is_unknown_is_asked_as_slowly(home: Household) -> None:
    """For a listener that there is not, wrong PINs are counted as for one that there is."""
    client = home.browser(home.anna)
    given = {"data": {"pin": "1357"}}
    for who, first in (("c0ffee", [404] * FREE), (home.bert, [])):
        tried = [client.post(f"/as/{who}", **given).status_code for _ in range(FREE + 1)]
        assert tried == first + [429] * (FREE + 1 - len(first))


def test_who_cannot_be_chosen_is_not_slowed_by_others(home: Household) -> None:
    """Wrong PINs count only in a browser where that listener can be chosen, and are read in no other."""
    stranger, client = home.app.test_client(), home.browser(home.anna)
    for _ in range(FREE + 1):
        assert stranger.post(f"/as/{home.bert}", data={"pin": "1357"}).status_code == 404
        client.post(f"/as/{home.bert}", data={"pin": "1357"}, environ_overrides={"REMOTE_ADDR": "10.0.0.9"})
    assert me(home.browser(home.bert)) == "Bert"


def test_what_is_no_listener(home: Household) -> None:
    """Nothing that is asked for in place of a listener is an error, or remembered by its length."""
    client = home.browser(home.anna)
    for wrong in ("..", "%00", "x" * 3000, "ä", "0", "nobody"):
        assert client.get(f"/as/{wrong}").status_code in (308, 404)
        assert client.post(f"/as/{wrong}", data={"pin": "1"}).status_code in (404, 429)


def test_pages_of_who_has_a_pin_stay_in_no_cache(home: Household) -> None:
    """Their pages and records are not stored, and those of others may be."""
    bert, anna = home.browser(home.bert), home.browser(home.anna)
    for path in ("/", "/me", "/api/me"):
        assert bert.get(path, headers=PAGE).headers["Cache-Control"] == "no-store", path
    assert "no-store" not in anna.get("/").headers.get("Cache-Control", "")


def test_forms_are_sent_as_ones_own(home: Household) -> None:
    """Where a page has a form that posts, browsers say where it comes from; elsewhere nothing is said."""
    for client, path, policy in (
        (home.browser(home.anna), "/", "no-referrer"),
        (home.browser(home.anna, home.carla), "/", "same-origin"),
        (home.browser(home.anna), "/me", "same-origin"),
        (home.browser(home.anna), "/as", "same-origin"),
    ):
        assert client.get(path, headers=PAGE).headers["Referrer-Policy"] == policy, path


def test_a_link_that_is_no_longer_right_is_not_offered(home: Household) -> None:
    """Who was given another link can be chosen only where that one was opened."""
    client = home.browser(home.anna, home.carla)
    granting.new_link(home.roster, home.carla)
    assert offered(client) == ["Anna"]
    assert client.post(f"/as/{home.carla}").status_code == 404
