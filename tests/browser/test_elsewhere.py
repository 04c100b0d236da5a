"""Pages of another origin: which may play what is here, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.server.web.signing import media
from tests.site import served
from voiceguide.server.web import create_app, state_of
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine

pytestmark = pytest.mark.slow

SOUND = "/audio/ground-now.mp3"


class _Empty(BaseHTTPRequestHandler):
    """Another website: every page is an empty one."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def elsewhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Empty) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("case", ["signed", "named", "neither"])
def test_who_may_play_from_elsewhere(browser: Browser, tmp_path: Path, case: str) -> None:
    """A page elsewhere plays and reads a signed address, or where its origin is named, and else neither."""
    with ExitStack() as stack:
        other = stack.enter_context(elsewhere())
        studio = stack.enter_context(Studio(store=MemoryStore(), jobs=1, engines=(HumEngine(),)))
        app = create_app(
            studio,
            folder=tmp_path,
            token="apple-tree" if case == "signed" else None,
            allowed=[other] if case == "named" else [],
        )
        server = stack.enter_context(served(app, state_of(app).close))
        address = media(app, SOUND)
        context = stack.enter_context(closing(browser.new_context()))
        page = context.new_page()
        page.goto(other)
        played, read = page.evaluate(
            """async (url) => {
                const plays = new Promise((done) => {
                    const audio = document.body.appendChild(new Audio(url));
                    audio.oncanplay = () => done(true);
                    audio.onerror = () => done(false);
                });
                const reads = fetch(url, { headers: { Range: "bytes=0-99" } })
                    .then(async (answer) => (await answer.arrayBuffer()).byteLength, () => 0);
                return [await plays, await reads];
            }""",
            f"http://127.0.0.1:{server.port}{address}",
        )
        assert (played, read) == ((False, 0) if case == "neither" else (True, 100))
