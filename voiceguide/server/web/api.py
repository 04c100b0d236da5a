"""The JSON API for programs, described by OpenAPI."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from voiceguide.audio import seconds
from voiceguide.export.encoding.codecs import CODECS
from voiceguide.export.text.chapters import marks
from voiceguide.export.text.stats import longest_silence, speech_share
from voiceguide.server import offer
from voiceguide.server.web.addresses import card, fitted_card, media
from voiceguide.server.web.context import asked, service
from voiceguide.server.web.openapi import description
from voiceguide.server.web.voices import address_of
from voiceguide.session import Session

routes = Blueprint("api", __name__)


@routes.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok", making=service().jobs.under_way())


@routes.get("/api/openapi.json")
def openapi() -> Response:
    return jsonify(description())


@routes.get("/api/voices")
def voices() -> Response:
    """List every voice, with the address of a sample if it can speak here."""
    return jsonify(
        voices=[
            each | ({"sample": address_of(each["id"])} if each["ready"] else {})
            for each in service().voices()
        ]
    )


@routes.get("/api/ambiences")
def ambiences() -> Response:
    return jsonify(ambiences=offer.ambiences())


@routes.get("/api/scripts")
def scripts() -> Response:
    return jsonify(scripts=[card(script).plain() for script in service().playable.scripts()])


@routes.get("/api/scripts/<path:name>")
def script(name: str) -> Response:
    """Describe one script, planned for the wishes of the query; nothing is spoken."""
    found = service().catalogue.script(name)
    held = service().sessions.get(name, asked())
    made = held.session
    planned = made.planned()
    document: dict[str, Any] = fitted_card(held).plain()
    document |= {
        "length": seconds(made.length),
        "voice": made.voice,
        "key": held.key,
        "chapters": [
            {"start": round(seconds(mark.start), 3), "title": mark.title}
            for mark in marks(planned, title=found.title)
        ],
        "lengths": [
            {"shortest": seconds(each.shortest), "longest": seconds(each.longest)}
            for each in service().sessions.lengths(held)
        ],
        "longest_silence": round(seconds(longest_silence(planned)), 3),
        "speech_share": round(speech_share(planned), 3),
        "rungs": offer.rungs(found),
        "parts": offer.part_names(found),
        "audio": media(f"/audio/{found.name}.mp3"),
    }
    return jsonify(document)


@routes.get("/api/state/<path:name>")
def state(name: str) -> Response:
    """Tell how much of a session is made, as MP3 or in the format that *name* ends in. Renders nothing."""
    wanted = asked()
    script, _, ending = name.rpartition(".")
    rendition = (
        service().rendition(script, ending, wanted)
        if ending in CODECS
        else service().rendition(name, "mp3", wanted)
    )
    how, progress = service().jobs.state(rendition)
    return jsonify(
        key=rendition.held.key,
        state=how,
        progress=round(progress, 4),
        voice=speaking(rendition.held.session),
        stood_in=rendition.held.stood_in,
        error=service().jobs.why(rendition),
    )


def speaking(session: Session) -> str:
    """Return the voice that speaks: the one asked for, or its stand-in."""
    if not session.clips.stood_in:
        return session.voice
    return str(next(iter(session.clips.cast[1:]), session.voice))
