from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from http import HTTPStatus

import pytest
from flask.testing import FlaskClient

from tests.server.web.conftest import MakeApp, Site
from voiceguide.server.limits import Limits
from voiceguide.server.web import state_of
from voiceguide.server.web.access import HEADERS
from voiceguide.voices.engines.hum import HumEngine

LOW, HIGH = "/voice/hum/low.mp3", "/voice/hum/high.mp3"


def test_a_voice_is_heard_by_its_address(site: Site) -> None:
    """It answers an MP3 of known length, any bytes of it, and nothing to whoever has it already."""
    whole = site.get(LOW)
    assert (whole.status, whole.headers["content-type"]) == (200, "audio/mpeg")
    assert int(whole.headers["content-length"]) == len(whole.body) > 10_000
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    part = site.get(LOW, Range="bytes=100-199")
    assert (part.status, part.body) == (206, whole.body[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.body)}"
    assert site.get(LOW, Range="bytes=900000000-").status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    tag = whole.headers["etag"]
    assert site.get(LOW, If_None_Match=tag).status == 304
    assert site.get(LOW, Range="bytes=100-199", If_Range='"other"').body == whole.body
    head = site.get(LOW, method="HEAD")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", tag)
    assert site.get(HIGH).headers["etag"] != tag


@pytest.mark.parametrize(
    "path",
    ["/voice/hum/none.mp3", "/voice/none/low.mp3", "/voice/hum/%2e%2e%2flow.mp3", "/voice/auto/low.mp3"],
)
def test_what_is_no_voice_is_not_found(client: FlaskClient, path: str) -> None:
    """An engine or voice that is not here is 404: a sentence for programs, a page for people."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert re.fullmatch(r"there is .+", answer.get_json()["error"])
    assert "<h1>" in client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)


def test_who_finds_no_slot_is_told_when_to_ask_again(app_of: MakeApp) -> None:
    """Samples take the places of those who listen to what is made; those that are there need none."""
    app = app_of(limits=Limits(listeners=1, retry=7))
    client, jobs = app.test_client(), state_of(app).service.jobs
    assert client.get(LOW).status_code == 200
    with jobs.slots.taken():
        refused = client.get(HIGH)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "7")
        assert client.get(LOW).status_code == 200
    assert client.get(HIGH).status_code == 200


def test_the_addresses_are_signed(app_of: MakeApp) -> None:
    """Where a token is asked for, pages and lists hand out addresses that need no cookie; none other does."""
    client = app_of(token="secret").test_client()
    bearer = {"Authorization": "Bearer secret"}
    assert client.get(LOW).status_code == 401
    page = unescape(client.get("/session/chair", headers=bearer).get_data(as_text=True))
    listed = client.get("/api/voices", headers=bearer).get_json()["voices"]
    samples = {each["id"]: each["sample"] for each in listed if each["ready"]}
    assert all("sample" not in each for each in listed if not each["ready"])
    for where in (samples["hum/high"], *re.findall(r'data-sample="(/voice/hum/[^"]+)"', page)):
        assert "sig=" in where
        assert client.get(where).status_code == 200
    assert client.get(LOW + samples["hum/high"].partition(".mp3")[2]).status_code == 401


def test_voices_can_be_heard_without_a_script(client: FlaskClient) -> None:
    """The settings lead to a list of voices, each to be heard, and chosen with the wishes kept."""
    session = unescape(client.get("/session/chair?length=3m").get_data(as_text=True))
    (link,) = re.findall(r'href="(/voices/[^"]+)"', session)
    page = unescape(client.get(link).get_data(as_text=True))
    assert "<script>" not in page
    assert re.search(r'<audio controls preload="none" src="/voice/hum/low.mp3"', page)
    (chosen,) = re.findall(r'href="(/session/chair\?voice=hum%2Fhigh[^"]*)"', page)
    assert "length=3m" in chosen
    assert "voice=hum%2Fhigh" in client.get(chosen).get_data(as_text=True)
    assert 'href="/session/chair?length=3m"' in page
    assert client.get("/voices/none").status_code == 404


def test_the_menu_tells_who_speaks_where_nobody_is_chosen(app_of: MakeApp) -> None:
    """What is heard for "the best there is" is the voice that the session would have."""
    page = app_of(HumEngine()).test_client().get("/session/chair?voice=hum/high").get_data(as_text=True)
    assert f'<option value="" data-sample="{LOW}">' in page
    assert f'<option value="hum/high" data-sample="{HIGH}" selected>' in page


def test_a_website_elsewhere_plays_samples_as_it_plays_sessions(
    site_of: Callable[..., Site],
) -> None:
    """Origins that `serve` is told may play them; no other website may."""
    site = site_of(allowed=["http://home.example"])
    shared = site.get(LOW, Origin="http://home.example").headers
    assert shared["cross-origin-resource-policy"] == "cross-origin"
    assert (
        site.get(LOW, Origin="http://other.example").headers["cross-origin-resource-policy"] == "same-origin"
    )
