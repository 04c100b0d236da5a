"""The description of the API (OpenAPI 3.1), written from the table that reads the addresses."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from voiceguide.segments.codecs import CODECS
from voiceguide.serving.query import PARAMETERS
from voiceguide.serving.service import SIDE_ENDINGS
from voiceguide.studio.sides import SIDES


def description() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "voiceguide",
            "version": version("voiceguide"),
            "description": "Guided exercises of any length, as sound that can be read from any byte.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            **{f"/audio/{{script}}.{name}": _sound(row.media_type) for name, row in CODECS.items()},
            **{
                f"/audio/{{script}}{ending}": _get(
                    "A file that goes beside the sound.", SIDES[name].media_type, wishes=True
                )
                for ending, name in SIDE_ENDINGS.items()
            },
            "/cover/{script}.jpg": _get("The cover.", "image/jpeg", named=True),
            "/feed.xml": _get("A podcast feed of all exercises.", "application/rss+xml"),
            "/api/scripts": _get("All exercises."),
            "/api/scripts/{script}": _get("One exercise, planned for these wishes.", wishes=True),
            "/api/state/{script}": _get("How far the MP3 of a session is.", wishes=True),
            **{
                f"/api/state/{{script}}.{name}": _get(
                    f"How far the {name.upper()} of a session is.", wishes=True
                )
                for name in CODECS
            },
            "/api/voices": _get("All voices."),
            "/api/ambiences": _get("All sounds that can go under a voice."),
            "/healthz": _get("Whether the server is well."),
            "/prepare/ground-now": {
                "post": {
                    "summary": "Have the way back to the ground ready.",
                    "responses": {"202": {"description": "It is being made, or is there."}},
                }
            },
        },
        "components": {
            "parameters": {
                "script": {
                    "name": "script",
                    "in": "path",
                    "required": True,
                    "description": "An exercise's name, from /api/scripts.",
                    "schema": {"type": "string"},
                },
                **{
                    name: {"name": name, "in": "query", "description": row.about, "schema": dict(row.schema)}
                    for name, row in PARAMETERS.items()
                },
                "options": {
                    "name": "options",
                    "in": "query",
                    "description": (
                        "The exercise's own options by name, such as eyes=closed; one called like another "
                        "parameter as option.NAME."
                    ),
                    "schema": {"type": "object", "additionalProperties": {"type": "string"}},
                    "style": "form",
                    "explode": True,
                },
            },
            "schemas": {
                "Error": {
                    "type": "object",
                    "properties": {"error": {"type": "string"}, "status": {"type": "integer"}},
                    "required": ["error", "status"],
                }
            },
            "responses": {
                "Error": {
                    "description": "One sentence that says what is wrong.",
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Error"}},
                    },
                }
            },
        },
    }


def _get(
    summary: str, media_type: str = "application/json", *, wishes: bool = False, named: bool = False
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {
            "200": {"description": "Found.", "content": {media_type: {}}},
            **{status: {"$ref": "#/components/responses/Error"} for status in ("400", "404", "503")},
        },
    }
    if wishes or named:
        names = ["script", *PARAMETERS, "options"] if wishes else ["script"]
        operation["parameters"] = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    return {"get": operation}


def _sound(media_type: str) -> dict[str, Any]:
    got = _get("The session as sound.", media_type, wishes=True)
    got["get"]["responses"] |= {
        "206": {"description": "The bytes that Range asks for.", "content": {media_type: {}}},
        "304": {"description": "Nothing new."},
        "416": {"description": "There are no such bytes."},
    }
    head = {**got["get"], "summary": "Size and type of the session; nothing is spoken."}
    return {**got, "head": head}
