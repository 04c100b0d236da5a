"""The listener's records over HTTP."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient
from msgspec import to_builtins
from werkzeug.test import TestResponse

from tests.listeners.samples import ONE_OF_EACH
from tests.server.web.conftest import MakeApp
from voiceguide.listeners import Record
from voiceguide.listeners.records import kind_name

PHONE = {"at": 1_000, "device": "phone"}


def address(record: Record) -> str:
    return f"/api/me/{kind_name(type(record))}/{record.key}"


def put(client: FlaskClient, record: Record, **changed: Any) -> TestResponse:
    return client.put(address(record), json={"record": to_builtins(record), **PHONE, **changed})


@pytest.mark.parametrize("record", ONE_OF_EACH, ids=lambda record: kind_name(type(record)))
class TestEachKind:
    def test_it_is_kept_listed_and_removed(self, client: FlaskClient, record: Record) -> None:
        """A record that is put can be had by its key and in the list of its kind, until it is removed."""
        assert put(client, record).get_json() == {"holds": True}
        kept = {"key": record.key, "record": json.loads(msgspec.json.encode(record)), **PHONE}
        assert client.get(address(record)).get_json() == kept
        kind = kind_name(type(record))
        assert client.get(f"/api/me/{kind}").get_json() == {"records": [kept]}
        assert client.get("/api/me").get_json()["counts"][kind] == 1
        gone = client.delete(address(record), json={"at": 2_000, "device": "phone"})
        assert gone.get_json() == {"holds": True}
        assert client.get(address(record)).status_code == 404
        assert client.get(f"/api/me/{kind}").get_json() == {"records": []}

    def test_the_later_write_holds(self, client: FlaskClient, record: Record) -> None:
        """A write that is late is told that it does not hold."""
        put(client, record, at=3_000, device="laptop")
        assert put(client, record).get_json() == {"holds": False}
        assert client.delete(address(record), json=PHONE).get_json() == {"holds": False}
        assert client.get(address(record)).get_json()["device"] == "laptop"

    def test_a_record_of_another_kind_or_key(self, client: FlaskClient, record: Record) -> None:
        """What does not belong at an address is refused, and nothing is written."""
        body = {"record": to_builtins(record), **PHONE}
        for path in ("/api/me/nonsense/x", address(record) + "x"):
            assert client.put(path, json=body).status_code in (400, 404)
        other = {**body["record"], "kind": "nonsense"}
        assert client.put(address(record), json={**body, "record": other}).status_code == 400
        assert not any(client.get("/api/me").get_json()["counts"].values())


NOTE = "/api/me/note/n1"
GOOD = {"record": {"id": "n1", "text": "quiet"}, **PHONE}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "missing required field"),
        ([], "expected"),
        ({**GOOD, "more": 1}, "unknown field"),
        ({**GOOD, "at": -1}, "a time is a number of milliseconds"),
        ({**GOOD, "at": 1.5}, "expected"),
        ({**GOOD, "at": 1 << 62}, "a time is a number"),
        ({**GOOD, "device": ""}, "the name of a device"),
        ({**GOOD, "device": "two\nlines"}, "the name of a device"),
        ({**GOOD, "record": {"id": "n1"}}, 'missing required field "text"'),
        ({**GOOD, "record": {"id": "n1", "text": 3}}, 'expected "str"'),
        ({**GOOD, "record": {"id": "n 1", "text": ""}}, "belongs at"),
        ({**GOOD, "record": None}, "expected"),
        ({**GOOD, "record": {"id": "n1", "text": "x" * 8_001}}, "a note can have 8000 bytes"),
    ],
)
def test_what_is_wrong_is_told(client: FlaskClient, body: Any, sentence: str) -> None:
    """A body that is not as it should be is answered with one sentence that says why."""
    answer = client.put(NOTE, json=body)
    assert answer.status_code == 400
    assert sentence in answer.get_json()["error"]
    assert "\n" not in answer.get_json()["error"]


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 5_000, b'{"record": "\\ud800"}'])
def test_what_is_no_json(client: FlaskClient, data: bytes) -> None:
    """A body that is no JSON is refused, whatever it is."""
    assert client.put(NOTE, data=data, content_type="application/json").status_code == 400


def test_a_form_of_another_site(client: FlaskClient) -> None:
    """What a form can send is not taken: no write is made without JSON."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        for method in ("PUT", "DELETE"):
            answer = client.open(NOTE, method=method, data='{"at": 1, "device": "x"}', content_type=kind)
            assert answer.status_code == 415


def test_a_body_too_long(client: FlaskClient) -> None:
    """A body longer than any record is not read."""
    assert client.put(NOTE, json={**GOOD, "device": "x" * 61_000}).status_code == 413


def test_a_long_note_is_taken(client: FlaskClient) -> None:
    """A note may be as long as notes can be."""
    assert client.put(NOTE, json={**GOOD, "record": {"id": "n1", "text": "ä" * 4_000}}).status_code == 200


def test_nobody_keeps_the_answers(client: FlaskClient) -> None:
    """Nothing between the server and the listener stores what is private."""
    for path in ("/api/me", "/api/me/note", NOTE, "/api/me/places", "/api/me/nonsense"):
        assert client.get(path).headers["Cache-Control"] == "no-store"


class TestPlaces:
    def test_going_on(self, client: FlaskClient) -> None:
        """A session left on one device goes on at another length; at its end it is listed no more."""
        left = client.put("/api/me/places/chair", json={"query": "length=2m", "seconds": 30.0, **PHONE})
        assert left.get_json() == {"holds": True}
        there = client.get("/api/me/places/chair?length=3m&ambience=soft-rain").get_json()
        assert 5.0 < there["seconds"] < 90.0
        assert there["query"] == "length=2m&voice=hum%2Flow&eyes=open"
        (listed,) = client.get("/api/me/places").get_json()["places"]
        assert listed == {
            "script": "chair",
            "title": "Back to the chair",
            "seconds": 30.0,
            "query": there["query"],
            "rung": 0,
            **PHONE,
        }
        gone = client.delete("/api/me/places/chair", json={"at": 1_001, "device": "phone"})
        assert gone.get_json() == {"holds": True}
        assert client.get("/api/me/places").get_json() == {"places": []}
        assert client.get("/api/me/places/chair").status_code == 404

    def test_a_place_that_is_none(self, client: FlaskClient) -> None:
        """A session that has hardly begun is not kept; one that cannot be is refused."""
        early = client.put("/api/me/places/chair", json={"seconds": 0.5, **PHONE})
        assert early.get_json() == {"holds": False}
        for wrong in (
            {"seconds": -1},
            {"seconds": 1e9},
            {"seconds": 9, "query": "length=9h"},
            {"seconds": 90},
        ):
            assert client.put("/api/me/places/chair", json={**wrong, **PHONE}).status_code == 400
        assert client.put("/api/me/places/nowhere", json={"seconds": 9, **PHONE}).status_code == 404
        assert client.get("/api/me").get_json()["counts"]["bookmark"] == 0

    def test_an_address_may_be_given_as_it_is(self, client: FlaskClient) -> None:
        """What identifies the client in a query is no wish."""
        query = "length=2m&sig=0123&token=x&ambience="
        left = client.put("/api/me/places/chair", json={"query": query, "seconds": 30.0, **PHONE})
        assert left.get_json() == {"holds": True}


def test_a_token_is_asked_for(app_of: MakeApp) -> None:
    """Where the server asks for a token, nobody without it reads or writes records."""
    client = app_of(token="secret").test_client()
    assert client.get("/api/me").status_code == 401
    assert client.put(NOTE, json=GOOD).status_code == 401
    assert client.get("/api/me", headers={"Authorization": "Bearer secret"}).status_code == 200
