"""A voice that sends words away speaks on a server only if that was started for it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.plugins import installed
from tests.server.scripts import CHAIR, library
from voiceguide.server.limits import Limits
from voiceguide.server.web import create_app, state_of
from voiceguide.session import Studio
from voiceguide.store import MemoryStore

FAR = """
from voiceguide.voices.engines.hum import HumEngine

class Engine(HumEngine):
    name = "far"
    local = False
"""
PAGES = ("/", "/session/chair", "/api/voices", "/api/openapi.json", "/api/scripts/chair", "/feed.xml")

ClientOf = Callable[[tuple[str, ...]], FlaskClient]


@pytest.fixture
def client_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClientOf]:
    """Asks servers with the registered engines, of which `far` sends words away, and some are allowed."""
    installed(tmp_path / "site", "far", FAR)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setenv("VOICEGUIDE_CACHE", str(tmp_path / "cache"))
    scripts = library(tmp_path / "scripts")
    (tmp_path / "scripts" / "afar.yaml").write_text(
        CHAIR.replace("intensity:", "voice: {name: far/low}\nintensity:")
    )
    with ExitStack() as until_over:

        def make(allowed: tuple[str, ...]) -> FlaskClient:
            studio = Studio(
                store=MemoryStore(),
                jobs=1,
                today=lambda: date(2026, 11, 22),
                library=scripts,
                allowed=allowed,
            )
            until_over.callback(studio.close)
            app = create_app(studio, folder=tmp_path / "kept", limits=Limits(linger=0.05))
            until_over.callback(state_of(app).close)
            return app.test_client()

        yield make
    sys.modules.pop("plugin_far", None)


def test_it_is_refused_where_it_is_not_allowed(client_of: ClientOf) -> None:
    """Whoever asks for it has one sentence, which says what whoever runs the server could do."""
    client = client_of(())
    for wish in ("far", "far/low"):
        answer = client.get(f"/audio/chair.mp3?voice={wish}")
        assert answer.status_code == 400
        assert answer.get_json()["error"] == (
            'engine "far" sends what it says over the network, and may be asked for only where '
            "whoever runs this has started it with --allow-engine far"
        )


def test_it_is_on_no_page_where_it_is_not_allowed(client_of: ClientOf) -> None:
    """Neither menus nor lists nor the API's description name it, nor does the hint at another voice."""
    client = client_of(())
    for page in PAGES:
        assert "far/" not in client.get(page).get_data(as_text=True)
    assert "far" not in {each["engine"] for each in client.get("/api/voices").get_json()["voices"]}
    assert '"far"' not in client.get("/audio/chair.mp3?voice=fart").get_json()["error"]


def test_it_speaks_where_it_is_allowed_and_named(client_of: ClientOf) -> None:
    """Started for it, the server lists it, and who names it hears it; who does not, does not."""
    client = client_of(("far",))
    assert "far" in {each["engine"] for each in client.get("/api/voices").get_json()["voices"]}
    assert "far/low" in client.get("/session/chair").get_data(as_text=True)
    assert client.head("/audio/chair.mp3?voice=far").status_code == 200
    voices = [client.get(f"/api/state/chair{query}").get_json()["voice"] for query in ("?voice=far", "")]
    assert voices[0] == "far/low"
    assert not voices[1].startswith("far/")


def test_a_script_that_names_it_is_told_of(client_of: ClientOf) -> None:
    """A script cannot send its words away either: it is left out, and its own page says why."""
    client = client_of(())
    answer = client.get("/session/afar", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert "--allow-engine far" in json.dumps(answer.get_json())
