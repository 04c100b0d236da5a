"""A script that is dear to plan holds up nobody who asks for another, least of all the way to the ground."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.server.scripts import CHAIR
from tests.server.web.conftest import Site
from tests.waiting import until
from voiceguide.audio import Frames
from voiceguide.script.model import Pace
from voiceguide.server.limits import Limits
from voiceguide.server.web.hosting import THREADS
from voiceguide.voices.engines.hum import HumEngine

pytestmark = pytest.mark.slow


class Dwells(HumEngine):
    """Does not come to an end with lines that say "dwell", until it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.dwelling, self.let = threading.Event(), threading.Event()

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        if "dwell" in text:
            self.dwelling.set()
            assert self.let.wait(60.0)
        return super().estimate(text, voice, pace)


def ask(site: Site, path: str) -> HTTPConnection:
    """Ask for *path*, and do not wait for an answer."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request("GET", path, headers={"Range": "bytes=0-99"})
    return connection


@pytest.mark.parametrize("ready", [True, False], ids=["made", "not made yet"])
def test_ground_me_waits_for_no_other(scripts: Path, site_of: Callable[..., Site], ready: bool) -> None:
    """While more ask for a script in planning than there are threads, the ground is heard, and others are."""
    (scripts / "dear.yaml").write_text(CHAIR.replace("Notice your feet.", "Let it dwell."))
    engine = Dwells()
    site = site_of(engine)
    if ready:
        site.service.ground.prepare()
        until(lambda: site.get("/api/state/ground-now").body.count(b'"ready"'))
    with ExitStack() as open_until:
        open_until.callback(engine.let.set)
        paths = [
            path
            for second in range(60, 60 + THREADS // 2)
            for path in (
                f"/audio/dear.mp3?length={second}s",
                "/session/dear",
                "/api/scripts/dear",
                "/feed.xml",
            )
        ]
        asked = [open_until.enter_context(closing(ask(site, path))) for path in paths]
        assert engine.dwelling.wait(30)
        for _ in range(3):
            ground = site.get("/audio/ground-now.mp3", Range="bytes=1000-1999")
            assert (ground.status, len(ground.body)) == (206, 1000)
        assert site.get("/audio/ground-now.vtt").body.startswith(b"WEBVTT")
        assert site.get("/audio/chair.mp3", Range="bytes=0-999").status == 206
        assert site.get("/session/chair").status == 200
        engine.let.set()
        answers = [connection.getresponse() for connection in asked]
        found = [(answer.status, answer.getheader("Retry-After"), answer.read()) for answer in answers]
    assert {status for status, _, _ in found} <= {200, 206, 503}
    assert all(retry for status, retry, _ in found if status == 503)
    assert any(status == 200 for status, _, _ in found)
    until(lambda: site.get("/session/dear").status == 200)


def test_the_others_are_listed_while_one_is_planned(scripts: Path, site_of: Callable[..., Site]) -> None:
    """Library and feed come though one script is still in planning; once it is planned it is in both."""
    (scripts / "dear.yaml").write_text(CHAIR.replace("Notice your feet.", "Let it dwell."))
    engine = Dwells()
    site = site_of(engine, limits=Limits(linger=0.05, patience=2.0))
    with ExitStack() as open_until:
        open_until.callback(engine.let.set)
        assert b"/session/chair" in site.get("/").body
        feed = site.get("/feed.xml").body
        assert b"chair.mp3" in feed
        assert b"dear.mp3" not in feed
    until(lambda: b"dear.mp3" in site.get("/feed.xml").body)
