"""The part of the API's description that is about the listener's records."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from voiceguide.listeners.records import KINDS
from voiceguide.server.places import GoingOn, LeftPlace
from voiceguide.server.web.me import LeftBody, Me, PutBody, Removed
from voiceguide.server.web.me_all import Nothing, Outcome, Writes

_REF: Final = "#/components/schemas/{name}"
_BODIES: Final = (Removed, LeftBody, Me, GoingOn, LeftPlace, Writes, Outcome, Nothing)
_WRONG: Final = ("400", "401", "403", "404", "413", "415", "503")


def paths(wishes: Sequence[str]) -> dict[str, Any]:
    """Return the addresses below `/api/me`; *wishes* are the parameters of a session."""
    script = ("script",)
    found: dict[str, Any] = {
        "/api/me": {"get": _operation("getMe", "Who the listener is, and what is kept of them.", _ref("Me"))},
        "/api/me/places": {
            "get": _operation(
                "listPlaces", "Where exercises were left, the latest first.", _many("places", "LeftPlace")
            )
        },
        "/api/me/places/{script}": {
            "get": _operation("getPlace", "Where the session goes on.", _ref("GoingOn"), wishes),
            "put": _operation("putPlace", "Note where a session was left.", _HOLDS, script, "LeftBody"),
            "delete": _operation("deletePlace", "Remove a place.", _HOLDS, script, "Removed"),
        },
    }
    found["/api/me/writes"] = {
        "post": _operation("postWrites", "Many writes at once.", _many("writes", "Outcome"), body="Writes")
    }
    found["/api/me/forget"] = {
        "post": _operation("forget", "Delete all that is kept.", _yes("forgotten"), body="Nothing")
    }
    for form, media_type in (("json", "application/json"), ("csv", "text/csv")):
        export = _operation(f"export{form.capitalize()}", "All that is kept, as a file.", {})
        export["responses"]["200"]["content"] = {media_type: {}}
        found[f"/api/me/export.{form}"] = {"get": export}
    for name, kind in KINDS.items():
        called, key = kind.__name__, ("key",)
        found[f"/api/me/{name}"] = {
            "get": _operation(f"list{called}", _about(kind), _many("records", f"Kept{called}"))
        }
        found[f"/api/me/{name}/{{key}}"] = {
            "get": _operation(f"get{called}", "One record.", _ref(f"Kept{called}"), key),
            "put": _operation(f"put{called}", "Store a record.", _HOLDS, key, f"Put{called}"),
            "delete": _operation(f"delete{called}", "Remove a record.", _HOLDS, key, "Removed"),
        }
    return found


def schemas() -> dict[str, Any]:
    """Return the schemas that `paths` refers to."""
    _, found = msgspec.json.schema_components([*KINDS.values(), *_BODIES], ref_template=_REF)
    for each in found.values():
        if "description" in each:
            each["description"] = inspect.cleandoc(each["description"])
    found["OneWrite"]["properties"]["record"] = {
        "anyOf": [*(_ref(kind.__name__) for kind in KINDS.values()), {"type": "null"}]
    }
    _, given = msgspec.json.schema_components([PutBody], ref_template=_REF)
    written = given[PutBody.__name__]
    for kind in KINDS.values():
        name = kind.__name__
        record = {**written["properties"], "record": _ref(name)}
        found[f"Put{name}"] = {**written, "title": f"Put{name}", "properties": record}
        found[f"Kept{name}"] = {
            "type": "object",
            "properties": {"key": {"type": "string"}, **record},
            "required": ["key", *record],
        }
    return found


PARAMETERS: Final[Mapping[str, Any]] = {
    "key": {
        "name": "key",
        "in": "path",
        "required": True,
        "description": "The record's key: its script, program or id, as the lists have it.",
        "schema": {"type": "string"},
    }
}


def _yes(name: str, about: str = "") -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {name: {"type": "boolean", "description": about}},
        "required": [name],
    }


_HOLDS: Final = _yes("holds", "Whether it is stored: false if a later write is.")


def _about(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": _REF.format(name=name)}


def _many(field: str, name: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field: {"type": "array", "items": _ref(name)}},
        "required": [field],
    }


def _operation(
    name: str, summary: str, answer: Mapping[str, Any], given: Sequence[str] = (), body: str = ""
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": "Done.", "content": {"application/json": {"schema": answer}}},
            **{status: {"$ref": "#/components/responses/Error"} for status in _WRONG},
        },
    }
    if given:
        made["parameters"] = [{"$ref": f"#/components/parameters/{each}"} for each in given]
    if body:
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(body)}}}
    return made
