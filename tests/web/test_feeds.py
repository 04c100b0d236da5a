from __future__ import annotations

from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from flask.testing import FlaskClient

from tests.serving.scripts import CHAIR
from voiceguide.errors import EngineError
from voiceguide.serving.feed import ATOM, ITUNES, PODCAST, Channel, feed

SPACES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM}


def items(client: FlaskClient, path: str) -> dict[str, xml.Element]:
    answer = client.get(path)
    assert answer.mimetype == "application/rss+xml"
    channel = xml.fromstring(answer.data).find("channel")
    assert channel is not None
    return {item.findtext("title", ""): item for item in channel.iter("item")}


def attribute(item: xml.Element, tag: str, name: str) -> str:
    found = item.find(tag, SPACES)
    assert found is not None, tag
    return found.attrib[name]


def test_every_script_is_an_episode_of_true_length(client: FlaskClient) -> None:
    """An enclosure's length, type and duration are what its address answers with."""
    found = items(client, "/feed.xml")
    assert sorted(found) == ["A day's word", "Back to the chair", "Ground now", "Two rungs"]
    for item in found.values():
        head = client.head(attribute(item, "enclosure", "url").removeprefix("http://localhost"))
        assert head.headers["Content-Length"] == attribute(item, "enclosure", "length")
        assert head.headers["Content-Type"] == attribute(item, "enclosure", "type")
        assert item.findtext("itunes:duration", "", SPACES) == "60"
        assert parsedate_to_datetime(item.findtext("pubDate", "")).tzinfo is not None
        for tag, name in (
            ("itunes:image", "href"),
            ("podcast:chapters", "url"),
            ("podcast:transcript", "url"),
        ):
            assert client.head(attribute(item, tag, name).removeprefix("http://localhost")).status_code == 200


def test_a_feed_can_have_a_length_of_ones_own(client: FlaskClient) -> None:
    """With a length, episodes are that long and have GUIDs of their own; what cannot be is left out."""
    usual, longer = items(client, "/feed.xml"), items(client, "/feed.xml?length=2m")
    chair = longer["Back to the chair"]
    assert chair.findtext("itunes:duration", "", SPACES) == "120"
    assert "length=2m" in attribute(chair, "enclosure", "url")
    assert chair.findtext("guid") != usual["Back to the chair"].findtext("guid")
    assert items(client, "/feed.xml?length=7h") == {}


def test_guids_are_stable(client: FlaskClient) -> None:
    """Asked again, the feed is the same to the byte: no episode comes twice."""
    assert client.get("/feed.xml").data == client.get("/feed.xml").data


def test_the_channel_is_a_podcast(client: FlaskClient) -> None:
    """It names itself, its picture and its kind as podcast apps expect."""
    channel = xml.fromstring(client.get("/feed.xml").data).find("channel")
    assert channel is not None
    assert channel.findtext("title") == "voiceguide"
    assert channel.findtext("podcast:medium", "", SPACES) == "podcast"
    assert len(channel.findtext("podcast:guid", "", SPACES)) == 36
    assert channel.findtext("itunes:explicit", "", SPACES) == "false"
    assert attribute(channel, "itunes:image", "href").endswith(".jpg?size=1400")
    assert attribute(channel, "atom:link", "rel") == "self"


def test_no_title_spoils_the_feed(scripts: Path, client: FlaskClient) -> None:
    """What XML cannot hold is left out of a title, a program's words and a name, and the rest can be read."""
    (scripts / "odd\uffff.yaml").write_text(CHAIR.replace("Back to the chair", '"Odd\\uFFFF <&> \\ufffeone"'))
    assert "Odd <&> one" in items(client, "/feed.xml")


def test_no_program_spoils_its_feed() -> None:
    """A program's title and its words may hold control characters, written as escapes."""
    channel = Channel("A\x01 week\x0b", "A\x1b[1m summary.", *["https://example.org/"] * 3)
    found = xml.fromstring(feed(channel, [])).find("channel")
    assert found is not None
    assert (found.findtext("title"), found.findtext("description")) == ("A week", "A[1m summary.")


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("lenght=2m", 'no exercise here has an option "lenght"; did you mean "length"?'),
        ("eye=open", 'no exercise here has an option "eye"; did you mean "eyes"?'),
        ("zzz=open", 'no exercise here has an option "zzz"; leave it out'),
        ("eyes=shut", '"eyes" can be closed or open; "shut" was asked'),
        ("ambience=rian", "rian"),
        ("level=9", "9 dB was asked"),
    ],
)
def test_a_misspelt_wish_is_no_empty_feed(client: FlaskClient, query: str, sentence: str) -> None:
    """What none of the exercises can do is refused in one sentence, as it is for one of them."""
    answer = client.get(f"/feed.xml?{query}")
    assert answer.status_code == 400
    assert sentence in answer.get_json()["error"]


def test_a_feed_has_what_can_be_had(client: FlaskClient) -> None:
    """A wish that some of the exercises cannot fulfil leaves those out."""
    assert sorted(items(client, "/feed.xml?rungs=2")) == ["Two rungs"]
    assert len(items(client, "/feed.xml?eyes=closed")) == 4


def test_a_voice_that_nobody_has_is_no_empty_feed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the address that is wrong, not the server."""

    def nobody(voice: str | None) -> None:
        raise EngineError(f'there is no engine "{voice}"')

    studio = client.application.extensions["voiceguide"].studio
    monkeypatch.setattr(studio, "cast", nobody)
    answer = client.get("/feed.xml?voice=nobody")
    assert (answer.status_code, answer.get_json()["error"]) == (400, 'there is no engine "nobody"')
