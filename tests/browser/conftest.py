"""A real browser against the real server on loopback, with the voice that hums."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from voiceguide.engines.hum import HumEngine
from voiceguide.store import MemoryStore
from voiceguide.studio import Studio
from voiceguide.web import create_app

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

Visit = Callable[..., Page]
"""Opens an address of the site in a browser that has never been there; keywords are Playwright's context's."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server with every shipped script."""
    from waitress.server import create_server

    with Studio(
        store=MemoryStore(), jobs=2, today=lambda: date(2026, 11, 22), engines=(HumEngine(),)
    ) as studio:
        app = create_app(studio, folder=tmp_path_factory.mktemp("finished"))
        server = create_server(app, host="127.0.0.1", port=0, threads=12)
        serving = threading.Thread(target=server.run, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{server.effective_port}"
        server.close()
        serving.join(10)
        app.extensions["voiceguide"].close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium here; apt install chromium")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--autoplay-policy=user-gesture-required"]
        with closing(playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)) as chromium:
            yield chromium


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Open pages; at the end, none of them may have complained."""
    complaints: list[str] = []
    contexts = []

    def complain(what: str, at: str) -> None:
        complaints.append(f"{what} at {at}")

    def open_(path: str, **how: Any) -> Page:
        context = browser.new_context(base_url=site, **how)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and complain(said.text, page.url))
        page.on("pageerror", lambda error: complain(str(error), page.url))
        page.on("request", lambda one: one.url.startswith(site) or complain(f"asked {one.url}", page.url))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def here() -> Path:
    return Path(__file__).parent
