"""Exports of a listener's records as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from voiceguide.listeners.records import KINDS, Record
from voiceguide.listeners.store import Stored

_FIRST: Final = ("kind", "written", "device", "key")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")


def as_json(kept: Iterable[Stored[Record]]) -> str:
    """Return *kept* as JSON: a list of records for each kind, with time and device of each write."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for each in kept:
        row = _plain(each)
        found[row.pop("kind")].append(row)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def as_csv(kept: Iterable[Stored[Record]]) -> str:
    """Return *kept* as CSV, one row a record; nested values are JSON.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    rows = [_plain(each) for each in kept]
    columns = dict.fromkeys((*_FIRST, *(name for kind in KINDS.values() for name in kind.__struct_fields__)))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name, "")) for name in columns] for row in rows)
    return text.getvalue()


def _plain(kept: Stored[Record]) -> dict[str, Any]:
    written = datetime.fromtimestamp(kept.stamp.at / 1000, UTC).isoformat(timespec="milliseconds")
    stamp = {"written": written, "device": kept.stamp.device, "key": kept.record.key}
    return stamp | dict(json.loads(msgspec.json.encode(kept.record)))


def _cell(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    formula = text.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(text)
    return f"'{text}" if formula else text
