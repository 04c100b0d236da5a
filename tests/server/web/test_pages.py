from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.server.scripts import CHAIR
from tests.server.web.conftest import MakeApp
from tests.sessions import ToneEngine
from tests.waiting import until
from voiceguide.export.encoding.codecs import CODECS
from voiceguide.files.folders import shipped
from voiceguide.library.support import load
from voiceguide.server.web import state_of


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_the_library_shows_every_script_and_program(client: FlaskClient) -> None:
    """Each script is a link to its session, under what helps when."""
    page = text(client, "/")
    for name in ("chair", "days", "two-rungs", "ground-now"):
        assert f'href="/session/{name}"' in page
    for title in ("Flat and far away", "Too much now"):
        assert title in page


def test_a_session_page_has_what_a_player_needs(client: FlaskClient) -> None:
    """Sound and words carry the wishes of the address; every format and the support lines are there."""
    page = text(client, "/session/chair?length=2m&eyes=closed")
    assert "/audio/chair.mp3?length=2m&amp;eyes=closed" in page
    assert "/audio/chair.vtt?length=2m&amp;eyes=closed" in page
    for name in CODECS:
        assert f"/audio/chair.{name}?length=2m&amp;eyes=closed&amp;download=1" in page
    assert load().regions[0].lines[0].name in page
    assert 'data-length="120' in page


@pytest.mark.parametrize("wrong", ["regions: [", "voiceguide: 1\nregions:\n  - region: Utopia\n", "\xff"])
def test_a_broken_list_of_ones_own_hides_no_session(
    client: FlaskClient,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    wrong: str,
) -> None:
    """The lines that ship are shown instead, and the log says once what is wrong with which file."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path))
    own = tmp_path / "support.yaml"
    own.write_text(wrong, "latin-1")
    with caplog.at_level("WARNING"):
        pages = [text(client, "/session/chair") for _ in range(2)]
    assert load(shipped("scripts") / "support.yaml").regions[0].lines[0].name in pages[0]
    assert [str(own) in said for said in caplog.messages] == [True]


def test_the_level_begins_where_the_script_has_it(app_of: MakeApp, tmp_path: Path) -> None:
    """The slider for the ambience stands at the script's own level until it is moved."""
    client = app_of().test_client()
    (script,) = tmp_path.rglob("chair.yaml")
    script.write_text(script.read_text().replace("{sound: none}", "{sound: soft-rain, level: -27 dB}"))
    until(lambda: 'value="-27" data-usual="-27"' in text(client, "/session/chair"))
    assert 'value="-31" data-usual="-27"' in text(client, "/session/chair?level=-31")


def test_a_session_of_the_day_keeps_its_seed(client: FlaskClient) -> None:
    """Where a script varies from day to day its page says which day, so that midnight changes nothing."""
    assert "/audio/days.mp3?seed=2026-11-22" in text(client, "/session/days")
    assert "seed" not in client.get("/session/chair").get_data(as_text=True).partition("data-audio")[2][:60]


def test_the_transcript_can_be_read_first(client: FlaskClient) -> None:
    """Everything that is said is on the page, and nothing is spoken for it."""
    page = text(client, "/read/chair")
    assert "Notice your feet." in page
    assert "With your eyes closed" not in page
    assert state_of(client.application).service.jobs.begun <= 1  # the way back to the ground


def test_opening_any_page_prepares_the_way_back(client: FlaskClient) -> None:
    """Ground now is made as soon as somebody is there, and then plays at once."""
    text(client, "/")
    until(lambda: client.get("/api/state/ground-now").get_json()["state"] == "ready")


@pytest.mark.parametrize("name", ["first-week", "thaw"])
def test_a_program_shows_its_days_where_its_scripts_are_at_hand(client: FlaskClient, name: str) -> None:
    """A program whose scripts are not in this library is said to be unusable, in a sentence."""
    answer = client.get(f"/program/{name}")
    assert answer.status_code == 503
    assert b"Traceback" not in answer.data
    assert client.get("/program/nothing").status_code == 404


def test_errors_are_pages_for_people_and_json_for_programs(client: FlaskClient) -> None:
    """The same sentence in both, with the status; people are told titles, and programs names."""
    page = client.get("/session/chair?length=20m", headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert page.mimetype == "text/html"
    assert "can last from 0:40 to 5:00" in page.get_data(as_text=True)
    told = client.get("/api/scripts/chair?length=20m")
    assert told.status_code == 400
    assert "can last from 0:40 to 5:00" in told.get_json()["error"]
    assert "“Back to the chair” can last" in page.get_data(as_text=True)
    misspelt = client.get("/session/chiar", headers={"Accept": "text/html"})
    assert "did you mean “Back to the chair”?" in misspelt.get_data(as_text=True)
    assert client.get("/nowhere", headers={"Accept": "text/html"}).status_code == 404
    assert client.put("/").status_code == 405


def test_the_cover_is_a_picture_of_a_few_sizes(client: FlaskClient) -> None:
    """Any size asked for is answered with the next larger of a few: strangers cannot order the rest."""
    small = client.get("/cover/chair.jpg?size=100")
    assert small.mimetype == "image/jpeg"
    assert (
        small.data == client.get("/cover/chair.jpg?size=128&length=2m").data or small.data[:2] == b"\xff\xd8"
    )
    assert client.get("/cover/chair.jpg?size=999999").status_code == 200
    assert client.get("/cover/chair.jpg?length=never").status_code == 400
    assert client.get("/cover/nothing.jpg").status_code == 404


ODD = 'what? 100% "łódź" #1; é'


def test_a_script_can_be_called_anything(scripts: Path, client: FlaskClient) -> None:
    """Every link to it, from the library, its own page, a feed and the API, leads there."""
    (scripts / f"{ODD}.yaml").write_text(CHAIR.replace("Back to the chair", "Odd"))
    card = next(each for each in client.get("/api/scripts").get_json()["scripts"] if each["title"] == "Odd")
    assert card["url"] == f"/session/{quote(ODD)}"
    assert f'href="{card["url"]}"' in text(client, "/")
    assert f"http://localhost{card['url']}</link>" in text(client, "/feed.xml")
    page = text(client, f"{card['url']}?length=2m")
    links = re.findall(r'(?:href|src|action|data-audio|data-words|data-state|data-cover)="(/[^"#]+)', page)
    own = {unescape(link) for link in links if "what" in link}
    assert len(own) > 10
    for link in own:
        assert link.isascii()
        assert " " not in link
        assert client.head(link).status_code == 200, link
    assert f"/session/{quote(ODD)}?length=2m" in text(client, f"/read/{quote(ODD)}?length=2m")


def test_a_script_in_a_folder_has_a_page_of_its_own(scripts: Path, client: FlaskClient) -> None:
    """It hides none of the same file name, and is in the address what `voiceguide list` calls it."""
    (scripts / "evening").mkdir()
    (scripts / "evening" / "chair.yaml").write_text(CHAIR.replace("Back to the chair", "An evening chair"))
    assert "Back to the chair" in text(client, "/session/chair")
    assert "An evening chair" in text(client, "/session/evening/chair")
    assert text(client, "/feed.xml").count("chair.mp3") == 2
    for path in ("/audio/evening/chair.mp3", "/cover/evening/chair.jpg", "/api/state/evening/chair"):
        assert client.head(path).status_code == 200


def test_the_api_describes_scripts(client: FlaskClient) -> None:
    """The list has every script; one has its lengths, chapters, silence, rungs and parts."""
    listed = client.get("/api/scripts").get_json()["scripts"]
    assert sorted(each["name"] for each in listed) == ["chair", "days", "ground-now", "two-rungs"]
    ladder = client.get("/api/scripts/two-rungs").get_json()
    assert ladder["rungs"] == ["Low", "Higher"]
    assert ladder["parts"] == ["opening", "rung-1", "rung-2", "stay", "ground", "closing"]
    chair = client.get("/api/scripts/chair?length=2m").get_json()
    assert chair["length"] == 120.0
    assert chair["parts"] == chair["rungs"] == []
    assert chair["longest_silence"] > 0
    assert chair["lengths"][0]["shortest"] >= 40.0
    assert [each["title"] for each in chair["chapters"]][-1] == "The chair"


def test_the_api_tells_how_far_a_session_is(client: FlaskClient) -> None:
    """The state is waiting before anybody asks, and ready at the end; asking for it makes nothing."""
    state = client.get("/api/state/chair").get_json()
    assert (state["state"], state["progress"], state["stood_in"]) == ("waiting", 0.0, False)
    assert state["voice"].startswith("hum/")
    assert client.get("/audio/chair.mp3").data
    until(lambda: client.get("/api/state/chair").get_json()["state"] == "ready")


def test_the_description_has_every_parameter_and_address(client: FlaskClient) -> None:
    """OpenAPI lists what the application answers, and every reference in it leads somewhere."""
    document = client.get("/api/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    for reference in set(_references(document)):
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
    given = {"{script}": "chair", "{engine}": "hum", "{voice}": "low"}
    public = [path for path in document["paths"] if not path.startswith("/api/me")]  # see test_openapi
    told = {re.sub(r"\{\w+\}", lambda found: given[found[0]], path) for path in public}
    for path in told - {"/prepare/ground-now"}:
        assert client.head(path).status_code == 200, path
    assert client.get("/api/voices").get_json()["voices"]
    assert "soft-rain" in json.dumps(client.get("/api/ambiences").get_json())


def _references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [each for inner in value.values() for each in _references(inner)]
    return [each for inner in value for each in _references(inner)] if isinstance(value, list) else []


def test_what_is_in_another_language_says_so(app_of: MakeApp, tmp_path: Path) -> None:
    """Title, summary and words carry the script's language; the page around them is English."""
    client = app_of(ToneEngine()).test_client()
    (script,) = tmp_path.rglob("chair.yaml")
    script.write_text(script.read_text().replace("language: en", "language: de"))
    page = text(client, "/session/chair")
    assert '<html lang="en">' in page
    for tag in ("<h1", '<p class="summary"', '<p class="past"', '<p class="now"', '<p class="next"'):
        assert f'{tag} lang="de">' in page
    assert "This is written in German, and tone/a speaks US English: it may be hard to follow." in page
    assert '<p lang="de">And the floor.' in text(client, "/read/chair")
    assert 'class="what" lang="de">Back to the chair' in text(client, "/")
