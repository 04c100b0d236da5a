"""All of a listener's records at once: many writes, an export, and forgetting everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Final

from flask import Response, after_this_request, jsonify
from msgspec import Meta, Raw, Struct, field, to_builtins

from voiceguide.errors import LimitError, UnknownError
from voiceguide.listeners.export import as_csv, as_json
from voiceguide.listeners.store import Put, Remove, Write, WriteStamp
from voiceguide.server.web.json_body import json_body
from voiceguide.server.web.me import MOST_BODY, blueprint, kind_of, record_of
from voiceguide.server.web.visitor import records

routes = blueprint("me_all")

MOST_WRITES: Final = 500


class OneWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """A write as by PUT, or, without a record, as by DELETE."""

    kind: str
    key: str
    at: int
    device: str
    record: Raw = field(default_factory=lambda: Raw(b"null"))  # of `Raw | None`, msgspec takes only null


class Writes(Struct, frozen=True, forbid_unknown_fields=True):
    """Writes in any order, such as those of a device that was offline."""

    writes: Annotated[tuple[OneWrite, ...], Meta(max_length=MOST_WRITES)]


class Outcome(Struct, frozen=True, omit_defaults=True):
    """Whether a write is stored: not if a later write is, or if it was refused because of an `error`."""

    holds: bool
    error: str = ""


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """An empty object."""


@routes.post("/writes")
def write() -> Response:
    """Apply writes, each as if it came alone; the answer has the outcome of each, in the same order."""
    given = json_body(Writes, MOST_BODY).writes
    made = [_made(each) for each in given]
    holds = iter(_all(tuple(each for each in made if not isinstance(each, Outcome))))
    found = [each if isinstance(each, Outcome) else next(holds) for each in made]
    return jsonify(writes=to_builtins(found))


@routes.get("/export.json", defaults={"form": "json"})
@routes.get("/export.csv", defaults={"form": "csv"})
def export(form: str) -> Response:
    """Return all records as a file to keep."""
    kept = records().everything()
    data, kind = (as_csv(kept), "text/csv") if form == "csv" else (as_json(kept), "application/json")
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="voiceguide.{form}"'
    return response


@routes.post("/forget")
def forget() -> Response:
    """Delete all records, and have the browser delete what it keeps."""
    json_body(Nothing, MOST_BODY)
    after_this_request(emptied)  # also if the file cannot be emptied now
    records().forget()
    return jsonify(forgotten=True)


def emptied(response: Response) -> Response:
    """Have the browser empty what it keeps."""
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _made(given: OneWrite) -> Write | Outcome:
    stamp = WriteStamp(given.at, given.device)
    try:
        if bytes(given.record) == b"null":
            return Remove(kind_of(given.kind), given.key, stamp)
        return Put(record_of(given.kind, given.key, given.record), stamp)
    except (LimitError, UnknownError) as error:
        return Outcome(False, str(error))


def _all(writes: Sequence[Write]) -> list[Outcome]:
    """Return the outcomes of *writes*: together, as that is quicker, or, if one is refused, one by one."""
    try:
        return [Outcome(holds) for holds in records().write(*writes)]
    except LimitError:
        return [_alone(each) for each in writes]


def _alone(write: Write) -> Outcome:
    try:
        return Outcome(records().write(write)[0])
    except LimitError as error:
        return Outcome(False, str(error))
