"""With a PIN, addresses and titles of pages do not tell what is heard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.server.web.household import PAGE, Household, location
from voiceguide.listeners.ids import NAMELESS
from voiceguide.server.signing import Signer
from voiceguide.server.veil import Veil

HomeOf = Callable[..., Household]
NAMES = ("chair", "days", "two-rungs", "walk")


PROGRAM = "voiceguide: 1\ntitle: A week\nsummary: Some.\ndays:\n  - {day: 1, script: chair, why: To begin.}\n"


def links(client: FlaskClient, path: str) -> set[str]:
    """Return where the links and forms of a page lead, but to sound and files."""
    page = client.get(path, headers=PAGE).text
    found = re.findall(r'(?:href|action)="(/[^"#]*)', page)
    return {each for each in found if not each.startswith(("/audio/", "/static/", "/cover/"))}


def test_addresses_of_pages_say_nothing(home: Household) -> None:
    """No link from a page, or of a page that is linked from it, has the name of an exercise."""
    client = home.browser(home.bert)
    first = links(client, "/")
    assert len([each for each in first if each.startswith("/session/~")]) >= 3
    for each in first:
        for further in links(client, each) if each.startswith("/session/~") else ():
            if further != "/session/ground-now":  # the way back to the ground is the same for everybody
                assert not any(name in further for name in NAMES), further


def test_what_is_sought_is_in_no_address(home: Household) -> None:
    """The forms of the library send what is sought, which a browser would list, in no address."""
    bert, anna = home.browser(home.bert), home.browser(home.anna)
    found = bert.post("/", data={"q": "chair"}, headers=PAGE | {"Origin": "http://localhost"})
    assert (found.status_code, found.text.count('method="post"')) == (200, 2)
    assert 'method="get"' not in found.text
    assert found.headers["Referrer-Policy"] == "same-origin"  # or the form would be another site's
    assert "/session/~" in found.text
    assert 'method="post"' not in anna.get("/?q=chair", headers=PAGE).text


def test_the_title_says_nothing(home: Household) -> None:
    """The title of every page is the program's name; others have theirs."""
    titles = {}
    for name, client in (("anna", home.browser(home.anna)), ("bert", home.browser(home.bert))):
        page = client.get("/session/chair", headers=PAGE, follow_redirects=True).text
        titles[name] = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert titles["bert"] is not None
    assert titles["bert"][1] == "voiceguide"
    assert titles["anna"] is not None
    assert titles["anna"][1] != "voiceguide"


@pytest.mark.parametrize("page", ["session", "read", "voices"])
def test_a_plain_address_leads_to_the_veiled_one(home: Household, page: str) -> None:
    """What is typed or linked from elsewhere is replaced, with its wishes, and plays the same."""
    client = home.browser(home.bert)
    answer = client.get(f"/{page}/chair?length=2m", headers=PAGE)
    there = urlsplit(answer.headers["Location"])
    assert re.fullmatch(rf"/{page}/~[A-Za-z0-9_-]{{12}}", there.path)
    assert there.query == "length=2m"
    shown = client.get(answer.headers["Location"], headers=PAGE)
    assert shown.status_code == 200
    plain = home.browser(home.anna).get(f"/{page}/chair?length=2m", headers=PAGE)
    assert plain.status_code == 200
    assert "Back to the chair" in plain.text
    assert "Back to the chair" in shown.text


def test_a_veiled_address_is_ones_own(home: Household) -> None:
    """For another listener, and for nobody, there is nothing at it; the same letters are the same page."""
    client = home.browser(home.bert)
    veiled = location(client.get("/session/chair"))
    assert veiled == location(client.get("/session/chair"))
    assert home.browser(home.anna).get(veiled).status_code == 404
    assert home.app.test_client().get(veiled).status_code == 401
    assert client.get(veiled[:-1]).status_code == 404
    assert client.get(veiled.replace("/session/", "/program/")).status_code == 404


def test_the_name_of_a_program_is_veiled_in_a_query(home: Household) -> None:
    """A day of a program is named in the query of its session, and comes back as it was."""
    veil = Veil(Signer(bytes(32)), home.bert)
    query = veil.over_query("length=2m&program=first.week.3&eyes=closed")
    assert "week" not in query
    assert query.startswith("length=2m&program=~")
    pairs = parse_qsl(query)
    lifted = [veil.lifted_pair(name, text, ["other", "first.week"]) for name, text in pairs]
    assert lifted == [("length", "2m"), ("program", "first.week.3"), ("eyes", "closed")]
    assert veil.over_query(query) == query
    other = Veil(Signer(bytes(32)), NAMELESS)
    assert other.lifted_pair(*pairs[1], ["first.week"]) == pairs[1]


def test_pages_of_programs_say_nothing(
    home_of: HomeOf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program's address is veiled, and so is its name in the addresses of its days, which play."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    folder = tmp_path / "data" / "scripts" / "programs"
    folder.mkdir(parents=True)
    (folder / "my-week.yaml").write_text(PROGRAM)
    home = home_of()
    client = home.browser(home.bert)
    address = location(client.get("/program/my-week"))
    assert re.fullmatch(r"/program/~[A-Za-z0-9_-]{12}", address)
    assert address in links(client, "/")
    (day,) = (each for each in links(client, address) if "program=" in each)
    assert "week" not in day
    shown = client.get(day, headers=PAGE)
    assert shown.status_code == 200
    assert not re.search(r'name="program" value="[^~]', shown.text)
    assert home.browser(home.anna).get(address).status_code == 404


def test_cards_in_the_api_have_the_veiled_address(home: Household) -> None:
    """A program that asks for what there is gets the addresses that pages have."""
    client = home.browser(home.bert)
    for card in client.get("/api/scripts").get_json()["scripts"]:
        assert card["url"].startswith("/session/~")
        assert client.get(card["url"]).status_code == 200
