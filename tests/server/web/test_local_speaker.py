"""The page's button for the speaker of this computer: plain forms, and a speaker that is really there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.server.scripts import CHAIR
from tests.server.web.conftest import MakeApp
from tests.site import served
from tests.speaker.conftest import House, house, house_of
from voiceguide.errors import WishError
from voiceguide.playback.commands import GoOn, GroundMe, Pause, Toggle, Volume
from voiceguide.server.remote import SpeakerClient

__all__ = ["house", "house_of"]  # fixtures

TOKEN = "of-the-speaker"


@pytest.fixture
def speaker(house: House) -> Iterator[SpeakerClient]:
    """A speaker with a token on a port of its own."""
    with served(house.app(token=TOKEN), house.speaker.news.close) as server:
        yield SpeakerClient("127.0.0.1", server.port, TOKEN)


def forms(page: str) -> list[tuple[str, str]]:
    """Return where each form that posts leads to, and what its button says."""
    found = re.findall(r'<form method="post" action="([^"]+)"><button>([^<]+)</button></form>', page)
    return [(action.replace("&amp;", "&"), label) for action, label in found]


def page(client: FlaskClient, path: str) -> str:
    return client.get(path).get_data(as_text=True)


@pytest.mark.slow
def test_the_button_is_there_only_with_a_speaker(app_of: MakeApp, speaker: SpeakerClient) -> None:
    """Where no speaker runs, or it does not answer, the page has no trace of one."""
    for found in (None, SpeakerClient("127.0.0.1", 1)):
        silent = app_of(speaker=lambda found=found: found).test_client()
        assert "speaker" not in page(silent, "/session/chair").lower()
        assert silent.post("/speaker/play/chair").status_code in (404, 503)
    client = app_of(speaker=lambda: speaker).test_client()
    assert forms(page(client, "/session/chair")) == [("/speaker/play/chair", "Play on this speaker")]
    assert TOKEN not in page(client, "/session/chair")


def test_it_plays_what_the_page_shows(app_of: MakeApp, speaker: SpeakerClient, house: House) -> None:
    """The button plays this session with its wishes, and leads back to its page, which offers to stop."""
    client = app_of(speaker=lambda: speaker).test_client()
    address = "/session/chair?length=2m&name=J%C3%B6&eyes=closed"
    ((action, _),) = forms(page(client, address))
    answer = client.post(action, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"]) == (303, address)
    house.until_playing("chair")
    assert house.speaker.state.playing is not None
    assert house.speaker.state.playing.asked.query == address.partition("?")[2]
    shown = page(client, address)
    assert "On the speaker: Back to the chair" in shown
    stop = {label: action for action, label in forms(shown)}["Stop the speaker"]
    assert client.post(stop).status_code == 303
    house.until(lambda: house.status == "idle")


def test_it_plays_a_script_whatever_it_is_called(
    app_of: MakeApp, speaker: SpeakerClient, tmp_path: Path
) -> None:
    """The buttons' addresses, and the one they lead back to, are that script's."""
    name = "what? 100% #1"
    (tmp_path / "scripts" / f"{name}.yaml").write_text(CHAIR)
    client = app_of(speaker=lambda: speaker).test_client()
    ((action, _),) = forms(page(client, f"/session/{quote(name)}?length=2m"))
    assert action == f"/speaker/play/{quote(name)}?length=2m"
    back = client.post(action.replace("/play/", "/stop/")).headers["Location"]
    assert back == f"/session/{quote(name)}?length=2m"


def test_a_session_of_the_day_is_the_same_on_the_speaker(
    app_of: MakeApp, speaker: SpeakerClient, house: House
) -> None:
    """Where a script varies from day to day, the speaker plays the day that the page shows."""
    client = app_of(speaker=lambda: speaker).test_client()
    ((action, _),) = forms(page(client, "/session/days"))
    client.post(action)
    house.until_playing("days")
    assert house.speaker.state.playing is not None
    assert house.speaker.state.playing.asked.query == "seed=2026-11-22"


def test_only_the_page_itself_may_ask(app_of: MakeApp, speaker: SpeakerClient, house: House) -> None:
    """Another site's form, or one without the page's token, plays nothing."""
    client = app_of(speaker=lambda: speaker).test_client()
    for origin in ("https://evil.example", "null"):
        assert client.post("/speaker/play/chair", headers={"Origin": origin}).status_code == 403
    assert client.post("/speaker/play/chair?length=9h").status_code == 400
    assert client.post("/speaker/play/no-such").status_code == 404
    assert client.get("/speaker/play/chair").status_code == 405
    closed = app_of(speaker=lambda: speaker, token="of-the-page").test_client()
    assert closed.post("/speaker/play/chair").status_code == 401
    assert house.status == "idle"


def test_what_the_speaker_refuses_is_shown(app_of: MakeApp, speaker: SpeakerClient) -> None:
    """A sentence of the speaker's becomes a page with that sentence."""
    client = app_of(speaker=lambda: SpeakerClient(speaker.host, speaker.port, "wrong")).test_client()
    answer = client.post("/speaker/play/chair", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "token" in answer.get_data(as_text=True)


def test_any_command_reaches_the_speaker(speaker: SpeakerClient, house: House) -> None:
    """A command goes to its address, or by its name; one that takes a value is refused without it."""
    house.speaker.play(house.item("chair"))
    house.until_playing("chair")
    for command, status in (
        (Pause(), "paused"),
        (Toggle(), "playing"),
        (GroundMe(), "grounding"),
        (GoOn(), "playing"),
    ):
        speaker.do(command)
        house.until(lambda: house.status == status)  # noqa: B023
    with pytest.raises(WishError):
        speaker.do(Volume(0.5))
