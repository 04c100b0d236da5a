from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.server.web.conftest import MakeApp
from voiceguide.server.web import state_of
from voiceguide.server.web.access import HEADERS

TOKEN = "a-long-token"

PAGES = ("/", "/session/chair", "/read/chair", "/audio/chair.mp3", "/feed.xml", "/api/scripts", "/nothing")


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_has_the_headers_of_safety(client: FlaskClient, path: str) -> None:
    """Pages, sound, feeds and errors forbid what a browser need not do."""
    answer = client.head(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/session/chair", "/session/two-rungs", "/read/chair"])
def test_pages_ask_nobody_else_and_carry_no_inline_script(client: FlaskClient, path: str) -> None:
    """No page loads anything from another host, and none has inline script, style or handler."""
    page = client.get(path).get_data(as_text=True)
    loaded = re.findall(
        r"""<(?:script|link|img|audio|video|iframe|source|use)\b[^>]*?(?:src|href)="([^"]*)\"""", page
    )
    assert all(not re.match(r"[a-z]+:|//", address) for address in loaded)
    assert not re.search(r"<script(?![^>]*src=)[^>]*>\s*\S", page)
    assert not re.search(r"""\son[a-z]+\s*=\s*["']""", page)
    assert not re.search(r"""<[^>]+\sstyle\s*=""", page)


def test_other_names_for_this_machine_are_refused(client: FlaskClient, app_of: MakeApp) -> None:
    """On loopback no page elsewhere can reach in by pointing its own name here; else any name will do."""
    for host in ("localhost:8765", "127.0.0.1", "[::1]:8765"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.nip.io:80", "[::2]"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 421
    anyone = app_of(hosts=None).test_client()
    assert anyone.get("/healthz", headers={"Host": "guide.home.arpa"}).status_code == 200


def test_another_site_may_not_ask_for_anything(client: FlaskClient) -> None:
    """A form on another page cannot set work going."""
    assert client.post("/prepare/ground-now", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/prepare/ground-now", headers={"Origin": "http://localhost"}).status_code == 202
    assert client.post("/prepare/ground-now").status_code == 202


def test_without_the_token_nothing_is_shown(app_of: MakeApp) -> None:
    """With a token, every address but the health check asks for it."""
    client = app_of(token=TOKEN).test_client()
    for path in (
        *PAGES,
        "/audio/chair.mp3?sig=0",
        "/?token=wrong",
        "/cover/chair.jpg?sig=",
    ):
        assert client.get(path).status_code == 401, path
    assert client.get("/healthz").status_code == 200


def test_the_token_becomes_a_cookie_and_leaves_the_address(app_of: MakeApp) -> None:
    """The first visit with ?token= is sent on without it; the cookie is closed to scripts and other sites."""
    client = app_of(token=TOKEN).test_client()
    first = client.get(f"/session/chair?length=2m&token={TOKEN}")
    assert first.status_code == 303
    assert first.headers["Location"] == "/session/chair?length=2m"
    assert client.get(f"/session/a%3F?token={TOKEN}").headers["Location"] == "/session/a%3F"
    cookie = first.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert TOKEN not in cookie
    assert client.get("/session/chair?length=2m").status_code == 200


def test_signed_addresses_let_a_player_in(app_of: MakeApp) -> None:
    """What the feed and the page hand out can be followed without a cookie, and opens nothing else."""
    app = app_of(token=TOKEN)
    visitor, player = app.test_client(), app.test_client()
    visitor.get(f"/?token={TOKEN}")
    feed = visitor.get("/feed.xml").get_data(as_text=True)
    addresses = [
        address.replace("&amp;", "&").removeprefix("http://localhost")
        for address in re.findall(r'(?:url|href)="([^"]+)"', feed)
        if not address.endswith(".dtd")
    ]
    assert len(addresses) > 10
    for address in addresses:
        assert "sig=" in address
        assert player.head(address).status_code == 200, address
    signed = next(address for address in addresses if "/audio/chair.mp3" in address)
    assert player.head(f"{signed}&length=2m").status_code == 401
    assert player.head(signed.replace("chair", "days")).status_code == 401
    assert player.get("/" + signed.partition("?")[2]).status_code == 401


TRAVERSALS = (
    "../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "....//....//etc/passwd",
    "/etc/passwd",
    "..\\..\\windows\\win.ini",
    "chair%00",
    "blocks/ground",
)


@pytest.mark.parametrize("wrong", TRAVERSALS)
@pytest.mark.parametrize(
    "form",
    [
        "/audio/{}.mp3",
        "/audio/{}.vtt",
        "/session/{}",
        "/read/{}",
        "/cover/{}.jpg",
        "/api/scripts/{}",
        "/static/{}",
    ],
)
def test_no_name_is_a_path(client: FlaskClient, form: str, wrong: str) -> None:
    """Names come from the index: whatever else is asked for is not there."""
    answer = client.get(form.format(wrong))
    assert answer.status_code in (308, 404)
    assert b"root:" not in answer.data


@pytest.mark.parametrize(
    "query",
    [
        "length=" + "9" * 2000,
        "seed=a%0d%0aSet-Cookie:%20x=1",
        "&".join(f"o{number}=x" for number in range(40)),
        "length=1e99",
        "length=-5m",
        "voice=;rm%20-rf",
        "name=%00",
        "length=2m&length=3m",
        "nonsense=1",
        "level=inf",
        "%ff=%fe",
    ],
)
def test_queries_are_refused_with_a_sentence(client: FlaskClient, query: str) -> None:
    """What cannot be read is 400 and one sentence, nothing is begun, and nothing of it gets into a header."""
    answer = client.get(f"/audio/chair.mp3?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]
    assert "Set-Cookie" not in answer.headers
    assert "Traceback" not in answer.get_data(as_text=True)
    assert state_of(client.application).service.jobs.begun == 0


def test_a_download_name_cannot_break_its_header(app_of: MakeApp, scripts: Path) -> None:
    """Whatever the script's title, the header has the file's name twice and nothing else."""
    path = scripts / "chair.yaml"
    path.write_text(path.read_text().replace("title: Back to the chair", "title: 'A \"; x=y'"))
    client = app_of().test_client()
    answer = client.head("/audio/chair.mp3?download=1")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].count(";") == 2


def test_nobody_learns_where_one_was(client: FlaskClient) -> None:
    """Pages tell no other site, and no other page, where one came from."""
    for path in ("/", "/session/chair", "/read/chair", "/audio/chair.txt"):
        assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
