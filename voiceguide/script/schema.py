"""The table as JSON Schema (2020-12), for completion and checks in an editor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, assert_never

from voiceguide.script import kinds, spec
from voiceguide.script.kinds import Kind
from voiceguide.script.shapes import ConditionShape, Field, Group, ListOf, MapOf, Shape, StepKind, StepShape

Json = dict[str, object]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema() -> Json:
    """Return the JSON Schema of a script. Rules that need context are left to `check`."""
    return {
        "$schema": DIALECT,
        "title": "voiceguide script, version 1",
        **_group(spec.SCRIPT),
        "$defs": {
            "step": {"anyOf": [{"$ref": f"#/$defs/{_key(kind)}"} for kind in spec.STEPS]},
            **{_key(kind): _step(kind) for kind in spec.STEPS},
            "condition": _condition(),
        },
    }


def _key(kind: StepKind) -> str:
    return "step-" + kind.name.replace(" ", "-")


def _step(kind: StepKind) -> Json:
    return {"description": kind.about, **_group(spec.whole_step(kind))}


def _of(shape: Shape) -> Json:
    match shape:
        case Kind():
            return dict(shape.schema)
        case Group():
            keys = _group(shape)
            return keys if shape.short is None else {"anyOf": [_of(shape.short.shape), keys]}
        case ListOf():
            return {"type": "array", "items": _of(shape.of), "minItems": shape.least}
        case MapOf():
            return _map(shape)
        case ConditionShape():
            return {"$ref": "#/$defs/condition"}
        case StepShape():
            return {"$ref": "#/$defs/step"}
        case _:
            assert_never(shape)


def _group(group: Group) -> Json:
    found: Json = {
        "type": "object",
        "properties": {row.name: _field(row) for row in group.fields},
        "required": [row.name for row in group.fields if row.needed],
        "additionalProperties": False,
    }
    if group.either:
        found["oneOf"] = [{"required": [name]} for name in group.either]
    return found


def _field(row: Field) -> Json:
    """Return a field's schema; as 2020-12 allows, annotations stand beside ``$ref`` or a choice."""
    found = {"description": row.about, **_of(row.shape)}
    if row.default:
        found["default"] = int(row.default) if row.default.isdigit() else row.default
    return found


def _map(shape: MapOf) -> Json:
    value = _of(shape.of)
    return {
        "type": "object",
        "propertyNames": dict(kinds.WORD.schema),
        "additionalProperties": {"anyOf": [{"type": "null"}, value]} if shape.blank else value,
    }


def _condition() -> Json:
    word = {"type": ["string", "number", "boolean"]}
    bound = {"type": "string", "pattern": r"^(?:>=|<=|>|<) ?(?:[0-9.]+[hms] ?)+$"}
    return {
        "type": "object",
        "minProperties": 1,
        "properties": {"length": _one_or_more(bound)},
        "additionalProperties": _one_or_more(word),
    }


def _one_or_more(one: Mapping[str, object]) -> Json:
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}
