from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.server.web.conftest import MakeApp, Site
from tests.server.web.signing import earlier, lasting
from tests.waiting import until
from voiceguide.errors import WishError
from voiceguide.server.web.access import origin

TOKEN = "a-long-token"
HOME = "http://home.example:8123"
SHARED = ("/audio/chair.mp3", "/audio/chair.vtt", "/cover/chair.jpg", "/feed.xml")


def shared(client: FlaskClient, path: str, **headers: str) -> tuple[str | None, str | None]:
    """Return what the answer to *path* says of other origins: who may embed it, and who may read it."""
    answer = client.head(path, headers=headers)
    assert answer.status_code == 200
    told = answer.headers
    return told.get("Cross-Origin-Resource-Policy"), told.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("path", [*SHARED, "/", "/session/chair", "/api/scripts"])
def test_no_website_reads_a_library_on_loopback(client: FlaskClient, path: str) -> None:
    """Where no token is asked for, and no origin was named, nothing is for any other site."""
    assert shared(client, path, Origin=HOME, Referer=f"{HOME}/") == ("same-origin", None)
    assert shared(client, f"{path}?sig=0") == ("same-origin", None)


@pytest.mark.parametrize("path", SHARED)
def test_a_signed_address_is_for_any_site(app_of: MakeApp, path: str) -> None:
    """Who has it may play and read what is there, and not with a cookie alone."""
    app = app_of(token=TOKEN)
    for signed in (lasting(app, path), earlier(TOKEN, path)):
        assert shared(app.test_client(), signed, Origin=HOME) == ("cross-origin", "*")
    visitor = app.test_client()
    visitor.get(f"/?token={TOKEN}")
    assert shared(visitor, path, Origin=HOME) == ("same-origin", None)
    assert shared(visitor, f"{path}?sig=0", Origin=HOME) == ("same-origin", None)


@pytest.mark.parametrize("path", SHARED)
def test_a_named_origin_may_play(app_of: MakeApp, path: str) -> None:
    """It reads what it asks for by script, plays what it asks for otherwise, and no other site does."""
    client = app_of(allowed=[HOME]).test_client()
    assert shared(client, path, Origin=HOME) == ("cross-origin", HOME)
    assert shared(client, path, Referer=f"{HOME}/lovelace/0") == ("cross-origin", None)
    for other in ("https://home.example:8123", "http://home.example", "null", "http://["):
        assert shared(client, path, Origin=other, Referer=other) == ("same-origin", None)
    assert shared(client, "/", Origin=HOME) == ("same-origin", None)
    asked = client.options(path, headers={"Origin": HOME, "Access-Control-Request-Headers": "range"})
    assert "Range" in asked.headers["Access-Control-Allow-Headers"]


def test_one_sites_answer_is_not_anothers(site_of: Callable[..., Site]) -> None:
    """What was answered to a named origin a moment ago is not answered to another."""
    site = site_of(allowed=[HOME])
    whole = site.get("/audio/chair.mp3?length=40s", Origin=HOME)
    until(lambda: site.get("/api/state/chair?length=40s").body.find(b'"ready"') > 0)
    for _ in range(3):
        here = site.get("/audio/chair.mp3?length=40s", Origin=HOME)
        there = site.get("/audio/chair.mp3?length=40s", Origin="https://evil.example")
        assert here.headers["access-control-allow-origin"] == HOME
        assert "access-control-allow-origin" not in there.headers
        assert there.headers["cross-origin-resource-policy"] == "same-origin"
        assert here.body == there.body == whole.body


@pytest.mark.parametrize("given", ["https://Home.Example/", "https://home.example:443"])
def test_origins_are_written_as_browsers_do(given: str) -> None:
    """Case, a slash at the end and the usual port make no other origin."""
    assert origin(given) == "https://home.example"


@pytest.mark.parametrize("given", ["home.example", "*", "https://", "http://[", "https://a.b/c", "null"])
def test_what_is_no_origin_is_refused(given: str) -> None:
    """The sentence says how to write one."""
    with pytest.raises(WishError, match=re.escape("write it as https://home.example")):
        origin(given)
