from __future__ import annotations

import html
import re
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as xml

import mutagen
import pytest
from flask.testing import FlaskClient

from tests.server.scripts import CHAIR
from tests.server.web.conftest import MakeApp, Site
from voiceguide.errors import EngineError
from voiceguide.server.feed import ATOM, ITUNES, PODCAST, Channel, feed
from voiceguide.server.web import state_of
from voiceguide.server.web.conditional import Changes

feedparser = pytest.importorskip("feedparser", reason="the judge of feeds comes with the extra dev")

HERE = "https://example.org/"
SPACES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM}


WEEK = """voiceguide: 1
title: A week
summary: Two days, one of them with two sittings.
days:
  - {day: 1, script: chair, why: A beginning.}
  - {day: 1, script: ground-now, why: And again.}
  - {day: 3, script: chair, length: 2m, why: Longer.}
"""


@pytest.fixture(autouse=True)
def _week(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of one's own."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    folder = tmp_path / "data" / "scripts" / "programs"
    folder.mkdir(parents=True)
    (folder / "week.yaml").write_text(WEEK)


def read(client: FlaskClient, path: str) -> Any:
    """Return the feed at *path* as another program reads it."""
    found = feedparser.parse(client.get(path).data)
    assert not found.bozo
    return found


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
    channel = Channel("A\x01 week\x0b", "A\x1b[1m summary.", HERE, HERE, HERE)
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

    def nobody(voice: str | None, language: str) -> None:
        raise EngineError(f'there is no engine "{voice}"')

    studio = state_of(client.application).service.studio
    monkeypatch.setattr(studio, "cast", nobody)
    answer = client.get("/feed.xml?voice=nobody")
    assert (answer.status_code, answer.get_json()["error"]) == (400, 'there is no engine "nobody"')


def test_a_program_is_heard_in_order(client: FlaskClient) -> None:
    """A program is a serial whose episodes are numbered, and dated in the same order; a library is none."""
    week, shelf = read(client, "/program/week/feed.xml"), read(client, "/feed.xml")
    assert (week.feed.itunes_type, shelf.feed.itunes_type) == ("serial", "episodic")
    numbers = [int(entry.itunes_episode) for entry in week.entries]
    dates = [entry.published_parsed for entry in week.entries]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 1
    assert dates == sorted(set(dates))
    assert not any("itunes_episode" in entry for entry in shelf.entries)


@pytest.mark.slow
def test_an_audiobook_from_a_program_is_part_of_its_series(client: FlaskClient, tmp_path: Path) -> None:
    """Who goes from a program to a day and keeps that as M4B has a book that says so; else not."""
    page = client.get("/program/week").get_data(as_text=True)
    links = re.findall(r'href="(/session/[^"]+program=[^"]+)"', page)
    assert len(links) == 3
    told = []
    for link in [*links, "/session/chair"]:
        session = client.get(html.unescape(link)).get_data(as_text=True)
        book = re.search(r'href="(/audio/[^"]+\.m4b[^"]*)"', session)
        assert book is not None
        with client.get(html.unescape(book[1])) as answer:
            (tmp_path / "book.m4b").write_bytes(answer.data)
        tags: Any = mutagen.File(tmp_path / "book.m4b")
        told.append([tags.get(f"----:com.apple.iTunes:{name}") for name in ("series", "series-part")])
    assert told == [[[b"A week"], [day]] for day in (b"1", b"1", b"3")] + [[None, None]]
    assert client.get("/audio/chair.m4b?program=week.2").status_code == 400
    assert client.get("/audio/chair.m4b?program=nowhere.1").status_code == 404


def test_every_episode_has_a_date_of_its_own(client: FlaskClient) -> None:
    """Newest first, as apps show them, the exercises are in the order of their names, none in the future."""
    entries = read(client, "/feed.xml").entries
    newest = sorted(entries, key=lambda entry: entry.published_parsed, reverse=True)
    assert len({entry.published_parsed for entry in entries}) == len(entries) > 1
    assert [entry.id for entry in newest] == sorted(entry.id for entry in entries)
    assert newest[0].published_parsed < time.gmtime()


@pytest.mark.parametrize("path", ["/feed.xml", "/program/week/feed.xml"])
def test_dates_stay(path: str, app_of: MakeApp) -> None:
    """A server started anew gives every episode the date that it had, which is of no server's start."""
    before, after = app_of().test_client(), app_of().test_client()
    assert before.get(path).data == after.get(path).data
    assert {entry.published_parsed.tm_sec for entry in read(before, path).entries} == {0}


def test_what_is_known_is_not_sent_again(site: Site) -> None:
    """A reader that has the feed is answered 304, by its mark or its date; with another mark it gets all."""
    address = f"http://127.0.0.1:{site.port}/feed.xml"
    first = feedparser.parse(address)
    assert (first.status, first.headers["content-encoding"], bool(first.bozo)) == (200, "gzip", False)
    assert feedparser.parse(address, etag=first.etag).status == 304
    assert feedparser.parse(address, modified=first.modified).status == 304
    plain = site.get("/feed.xml", Accept_Encoding="identity")
    assert (plain.status, "content-encoding" in plain.headers) == (200, False)
    assert (
        site.get("/feed.xml", Accept_Encoding="identity", If_None_Match=plain.headers["etag"]).status == 304
    )
    assert site.get("/feed.xml", If_None_Match='"another"').status == 200


def test_what_has_changed_is_sent() -> None:
    """An address has changed when what it answers with has, and not before; one long forgotten is new."""
    clock = iter(range(100, 1000))
    changes = Changes(lambda: next(clock))
    assert [changes.when("a", "1"), changes.when("a", "1"), changes.when("a", "2")] == [100, 100, 101]
    for number in range(300):
        changes.when(str(number), "1")
    assert changes.when("a", "2") == 402
