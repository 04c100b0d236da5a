"""Everything that is remembered, as a text."""

from __future__ import annotations

import csv
import io
import json

import msgspec

from tests.listeners.samples import NOW, ONE_OF_EACH, Clock, phone
from voiceguide.listeners import KINDS, Favourite, MemoryListenerStore, Note, Put, Setting, as_csv, as_json


def test_json_has_everything() -> None:
    """The JSON has every field of every record, by kind, with when and where it was written."""
    store = MemoryListenerStore(Clock())
    store.write(*(Put(record, phone(NOW)) for record in ONE_OF_EACH))
    found = json.loads(as_json(store.everything()))
    assert list(found) == list(KINDS)
    for record in ONE_OF_EACH:
        plain = json.loads(msgspec.json.encode(record))
        (row,) = found[plain.pop("kind")]
        stamp = {"written": "2024-10-04T00:00:00.000+00:00", "device": "phone", "key": record.key}
        assert row == stamp | plain


def test_csv_has_everything() -> None:
    """The CSV has a line for each record, with every field; what has parts is JSON."""
    store = MemoryListenerStore(Clock())
    store.write(*(Put(record, phone(NOW)) for record in ONE_OF_EACH))
    rows = {row["kind"]: row for row in csv.DictReader(io.StringIO(as_csv(store.everything()), newline=""))}
    assert set(rows) == set(KINDS)
    for record in ONE_OF_EACH:
        plain = json.loads(msgspec.json.encode(record))
        row = rows[plain["kind"]]
        for name, value in plain.items():
            assert row[name] == (json.dumps(value) if isinstance(value, dict | list) else str(value))
    assert rows["note"]["text"] == "it was\nquiet – and warm"


def test_no_cell_is_a_formula() -> None:
    """What a spreadsheet would work out is a text to it; numbers stay numbers."""
    store = MemoryListenerStore(Clock())
    records = (Note("n", "=1+1"), Favourite("@chair"), Setting("level", "-20"))
    store.write(*(Put(record, phone(NOW)) for record in records))
    rows = {row["kind"]: row for row in csv.DictReader(io.StringIO(as_csv(store.everything())))}
    assert rows["note"]["text"] == "'=1+1"
    assert rows["favourite"]["script"] == "'@chair"
    assert rows["setting"]["value"] == "-20"


def test_nothing_is_an_export_too() -> None:
    """Of a memory with nothing in it JSON has every kind, and CSV its columns."""
    assert json.loads(as_json(())) == {kind: [] for kind in KINDS}
    assert as_csv(()).startswith("kind,written,device,key,script")
