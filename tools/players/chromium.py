"""Chromium: an <audio> of the server's own page, as every web player has it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from tools.players.seen import Asked, Seen, sounds_on, version, within

_ELEMENT = """([address, far]) => new Promise(done => {
    const sound = window.sound = new Audio();
    sound.muted = true;
    if (far) sound.addEventListener('loadedmetadata', () => { sound.currentTime = far; }, {once: true});
    sound.addEventListener('playing', () => done(true), {once: true});
    sound.addEventListener('error', () => done(false), {once: true});
    sound.src = address;
    sound.play().catch(() => done(false));
})"""


class Chromium:
    """A browser tells no page of the chapters in a sound; voiceguide's page brings its own."""

    name = "Chromium"

    def about(self) -> str | None:
        told = version("chromium", "--version")
        return told and " ".join(told.split()[:2])

    def look(self, asked: Asked) -> Seen:
        with _page(asked.address) as page:
            page.evaluate(_ELEMENT, [asked.address, 0])
            within(lambda: _get(page, "currentTime") > 0.3)
            length = _get(page, "duration")
            page.evaluate("far => { sound.currentTime = far }", asked.far)
            return Seen(length, _goes_on(page, asked.far), None)

    def resumes(self, asked: Asked) -> float | None:
        with _page(asked.address) as page:
            page.evaluate(_ELEMENT, [asked.address, asked.far])
            return _goes_on(page, asked.far)


def _get(page: Any, name: str) -> float:
    told = page.evaluate(f"Number.isFinite(sound.{name}) ? sound.{name} : -1")
    return float(told)


def _goes_on(page: Any, far: float) -> float | None:
    return sounds_on(lambda: _get(page, "currentTime"), far)


@contextmanager
def _page(address: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    where = urlsplit(address)
    with sync_playwright() as playing:
        browser = playing.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        page = browser.new_page()
        page.goto(f"{where.scheme}://{where.netloc}/robots-there-are-none")
        yield page
        browser.close()
