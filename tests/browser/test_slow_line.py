"""A slow line has room for one recording at a time."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.looking import scripted, until

SLOW = {"offline": False, "latency": 150, "downloadThroughput": 150_000 / 8, "uploadThroughput": 150_000 / 8}
"""150 kbit/s, of which a session takes 128."""

pytestmark = pytest.mark.slow


def slowed(page: Page) -> Page:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    return page


def test_a_session_plays_without_stalls(visit: Visit) -> None:
    """At 150 kbit/s no more than a twentieth of the time is waited: nothing else takes the line."""
    page = slowed(visit("/healthz", may_say="404"))
    page.goto("/session/grounding-chair")
    scripted(page)
    page.evaluate(
        """() => {
            const audio = document.getElementById("audio");
            let since;
            window.waited = 0;
            audio.addEventListener("waiting", () => (since ??= audio.currentTime > 0.1 && performance.now()));
            audio.addEventListener("playing", () => {
                if (since) window.waited += performance.now() - since;
                since = undefined;
            });
        }"""
    )
    page.locator("#play").click()
    until(page, "audio.currentTime > 15")
    assert page.evaluate("() => window.waited / 15000") < 0.05
