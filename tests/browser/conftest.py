"""A real browser against the real server on loopback, with the voice that hums."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from tests.site import served
from voiceguide.listeners import NAMELESS, ListenerStore, MemoryListenerStores
from voiceguide.server.web import create_app, state_of
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

Visit = Callable[..., Page]
"""Opens an address of the site in a browser that was never there; keywords are its context's.

`may_say` is part of the console's errors that are meant to come.
"""


@pytest.fixture(scope="package")
def listeners() -> MemoryListenerStores:
    """What the site keeps of its listeners."""
    return MemoryListenerStores()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory, listeners: MemoryListenerStores) -> Iterator[str]:
    """Return the address of a server with every shipped script."""
    with Studio(
        store=MemoryStore(), jobs=2, today=lambda: date(2026, 11, 22), engines=(HumEngine(),)
    ) as studio:
        app = create_app(studio, folder=tmp_path_factory.mktemp("finished"), listeners=listeners)
        with served(app, state_of(app).close) as server:
            yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium here; apt install chromium")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--autoplay-policy=user-gesture-required"]
        with closing(playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)) as chromium:
            yield chromium


@pytest.fixture(scope="module")
def large_type(browser: Browser) -> Iterator[Browser]:
    """A browser whose reader has asked for type of twice the usual size."""
    arguments = ["--no-sandbox", "--blink-settings=defaultFontSize=32"]
    with closing(browser.browser_type.launch(executable_path=CHROMIUM, args=arguments)) as chromium:
        yield chromium


@pytest.fixture
def store(listeners: MemoryListenerStores) -> ListenerStore:
    """What the site keeps of the nameless listener, of whom it knows nothing yet."""
    listeners.remove(NAMELESS)
    return listeners.of(NAMELESS)


@pytest.fixture
def visit(browser: Browser, site: str, store: ListenerStore) -> Iterator[Visit]:
    """Open pages; at the end, none of them may have complained."""
    complaints: list[str] = []
    contexts = []

    def complain(what: str, unless: str = "") -> None:
        if what and not (unless and unless in what):
            complaints.append(what)

    def open_(path: str, may_say: str = "", **how: Any) -> Page:
        context = browser.new_context(base_url=site, **how)
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complain(said.text if said.type == "error" else "", may_say))
        page.on("pageerror", lambda error: complain(str(error)))
        page.on("request", lambda asked: complain("" if asked.url.startswith(site) else f"asks {asked.url}"))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not complaints
