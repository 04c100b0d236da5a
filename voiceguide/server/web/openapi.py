"""The description of the API (OpenAPI 3.1), made from the table that parses the queries."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from voiceguide.export.encoding.codecs import CODECS, Codec
from voiceguide.export.sample import MEDIA_TYPE
from voiceguide.export.sidecars import SIDECARS
from voiceguide.server.query import LONGEST_VALUE, MOST_VALUES, PARAMETERS, TAKEN
from voiceguide.server.service import SIDE_ENDINGS
from voiceguide.server.web import openapi_me


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
            **{f"/audio/{{script}}.{name}": _sound(row) for name, row in CODECS.items()},
            **{
                f"/audio/{{script}}{ending}": _get(
                    f"getBeside{''.join(part.capitalize() for part in ending.split('.'))}",
                    "A file that goes beside the sound.",
                    SIDECARS[name].media_type,
                    given=_wishes(),
                )
                for ending, name in SIDE_ENDINGS.items()
            },
            "/cover/{script}.jpg": _get("getCover", "The cover.", "image/jpeg", given=("script",)),
            "/feed.xml": _get("getFeed", "A podcast feed of all exercises.", "application/rss+xml"),
            "/api/scripts": _get("listScripts", "All exercises."),
            "/api/scripts/{script}": _get(
                "getScript", "One exercise, planned for these wishes.", given=_wishes()
            ),
            "/api/state/{script}": _get(
                "getState", "How far the MP3 of a session is.", given=_wishes(CODECS["mp3"])
            ),
            **{
                f"/api/state/{{script}}.{name}": _get(
                    f"getState{name.capitalize()}",
                    f"How far the {name.upper()} of a session is.",
                    given=_wishes(row),
                )
                for name, row in CODECS.items()
            },
            "/api/voices": _get("listVoices", "All voices."),
            "/voice/{engine}/{voice}.mp3": _sample(),
            "/api/ambiences": _get("listAmbiences", "All sounds that can go under a voice."),
            "/healthz": _get("getHealth", "Whether the server is well."),
            **openapi_me.paths(_wishes()),
            "/prepare/ground-now": {
                "post": {
                    "operationId": "prepareGround",
                    "summary": "Have the way back to the ground ready.",
                    "responses": {"202": {"description": "It is being made, or is there."}},
                }
            },
        },
        "components": {
            "parameters": {
                **openapi_me.PARAMETERS,
                "script": {
                    "name": "script",
                    "in": "path",
                    "required": True,
                    "description": "An exercise's name, from /api/scripts.",
                    "schema": {"type": "string"},
                },
                **{
                    f"of-{name}": {
                        "name": name,
                        "in": "path",
                        "required": True,
                        "description": f"{about}, from /api/voices.",
                        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_.-]{1,40}$"},
                    }
                    for name, about in (("engine", "A voice's engine"), ("voice", "A voice's name"))
                },
                **{
                    name: {"name": name, "in": "query", "description": row.about, "schema": dict(row.schema)}
                    for name, row in PARAMETERS.items()
                },
                **{
                    f"bitrate-{name}": {
                        "name": "bitrate",
                        "in": "query",
                        "description": PARAMETERS["bitrate"].about,
                        "schema": {"enum": [each // 1000 for each in row.bitrates]},
                    }
                    for name, row in CODECS.items()
                    if row.bitrates
                },
                "options": {
                    "name": "options",
                    "in": "query",
                    "description": (
                        "The exercise's own options by name, such as eyes=closed; one called like another "
                        "parameter as option.NAME."
                    ),
                    "schema": {
                        "type": "object",
                        "propertyNames": {
                            "pattern": "^[A-Za-z][A-Za-z0-9_-]{0,39}$",
                            "not": {"enum": sorted(TAKEN)},
                        },
                        "additionalProperties": {
                            "type": "string",
                            "minLength": 1,
                            "maxLength": LONGEST_VALUE,
                        },
                        "maxProperties": MOST_VALUES - len(PARAMETERS),
                    },
                    "style": "form",
                    "explode": True,
                },
            },
            "schemas": {
                **openapi_me.schemas(),
                "Error": {
                    "type": "object",
                    "properties": {"error": {"type": "string"}, "status": {"type": "integer"}},
                    "required": ["error", "status"],
                },
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


def _wishes(codec: Codec | None = None) -> tuple[str, ...]:
    """Return the parameters of a session in the format of *codec*, or of no format if it is None."""
    rate = (f"bitrate-{codec.name}",) if codec is not None and codec.bitrates else ()
    return ("script", *(name for name in PARAMETERS if name != "bitrate"), *rate, "options")


def _get(
    name: str, summary: str, media_type: str = "application/json", *, given: Sequence[str] = ()
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": "Found.", "content": {media_type: {}}},
            **{status: {"$ref": "#/components/responses/Error"} for status in ("400", "401", "404", "503")},
        },
    }
    if given:
        operation["parameters"] = [{"$ref": f"#/components/parameters/{each}"} for each in given]
    return {"get": operation}


def _sound(codec: Codec) -> dict[str, Any]:
    name = f"Audio{codec.name.capitalize()}"
    got = _get(f"get{name}", "The session as sound.", codec.media_type, given=_wishes(codec))
    got["get"]["responses"] |= _ranged(codec.media_type)
    summary = "Size and type of the session; nothing is spoken."
    return {**got, "head": {**got["get"], "operationId": f"head{name}", "summary": summary}}


def _sample() -> dict[str, Any]:
    given = ("of-engine", "of-voice")
    got = _get("getVoiceSample", "One sentence of a voice, in its own language.", MEDIA_TYPE, given=given)
    got["get"]["responses"] |= _ranged(MEDIA_TYPE)
    return got


def _ranged(media_type: str) -> dict[str, Any]:
    """Return the other responses of an address that accepts Range."""
    return {
        "206": {"description": "The bytes that Range asks for.", "content": {media_type: {}}},
        "304": {"description": "Nothing new."},
        "416": {"description": "There are no such bytes."},
    }
