"""All of a listener's records at once, over HTTP."""

from __future__ import annotations

import csv
import json
from typing import Any

import msgspec
import pytest
from flask.testing import FlaskClient

from tests.listeners.samples import ONE_OF_EACH
from voiceguide.listeners.records import KINDS, kind_name
from voiceguide.server.web.me_all import MOST_WRITES


def noted(key: str, at: int, text: str = "quiet", **changed: Any) -> dict[str, Any]:
    """Return the write of a note."""
    record = {"id": key, "text": text}
    return {"kind": "note", "key": key, "record": record, "at": at, "device": "phone", **changed}


def write(client: FlaskClient, *writes: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post("/api/me/writes", json={"writes": writes})
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.get_json()["writes"]
    return found


class TestWrites:
    def test_every_kind(self, client: FlaskClient) -> None:
        """Records of all kinds are stored at once, and removed at once."""
        stamp = {"at": 1_000, "device": "phone"}
        made = [
            {"kind": kind_name(type(each)), "key": each.key, "record": json.loads(msgspec.json.encode(each))}
            for each in ONE_OF_EACH
        ]
        assert write(client, *(each | stamp for each in made)) == [{"holds": True}] * len(made)
        assert client.get("/api/me").get_json()["counts"] == dict.fromkeys(KINDS, 1)
        later = {"at": 2_000, "device": "phone", "record": None}
        assert write(client, *(each | later for each in made)) == [{"holds": True}] * len(made)
        assert client.get("/api/me").get_json()["counts"] == dict.fromkeys(KINDS, 0)

    def test_one_that_is_refused_keeps_no_other_out(self, client: FlaskClient) -> None:
        """What a store does not take is told for each write, and the others are stored."""
        long, odd = noted("b", 2, "x" * 9_000), noted("c", 2, kind="nonsense")
        wrong, misplaced = noted("d", 2, record={"id": "d"}), noted("e", 2, record={"id": "f", "text": ""})
        nobody = noted("g", 2, device="")
        first, second, *others = write(
            client, noted("a", 2), noted("a", 1), long, odd, wrong, misplaced, nobody
        )
        assert first == {"holds": True}
        assert second == {"holds": False}
        assert [each["holds"] for each in others] == [False] * 5
        assert [each["error"].split(";")[0] for each in others] == [
            "a note can have 8000 bytes",
            'there is nothing of the kind "nonsense"',
            'what was sent is not as it should be: object missing required field "text"',
            "this record belongs at /api/me/note/f",
            "the name of a device has 1 to 40 letters, on one line",
        ]
        assert client.get("/api/me").get_json()["counts"]["note"] == 1

    def test_the_order_makes_no_difference(self, client: FlaskClient) -> None:
        """Of several writes to one key the latest holds, in whatever order they come."""
        write(client, noted("a", 3, "last"), noted("a", 1, "first"), noted("a", 2, "middle"))
        assert client.get("/api/me/note/a").get_json()["record"]["text"] == "last"

    @pytest.mark.parametrize("count", [0, MOST_WRITES, MOST_WRITES + 1])
    def test_there_is_a_most(self, client: FlaskClient, count: int) -> None:
        """A batch is bounded; a longer one is refused as a whole."""
        gone = {"kind": "note", "key": "n", "at": 1, "device": "phone"}
        answer = client.post("/api/me/writes", json={"writes": [gone] * count})
        assert answer.status_code == (200 if count <= MOST_WRITES else 400)

    def test_a_form_of_another_site(self, client: FlaskClient) -> None:
        """What a form can send is not taken."""
        for path in ("/api/me/writes", "/api/me/forget"):
            assert client.post(path, data={}).status_code == 415


class TestExport:
    def test_all_is_in_it(self, client: FlaskClient) -> None:
        """The export has every record, as JSON and as a table, and is a file to keep."""
        write(client, noted("a", 1), noted("b", 2, "=SUM(1)"))
        kept = client.get("/api/me/export.json")
        assert [each["text"] for each in kept.get_json()["note"]] == ["quiet", "=SUM(1)"]
        assert kept.headers["Content-Disposition"] == 'attachment; filename="voiceguide.json"'
        table = client.get("/api/me/export.csv")
        assert table.mimetype == "text/csv"
        assert [row["text"] for row in csv.DictReader(table.text.splitlines())] == ["quiet", "'=SUM(1)"]
        assert client.get("/api/me/export.pdf").status_code == 404
        assert kept.headers["Cache-Control"] == table.headers["Cache-Control"] == "no-store"


class TestForgetting:
    def test_nothing_is_left(self, client: FlaskClient) -> None:
        """All is deleted here, the browser is told to, and what was written before does not come back."""
        write(client, noted("a", 1))
        answer = client.post("/api/me/forget", json={})
        assert answer.get_json() == {"forgotten": True}
        assert answer.headers["Clear-Site-Data"] == '"storage"'
        assert not any(client.get("/api/me").get_json()["counts"].values())
        assert write(client, noted("a", 1)) == [{"holds": False}]
        assert client.post("/api/me/forget", json={"really": True}).status_code == 400
