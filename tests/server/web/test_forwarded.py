"""Behind a server with TLS: what it says counts, and what anybody else says does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.server.web.conftest import MakeApp, Site
from tests.waiting import until

TLS = {"X-Forwarded-Proto": "https"}
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def client(app_of: MakeApp) -> FlaskClient:
    return app_of(hosts=None).test_client()


def test_a_feed_has_the_scheme_that_was_asked_by(client: FlaskClient) -> None:
    """Its links lead back through the server in front."""
    feed = client.get("/feed.xml", headers={**TLS, "Host": "guide.example"}).get_data(as_text=True)
    assert "https://guide.example/audio/chair.mp3" in feed
    assert "http://guide.example" not in feed


def test_a_form_of_the_page_is_no_other_sites(client: FlaskClient) -> None:
    """The browser's Origin says https, as the page's address did; http would be another site."""
    asked = {**TLS, "Host": "guide.example"}
    post = client.post("/prepare/ground-now", headers={**asked, "Origin": "https://guide.example"})
    assert post.status_code == 202
    post = client.post("/prepare/ground-now", headers={**asked, "Origin": "http://guide.example"})
    assert post.status_code == 403


def test_the_cookie_is_secure(app_of: MakeApp) -> None:
    """A cookie given over TLS is not sent without it."""
    client = app_of(token="a-long-token").test_client()
    assert "Secure" in client.get("/?token=a-long-token", headers=TLS).headers["Set-Cookie"]
    assert "Secure" not in client.get("/?token=a-long-token").headers["Set-Cookie"]


def test_from_elsewhere_the_header_says_nothing(client: FlaskClient) -> None:
    """Only a server on this machine is believed; one who asks from elsewhere can claim anything."""
    feed = client.get("/feed.xml", headers=TLS, environ_overrides=ELSEWHERE).get_data(as_text=True)
    assert "https://localhost" not in feed
    forged = {**TLS, "Origin": "https://localhost"}
    post = client.post("/prepare/ground-now", headers=forged, environ_overrides=ELSEWHERE)
    assert post.status_code == 403


@pytest.mark.parametrize("scheme", ["javascript", "https, http", "", "https://evil.example/?"])
def test_only_a_scheme_is_one(client: FlaskClient, scheme: str) -> None:
    """Whatever else is written there changes nothing."""
    feed = client.get("/feed.xml", headers={"X-Forwarded-Proto": scheme}).get_data(as_text=True)
    assert "http://localhost/audio/chair.mp3" in feed


def test_nobody_forwards_another_name(app_of: MakeApp) -> None:
    """A name that points here from elsewhere is refused, whatever it says it stands for."""
    client = app_of().test_client()
    for name in ("X-Forwarded-Host", "Forwarded"):
        asked = {"Host": "evil.example", name: "host=localhost" if name == "Forwarded" else "localhost"}
        assert client.get("/", headers=asked).status_code == 421


def test_the_server_passes_it_on(site_of: Callable[..., Site]) -> None:
    """Over a socket it is the same; and finished sound, which is answered without a second look."""
    site = site_of()
    assert b"https://127.0.0.1" in site.get("/feed.xml", **TLS).body
    whole = site.get("/audio/chair.mp3", **TLS).body
    until(lambda: site.service.jobs.under_way() == 0)
    for _ in range(2):
        assert site.get("/audio/chair.mp3", **TLS).body == whole
        assert site.get("/audio/chair.mp3").body == whole


def test_nginx_says_it() -> None:
    """The site that ships sends the scheme wherever it sends the name."""
    text = (Path(__file__).parents[3] / "docs" / "nginx.conf").read_text()
    assert text.count("proxy_set_header X-Forwarded-Proto $scheme;") == text.count(
        "proxy_set_header Host $http_host;"
    )
