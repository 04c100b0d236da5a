"""The records of who sends the request, for the page and for programs: `/api/me`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from flask import Blueprint, Response, jsonify, request
from msgspec import Meta, Raw, Struct, to_builtins
from werkzeug.exceptions import Forbidden

from voiceguide.errors import LimitError, UnknownError
from voiceguide.listeners.records import KINDS, Bookmark, Record, kind_name
from voiceguide.listeners.rights import Right
from voiceguide.listeners.store import Put, R, Remove, Stored, Write, WriteStamp
from voiceguide.server.web.context import asked, asked_in, service
from voiceguide.server.web.json_body import decoded, json_body
from voiceguide.server.web.visitor import needs, records, visitor

MOST_BODY: Final = 60_000
"""In bytes, less than `hosting.MOST_BODY`, so that the refusal is ours."""

MOST_LISTED: Final = 1_000
"""Most records in one answer; the export has all."""

MEANT: Final = "Voiceguide-Listener"
"""The header in which a page names whose records it means, as its cookie may be another's by then."""

LONGEST: Final = 86_400
"""The longest session, in seconds, that a place can be in; there is none of a day."""


class Removed(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a DELETE: the time of the write by the device's clock, in ms since 1970, and its name."""

    at: int
    device: str


class PutBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a PUT: the record, and the time and the device of the write as in `Removed`."""

    record: Raw
    at: int
    device: str


class LeftBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a PUT of a place: the seconds into the session of a query, and the rung; see `Removed`."""

    seconds: Annotated[float, Meta(ge=0, le=LONGEST)]
    at: int
    device: str
    query: str = ""
    rung: Annotated[int, Meta(ge=0)] = 0


class Me(Struct, frozen=True):
    """The listener: `name`, "" for the nameless one, rights, whether they have a PIN, counts of records."""

    name: str
    may: tuple[Right, ...]
    guarded: bool
    counts: Mapping[str, int]


def blueprint(name: str) -> Blueprint:
    """Return a blueprint below `/api/me`: for who may listen, and with answers that nothing stores."""
    made = Blueprint(name, __name__, url_prefix="/api/me")
    made.before_request(needs(Right.LISTEN)(_meant))
    made.after_request(_not_stored)
    return made


def _meant() -> None:
    """Refuse what a page of one listener sends when another has been chosen in its browser meanwhile."""
    if request.headers.get(MEANT, visitor().id) != visitor().id:
        raise Forbidden("that was meant for another listener, who does not listen here any more")


def _not_stored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


routes = blueprint("me")


@routes.get("")
def me() -> Response:
    """Tell who the listener is, what they may do, and how many records of each kind there are."""
    who = visitor()
    return jsonify(to_builtins(Me(who.name, tuple(sorted(who.may)), who.guarded, records().counts())))


@routes.get("/places")
def places() -> Response:
    """List where exercises were left, the latest first."""
    return jsonify(places=[each.plain() for each in service().places.all(records())])


@routes.get("/places/<path:script>")
def place(script: str) -> Response:
    """Tell where the session of the query goes on."""
    found = service().places.going_on(records(), service().sessions.get(script, asked()))
    if found is None:
        raise UnknownError(f'"{script[:80]}" was not left anywhere')
    return jsonify(found.plain())


@routes.put("/places/<path:script>")
def leave(script: str) -> Response:
    """Note where the session of a query was left, unless it had hardly begun."""
    body = json_body(LeftBody, MOST_BODY)
    made = service().places.bookmark(script, asked_in(body.query), body.seconds, body.rung)
    return _held(made is not None and _holds(Put(made, WriteStamp(body.at, body.device))))


@routes.delete("/places/<path:script>")
def forget_place(script: str) -> Response:
    """Remove the place of an exercise, such as at its end."""
    return remove(kind_name(Bookmark), script)


@routes.get("/<kind>")
def listed(kind: str) -> Response:
    """List the records of *kind*, the latest write first, at most `MOST_LISTED`."""
    found = records().all(kind_of(kind), MOST_LISTED)
    return jsonify(records=[_plain(each) for each in found])


@routes.get("/<kind>/", defaults={"key": ""})
@routes.get("/<kind>/<path:key>")
def one(kind: str, key: str) -> Response:
    return jsonify(_plain(_found(kind, key)))


@routes.put("/<kind>/", defaults={"key": ""})
@routes.put("/<kind>/<path:key>")
def put(kind: str, key: str) -> Response:
    """Store a record, unless a later write to its key is stored."""
    body = json_body(PutBody, MOST_BODY)
    return _held(_holds(Put(record_of(kind, key, body.record), WriteStamp(body.at, body.device))))


@routes.delete("/<kind>/", defaults={"key": ""})
@routes.delete("/<kind>/<path:key>")
def remove(kind: str, key: str) -> Response:
    """Remove a record, unless a later write to its key is stored; it need not exist."""
    body = json_body(Removed, MOST_BODY)
    return _held(_holds(Remove(kind_of(kind), key, WriteStamp(body.at, body.device))))


def kind_of(name: str) -> type[Record]:
    """Return the kind of records called *name*.

    Raises:
        UnknownError: if there is none.
    """
    if name not in KINDS:
        raise UnknownError(f'there is nothing of the kind "{name[:40]}"; ask for {", ".join(KINDS)}')
    return KINDS[name]


def record_of(kind: str, key: str, data: Raw) -> Record:
    """Return the record in the JSON *data*.

    Raises:
        UnknownError: if there is no such kind.
        LimitError: if it is no valid record of it, or belongs at another key.
    """
    record = decoded(bytes(data), kind_of(kind))
    if record.key != key:
        raise LimitError(f"this record belongs at /api/me/{kind}/{record.key[:80]}")
    return record


def _found(name: str, key: str) -> Stored[Record]:
    kept = records().get(kind_of(name), key)
    if kept is None:
        raise UnknownError(f'there is no {name} "{key[:80]}"')
    return kept


def _holds(write: Write) -> bool:
    return records().write(write)[0]


def _held(holds: bool) -> Response:
    return jsonify(holds=holds)


def _plain(kept: Stored[R]) -> dict[str, Any]:
    return {
        "key": kept.record.key,
        "record": to_builtins(kept.record),
        "at": kept.stamp.at,
        "device": kept.stamp.device,
    }
