from __future__ import annotations

import os
import re
import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.looking import scripted

PAGES = [
    "/",
    "/?length=5m&intensity=gentle",
    "/session/grounding-chair",
    "/session/people-ladder",
    "/read/people-ladder",
    "/voices/grounding-chair",
    "/program/first-week",
    "/me",
]
MODULES = Path(__file__).parents[2] / "web" / "static"
APART = {
    *("downloads.js", "hear.js", "panels.js", "search.js", "units.js"),
    *("earlier.js", "jot.js", "keeping.js", "me.js", "outbox.js", "remember.js", "visit.js"),
}
"""What is loaded when it is needed, or where; all that plays works without."""


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong with *page* as it stands."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is absent"
    )
    found = axe.Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['help']} {[node['target'] for node in each['nodes']]}" for each in found]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(visit: Visit, path: str, scheme: str) -> None:
    """No page breaks a rule of axe-core, contrast included, in either scheme."""
    assert not violations(scripted(visit(path, color_scheme=scheme)))


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_where_nothing_is(visit: Visit, scheme: str) -> None:
    """The page that says what went wrong keeps the rules, too."""
    page = visit("/session/none-such", may_say="404", color_scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not violations(page)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_nothing_in_what_opens(visit: Visit, scheme: str) -> None:
    """Nor do the playing page, its panels, the dialogs and the end."""
    page = scripted(visit("/session/grounding-chair", color_scheme=scheme, reduced_motion="reduce"))
    page.locator("#play").click()
    expect(page.locator("#words .now")).not_to_be_empty()
    assert not violations(page)
    for name in ("chapters", "settings", "download", "support"):
        page.get_by_role("button", name=name).click()
        assert not violations(page)
        page.keyboard.press("Escape")
    for key, heading in (("Shift+?", "Keys"), ("g", "Ground now")):
        page.keyboard.press(key)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        assert not violations(page)
        page.keyboard.press("Escape")
    page.evaluate(
        "() => { const audio = document.getElementById('audio'); audio.currentTime = audio.duration - 0.5 }"
    )
    page.locator("#play").click()
    expect(page.get_by_role("heading", name="Take your time.")).to_be_visible()
    assert not violations(page)


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("path", PAGES)
def test_fits_a_narrow_phone(visit: Visit, path: str, scheme: str, tmp_path: Path) -> None:
    """At 320 pixels nothing is cut off or scrolls sideways, and a thumb can hit every control."""
    page = scripted(visit(path, viewport={"width": 320, "height": 640}, color_scheme=scheme))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, .button, .ground-me, nav :is(a, label)")]
            .filter((each) => each.checkVisibility())
            .filter((each) => Math.min(each.offsetHeight, each.offsetWidth) < 48)
            .map((each) => `${each.textContent.trim()} ${each.offsetWidth}x${each.offsetHeight}`)"""
    )
    assert not small
    picture = page.screenshot(path=tmp_path / "page.png")
    assert len(picture) > 5_000


@pytest.mark.slow
def test_dark_unless_light_is_preferred(visit: Visit) -> None:
    """The paper is dark, and light for who prefers it."""
    paper = "() => getComputedStyle(document.body).backgroundColor"
    assert visit("/", color_scheme="dark").evaluate(paper) == "rgb(25, 22, 20)"
    assert visit("/", color_scheme="light").evaluate(paper) == "rgb(246, 240, 230)"


@pytest.mark.slow
def test_still_with_reduced_motion(visit: Visit) -> None:
    """Who asks for less motion gets none: the ring stays as it is."""
    page = scripted(visit("/session/grounding-chair", reduced_motion="reduce"))
    page.evaluate("() => document.getElementById('session').classList.add('full')")
    assert page.evaluate("() => getComputedStyle(document.querySelector('.ring')).transform") == "none"


@pytest.mark.slow
def test_works_without_a_script(visit: Visit) -> None:
    """Without JavaScript there are a plain player, settings by form, downloads and the words to read."""
    page = visit("/session/grounding-chair", java_script_enabled=False)
    expect(page.locator("audio#audio[controls]")).to_be_visible()
    expect(page.locator("#play")).to_be_hidden()
    page.get_by_role("button", name="download").click()
    assert "download=1" in (page.get_by_role("link", name="FLAC").get_attribute("href") or "")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="settings").click()
    page.locator("select[name=length]").select_option("4:00")
    page.get_by_role("button", name="Use these").click()
    expect(page.locator("#facts")).to_contain_text("4")
    assert "length=4m" in (page.locator("#audio").get_attribute("src") or "")
    page.get_by_role("link", name="read").click()
    expect(page.get_by_role("heading", name="Feet")).to_be_visible()
    page.get_by_role("link", name="Ground me").click()
    expect(page.get_by_role("heading", name="Ground now", level=1)).to_be_visible()


@pytest.mark.slow
def test_filters_without_a_script(visit: Visit) -> None:
    """The library narrows down by its address alone, and carries the time there is to the session."""
    page = visit("/", java_script_enabled=False)
    everything = page.locator(".cards li").count()
    page.get_by_label("Time there is").select_option("3 minutes")
    page.get_by_label("How strong").select_option("gentle")
    page.get_by_role("button", name="Show").click()
    assert 0 < page.locator(".cards li").count() < everything
    page.get_by_role("link", name="Held up by a chair").click()
    assert page.url.endswith("/session/grounding-chair?length=3m")


@pytest.mark.slow
def test_a_refusal_is_a_sentence(visit: Visit, site: str) -> None:
    """A length that cannot be had is answered with a page that says so, and with "Ground me"."""
    page = visit("/")
    complaint = page.request.get(f"{site}/session/grounding-chair?length=9h", headers={"Accept": "text/html"})
    assert complaint.status == 400
    assert "Ground me" in complaint.text()
    assert 'id="message"' in complaint.text()


def imported(name: str, seen: dict[str, int]) -> dict[str, int]:
    """Add to *seen* the size of module *name* and of all that it imports, at once or later."""
    module = MODULES / name
    if name not in seen:
        seen[name] = module.stat().st_size
        for each in re.findall(r"""(?:from|import)[ (]*["']\./([a-z]+\.js)""", module.read_text()):
            imported(each, seen)
    return seen


def test_modules_stay_small() -> None:
    """The player's modules together stay under 20 KiB; what loads apart from them stays small, too."""
    player = imported("page.js", imported("session.js", {}))
    apart = {name: player.pop(name, (MODULES / name).stat().st_size) for name in APART}
    assert {"player.js", "ladder.js", "words.js"} < set(player)
    assert sum(player.values()) < 20 * 1024
    assert {module.name for module in MODULES.glob("*.js")} == {*player, *APART}
    assert all(size < 2 * 1024 for size in apart.values())


@pytest.mark.slow
@pytest.mark.parametrize("path", [*PAGES, "/session/none-such"])
def test_the_validator_finds_nothing(site: str, path: str) -> None:
    """The Nu HTML checker has nothing to say of any page, of labels and headings neither."""
    checker = Path(os.environ.get("VNU_JAR", "vnu.jar"))
    if not checker.exists() or shutil.which("java") is None:
        pytest.skip("no Nu checker: npm install vnu-jar, have Java 17, and say in VNU_JAR where vnu.jar is")
    asked = urllib.request.Request(site + path, headers={"Accept": "text/html"})
    try:
        with urllib.request.urlopen(asked) as answer:
            page = answer.read()
    except urllib.error.HTTPError as error:
        page = error.read()
    command = ["java", "-jar", str(checker), "--stdout", "-"]
    assert not subprocess.run(command, input=page, capture_output=True, check=False).stdout.decode()
