from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from flask.testing import FlaskClient

from tests.server.web.conftest import MakeApp
from voiceguide.server.query import PARAMETERS, read_query
from voiceguide.server.web.pages import UNSHOWN


class Form(HTMLParser):
    """What a browser without scripts sends of a page's settings when nobody touches them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._inside = False
        self._select = ""
        self._unsaid = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == "wishes"
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "input" and self._inside and "name" in given:
            self.sent[given["name"]] = given.get("value", "")
        elif tag == "option" and self._asked(given):
            self.sent[self._select] = given.get("value", "")
            self._unsaid = "" if "value" in given else self._select

    def _asked(self, option: dict[str, str]) -> bool:
        here = self._inside and self._select != ""
        return here and ("selected" in option or self._select not in self.sent)

    def handle_data(self, data: str) -> None:
        if self._unsaid:
            self.sent[self._unsaid], self._unsaid = data, ""


@pytest.mark.parametrize(
    "query",
    [
        "",
        "length=2m13s",
        "length=1m10.25s",
        "level=0",
        "level=-55",
        "level=5",
        "level=-20.25",
        "voice=hum",
        "voice=auto",
        "ambience=none",
        "seed=x&loudness=podcast&bitrate=192",
        "length=2m&level=-7.5&name=Sam&loudness=calm&eyes=closed",
    ],
)
def test_settings_that_nobody_touches_stay_as_they_are(client: FlaskClient, query: str) -> None:
    """Sent as the page shows it, the form asks for what the address asked, and for what is usual anyway."""
    sent = Form(client.get(f"/session/chair?{query}").get_data(as_text=True)).sent
    wanted = read_query(parse_qsl(query))
    usual = {} if "eyes" in query else {"eyes": "open"}
    assert read_query(sent.items()).query == read_query([*parse_qsl(wanted.query), *usual.items()]).query


def test_options_called_like_wishes_are_fields_of_their_own(app_of: MakeApp, tmp_path: Path) -> None:
    """A script may call its options what it likes: the form asks for them, and for the wish of that name."""
    client = app_of().test_client()
    (script,) = tmp_path.rglob("chair.yaml")
    script.write_text(script.read_text().replace("eyes:", "level:"))
    query = "level=-20&option.level=closed"
    sent = Form(client.get(f"/session/chair?{query}").get_data(as_text=True)).sent
    assert read_query(sent.items()).query == query
    assert "closed, feel" in client.get(f"/read/chair?{query}").get_data(as_text=True)


class Voices(HTMLParser):
    """The menu of voices: names by value."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: dict[str, str] = {}
        self._value: str | None = None
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "select":
            self._inside = given.get("name") == "voice"
        if tag == "option" and self._inside:
            self._value = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._inside and self._value is not None:
            self.names[self._value], self._value = data, None


def test_the_menu_names_voices_that_speak_the_language(app_of: MakeApp, tmp_path: Path) -> None:
    """Those to choose from speak the script's language, under names that differ and are no ids."""
    client = app_of().test_client()
    (script,) = tmp_path.rglob("chair.yaml")
    script.with_name("stuhl.yaml").write_text(script.read_text().replace("language: en", "language: de"))
    menus = {
        language: Voices(client.get(f"/session/{name}").get_data(as_text=True)).names
        for language, name in (("en", "chair"), ("de", "stuhl"))
    }
    known = {each["id"]: each for each in client.get("/api/voices").get_json()["voices"]}
    for language, names in menus.items():
        assert names.pop("") == "the best there is"
        tags = {known[voice]["language"].split("-")[0].lower() for voice in names}
        assert tags <= {language, "zxx"}
        assert names["hum/low"] == "A hum without words"
        assert len(set(names.values())) == len(names)
        assert not set(names) & set(names.values())
    if known["pico/en-US"]["ready"]:
        assert menus["en"]["pico/en-US"] == "Pico (US English)"
        assert menus["de"]["pico/de-DE"] == "Pico (German)"


def test_a_voice_of_another_language_that_is_asked_for_stays_chosen(app_of: MakeApp, tmp_path: Path) -> None:
    """The form does not forget what the address asks for."""
    client = app_of().test_client()
    (script,) = tmp_path.rglob("chair.yaml")
    script.write_text(script.read_text().replace("language: en", "language: de"))
    page = client.get("/session/chair?voice=pico/en-US").get_data(as_text=True)
    assert Form(page).sent["voice"] == "pico/en-US"


def test_the_form_has_a_field_for_what_can_be_asked(client: FlaskClient) -> None:
    """What an address may ask is a field of the settings, or kept by them unshown, and not both."""
    fields = {
        name
        for script in ("chair", "two-rungs")
        for name in Form(client.get(f"/session/{script}").get_data(as_text=True)).sent
        if name in PARAMETERS
    }
    assert fields.isdisjoint(UNSHOWN)
    assert {*fields, *UNSHOWN, "download"} == set(PARAMETERS)
