"""A script that declares no length, on every surface that shows one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.server.web.conftest import MakeApp

EXACT = """voiceguide: 1
title: Pauses as written
summary: Exact pauses only.
steps:
  - rest: 3s
  - say: Find a way to sit that will do.
  - rest: 20s
  - say: The floor is under you.
  - rest: 15s
  - say: That's all.
"""


PROGRAM = "voiceguide: 1\ntitle: Own\nsummary: A day.\ndays:\n  - {day: 1, script: exact, why: Why not.}\n"


@pytest.fixture
def client(app_of: MakeApp, scripts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    (scripts / "exact.yaml").write_text(EXACT)
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    programs = tmp_path / "data" / "scripts" / "programs"
    programs.mkdir(parents=True)
    (programs / "own.yaml").write_text(PROGRAM)
    return app_of().test_client()


def test_programs_can_tell_how_long_it_is(client: FlaskClient) -> None:
    """The API says how long it is to the frame, and which lengths can be had; that is what is in the feed."""
    found = client.get("/api/scripts/exact").get_json()
    (possible,) = found["lengths"]
    assert possible["shortest"] <= found["least"] <= found["length"] <= found["most"] <= possible["longest"]
    assert found["length"] == int(found["length"])
    feed = client.get("/feed.xml").get_data(as_text=True)
    assert f"duration>{found['length']:.0f}<" in feed


def test_the_slider_offers_what_can_be_had(client: FlaskClient) -> None:
    """Both ends of the slider are lengths that can be had; beyond them the page says which can."""
    page = client.get("/session/exact").get_data(as_text=True)
    slider = re.search(r'id="length" min="(\d+)" max="(\d+)"', page)
    assert slider is not None
    for seconds in slider.groups():
        assert client.get(f"/session/exact?length={seconds}s").status_code == 200
    refused = client.get("/session/exact?length=10m")
    assert refused.status_code == 400
    assert "can be made to last" in refused.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/", "/program/own", "/read/exact", "/cover/exact.jpg", "/api/scripts"])
def test_every_surface_answers(client: FlaskClient, path: str) -> None:
    """Lists, programs, words and covers show about how long it is."""
    assert client.get(path).status_code == 200
