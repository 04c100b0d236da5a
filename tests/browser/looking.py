"""Waiting for what a page does."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

PATIENCE_MS = 20_000


def until(page: Page, condition: str) -> None:
    """Return when *condition*, in JavaScript, holds; `audio` and `ground` are the page's two recordings."""
    page.evaluate(
        f"""() => new Promise((done, fail) => {{
            const [audio, ground] = ["audio", "ground-audio"].map((id) => document.getElementById(id));
            const since = performance.now();
            const look = () => {{
                if ({condition}) done();
                else if (performance.now() - since > {PATIENCE_MS}) fail(new Error({condition!r}));
                else requestAnimationFrame(look);
            }};
            look();
        }})"""
    )


def scripted(page: Page) -> Page:
    """Return *page* when its script has taken over."""
    until(page, "document.documentElement.classList.contains('scripted')")
    if page.locator("#audio").count():
        until(page, "document.getElementById('play').onclick")
    return page


def audio(page: Page, what: str) -> Any:
    """Return a property of the session's recording."""
    return page.evaluate(f"() => document.getElementById('audio').{what}")
