"""One script that cannot be played harms no other: it is left out, and its own page says why."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as xml

import numpy as np
import pytest
import soundfile
from flask.testing import FlaskClient

from tests.server.scripts import CHAIR
from tests.server.web.conftest import MakeApp, Site
from tests.waiting import until
from voiceguide.audio import Frames
from voiceguide.script.model import Pace
from voiceguide.server.web import state_of
from voiceguide.voices.engines.hum import HumEngine

PAGE = {"Accept": "text/html"}

FINE = {"chair", "days", "ground-now", "two-rungs"}

_EXACT = "voiceguide: 1\ntitle: Odd\nlength: {length}\n{more}steps:\n  - say: Hello there.\n  - rest: 5s\n"

BROKEN = {
    "too short": (_EXACT.format(length="1m", more=""), "no length"),
    "no such ambience": (CHAIR.replace("{sound: none}", "soft-rian"), "soft-rian"),
    "too many steps": (
        _EXACT.format(length="5m", more="")
        + "  - repeat: {times: 200, steps: [{repeat: {times: 200, steps: [{rest: ~1s}]}}]}\n",
        "steps",
    ),
    "no YAML": ("title: [", "odd.yaml:1"),
    "no such sound": (CHAIR + "  - sound: birds.flac\n", "birds.flac"),
    "no such block": (CHAIR + "  - use: blocks/nothing\n", "nothing"),
    "empty": ("", "odd.yaml:1"),
}
"""Scripts by what is wrong with them, and what their page says."""

ROUTES = (
    "/session/odd", "/read/odd", "/cover/odd.jpg", "/api/scripts/odd", "/api/state/odd", "/audio/odd.mp3",
    "/audio/odd.wav", "/audio/odd.opus", "/audio/odd.vtt", "/audio/odd.chapters.json",
)  # fmt: skip
"""Every address that a script has."""

COMMON = ("/", "/feed.xml", "/api/scripts", "/healthz", "/session/chair", "/api/ambiences")
"""Addresses that are for everybody."""


def status(client: FlaskClient, route: str) -> int:
    """Return what *route* answers with; sound is not made for it."""
    answer = client.head(route) if route.endswith((".mp3", ".wav", ".opus")) else client.get(route)
    answer.close()
    return answer.status_code


def names(client: FlaskClient) -> set[str]:
    return {each["name"] for each in client.get("/api/scripts").get_json()["scripts"]}


def episodes(client: FlaskClient, path: str = "/feed.xml") -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.data
    return [item.findtext("title", "") for item in xml.fromstring(answer.data).iter("item")]


@pytest.mark.parametrize("kind", BROKEN)
def test_what_cannot_be_played_is_left_out_with_its_reason(
    scripts: Path, client: FlaskClient, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    """Feed, library and API have all the others; its own page says what is wrong, and the log does, once."""
    text, said = BROKEN[kind]
    (scripts / "odd.yaml").write_text(text)
    with caplog.at_level("WARNING"):
        for _ in range(2):
            assert len(episodes(client)) == 4
            assert names(client) == FINE
            page = client.get("/", headers=PAGE)
            assert page.status_code == 200
            assert "/session/odd" not in page.get_data(as_text=True)
    assert sum('"odd" cannot be played' in each for each in caplog.messages) == 1
    own = client.get("/session/odd", headers=PAGE)
    assert (own.status_code, own.mimetype) == (503, "text/html")
    assert said in own.get_data(as_text=True)
    assert "<h1>" in own.get_data(as_text=True)


@pytest.mark.parametrize("kind", BROKEN)
def test_no_address_of_it_is_a_fault_of_the_server(scripts: Path, client: FlaskClient, kind: str) -> None:
    """Whichever of its addresses is asked, the answer is one sentence that says why."""
    (scripts / "odd.yaml").write_text(BROKEN[kind][0])
    for route in ROUTES:
        answer = client.get(route)
        readable = route.startswith("/cover/") and answer.status_code == 200  # a picture needs no plan
        assert readable or answer.status_code == 503, route
        assert readable or "\n" not in answer.get_json()["error"].strip(), route


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["deleted", "renamed", "a folder", "unreadable", "broken", "too short"])
def test_what_becomes_of_a_script_while_it_is_served(scripts: Path, app_of: MakeApp, kind: str) -> None:
    """It is gone, or told, at every address soon after, and none has failed meanwhile."""
    client = app_of().test_client()
    path = scripts / "odd.yaml"
    path.write_text(CHAIR)
    assert {status(client, route) for route in ROUTES} == {200}
    assert len(episodes(client)) == 5
    _change(path, kind)

    def gone() -> bool:
        assert {status(client, route) for route in COMMON} == {200}
        told = {route: status(client, route) for route in ROUTES}
        assert set(told.values()) <= {200, 404, 503}, told
        return 200 not in {code for route, code in told.items() if "/cover/" not in route}

    until(gone)
    assert len(episodes(client)) == (5 if kind == "renamed" else 4)


def _change(path: Path, kind: str) -> None:
    if kind == "renamed":
        path.rename(path.with_stem("other"))
    elif kind == "broken":
        path.write_text("title: [")
    elif kind == "too short":
        path.write_text(BROKEN[kind][0])
    else:
        path.unlink()
    if kind == "a folder":
        path.mkdir()
    if kind == "unreadable":
        os.mkfifo(path)  # as root every file can be read; this one nobody reads to its end


def test_who_listens_hears_a_deleted_script_to_its_end(scripts: Path, site_of: Callable[..., Site]) -> None:
    """A stream goes on from what was planned; the next who asks is told that it has gone."""
    site = site_of()
    connection, response = site.open("/audio/chair.mp3?length=4m", Range="bytes=0-2000000")
    with closing(connection), closing(response):
        head = response.read(10_000)
        (scripts / "chair.yaml").unlink()
        body = head + response.read()
    assert len(body) == 2_000_001
    until(lambda: site.get("/audio/chair.mp3?length=4m", Range="bytes=2000001-2000100").status == 404)


def test_a_program_goes_on_without_what_cannot_be_played(
    scripts: Path, app_of: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its page and its feed have the other days; one that is broken says so on its own page alone."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path))
    (scripts / "programs").mkdir()
    days = "voiceguide: 1\ntitle: {title}\nsummary: Days.\ndays:\n"
    fine = "  - {day: 1, script: chair, why: To begin.}\n"
    odd = "  - {day: 2, script: odd, why: Then this.}\n  - {day: 3, script: none-such, why: And that.}\n"
    program = scripts / "programs" / "days.yaml"
    program.write_text(days.format(title="Two ways") + fine + odd)
    (scripts / "programs" / "lost.yaml").write_text(days.format(title="Lost") + odd)
    (scripts / "programs" / "torn.yaml").write_text(days.format(title="Torn") + fine + "  - {day: x")
    (scripts / "programs" / "hole.yaml").mkdir()
    (scripts / "odd.yaml").write_text(BROKEN["too short"][0])
    client = app_of().test_client()
    home = client.get("/").get_data(as_text=True)
    assert "Two ways" in home
    assert not [title for title in ("Lost", "Torn", "hole") if title in home]
    assert episodes(client, "/program/days/feed.xml") == ["Day 1: Back to the chair"]
    page = client.get("/program/days").get_data(as_text=True)
    assert "To begin." in page
    assert "Then this." not in page
    for name, said in (("lost", "odd"), ("torn", "torn.yaml:6"), ("hole", "hole.yaml")):
        for path in (f"/program/{name}", f"/program/{name}/feed.xml"):
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert said in answer.get_json()["error"]
    (scripts / "odd.yaml").write_text(CHAIR)
    until(lambda: len(episodes(client, "/program/days/feed.xml")) == 2)
    program.unlink()
    assert client.get("/program/days").status_code == 404


def test_a_broken_sound_of_ones_own_harms_no_other(
    scripts: Path, app_of: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What names it is left out, until it is there again; all other sounds and scripts are there."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path))
    own = tmp_path / "ambience"
    own.mkdir()
    noise = np.random.default_rng(1).standard_normal((48_000 * 2, 2)) * 0.05
    soundfile.write(own / "brook.flac", noise, 48_000)
    part = {"file": "brook.flac", "frames": len(noise)}
    index = {"about": "A brook.", "gain_db": 0.0, "lufs": -19.0, "peak": 0.3, "layers": [part]}
    (own / "brook.json").write_text(json.dumps(index))
    (own / "torn.json").write_text("{")
    (own / "odd.json").write_text('["not", "an", "entry"]')
    (scripts / "odd.yaml").write_text(CHAIR.replace("{sound: none}", "brook"))
    (scripts / "torn.yaml").write_text(CHAIR.replace("{sound: none}", "torn"))
    client = app_of().test_client()
    assert names(client) == {*FINE, "odd"}
    assert "torn" in client.get("/session/torn").get_json()["error"]
    assert client.get("/session/chair?ambience=torn").status_code == 400
    assert client.get("/api/ambiences").status_code == 200
    assert status(client, "/audio/odd.mp3") == 200
    (own / "brook.flac").rename(tmp_path / "brook.flac")
    until(lambda: names(client) == FINE)
    assert "brook" in client.get("/session/odd").get_json()["error"]
    shutil.copy(tmp_path / "brook.flac", own / "brook.flac")
    until(lambda: names(client) == {*FINE, "odd"})


@pytest.mark.parametrize("broken", ["no YAML", "too short", "no such ambience", "no such sound"])
def test_the_way_back_stays_when_ones_own_is_broken(app_of: MakeApp, scripts: Path, broken: str) -> None:
    """Where one's own script of the ground cannot be played, the one that it hides leads there."""
    own = scripts.parent / "own"
    own.mkdir()
    (own / "ground-now.yaml").write_text(BROKEN[broken][0])
    app = app_of()
    library = state_of(app).service.studio.library
    library._folders = (own, *library._folders)
    assert status(app.test_client(), "/audio/ground-now.mp3") == 200
    assert "Ground now" in app.test_client().get("/session/ground-now").get_data(as_text=True)
    (refused,) = state_of(app).service.playable.refused()
    assert refused.name == "ground-now"


@pytest.mark.parametrize("broken", ["no such sound", "no such block"])
def test_no_folder_of_the_server_is_told(app_of: MakeApp, scripts: Path, broken: str) -> None:
    """What a visitor is told of a script names files, and never where they lie."""
    (scripts / "odd.yaml").write_text(BROKEN[broken][0])
    client = app_of().test_client()
    for route, headers in (("/session/odd", PAGE), ("/session/odd", {}), ("/api/scripts", {}), ("/", PAGE)):
        assert str(scripts) not in client.get(route, headers=headers).get_data(as_text=True)


class Counts(HumEngine):
    """Counts how often it is asked for how long a line will be."""

    asked = 0

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        self.asked += 1
        return super().estimate(text, voice, pace)


def test_nothing_is_planned_for_another_look(scripts: Path, app_of: MakeApp) -> None:
    """The library and the feed plan each script once; a changed one is planned again, and no other."""
    (scripts / "odd.yaml").write_text(BROKEN["too short"][0])
    engine = Counts()
    client = app_of(engine).test_client()
    assert len(episodes(client)) == 4
    client.get("/")  # makes the way back too
    until(lambda: client.get("/api/state/ground-now").get_json()["state"] == "ready")
    once = engine.asked
    for _ in range(3):
        client.get("/")
        client.get("/api/scripts")
        assert len(episodes(client)) == 4
    assert engine.asked == once
    (scripts / "odd.yaml").write_text(_EXACT.format(length="12s", more="").replace("5s", "~5s"))
    until(lambda: len(episodes(client)) == 5)
    assert 0 < engine.asked - once < once
