"""The way back to the ground, with real voices, where nothing has been made yet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.server.web.conftest import Site
from tests.site import served
from tests.waiting import until
from voiceguide.server.web import create_app, state_of
from voiceguide.session import Studio
from voiceguide.store import FolderStore
from voiceguide.voices.engines.pico import PicoEngine
from voiceguide.voices.engines.piper import PiperEngine

both = pytest.mark.skipif(
    not (PicoEngine().status().ready and PiperEngine().status().ready),
    reason="pico or piper is missing",
)


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A server on an empty cache, with the voices that are installed."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    with Studio(store=FolderStore(tmp_path / "clips")) as studio:
        app = create_app(studio, folder=tmp_path)
        with served(app, state_of(app).close) as server:
            yield Site(app, server, server.port)


def ground(site: Site) -> str:
    """Return the address that the page has for its "Ground me"."""
    found = re.search(rb'id="ground-audio"[^>]* src="([^"]+)"', site.get("/").body)
    assert found is not None
    return unescape(found[1].decode())


def state(site: Site, query: str = "") -> dict[str, str]:
    told: dict[str, str] = json.loads(site.get(f"/api/state/ground-now{query}").body)
    return told


@both
@pytest.mark.voice
def test_a_quick_voice_speaks_until_the_best_is_ready(fresh: Site) -> None:
    """The first page's "Ground me" is whole before the best voice's is; pages after that have the best's."""
    first = ground(fresh)
    whole = fresh.get(first)
    assert state(fresh)["state"] != "ready"
    assert whole.status == 200
    assert state(fresh, "?voice=pico")["voice"].startswith("pico/")
    assert "voice=pico" in first
    until(lambda: state(fresh)["state"] == "ready", 120)
    assert "voice=" not in ground(fresh)
    assert not state(fresh)["voice"].startswith("pico/")
