"""Plays on the speaker of this computer: the server sends it the requests, not the browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from voiceguide.errors import UnknownError, VoiceguideError
from voiceguide.playback.commands import Stop
from voiceguide.server.remote import SpeakerClient
from voiceguide.server.web import unveiling
from voiceguide.server.web.addresses import page_address
from voiceguide.server.web.context import asked, here, service

routes = Blueprint("speaker", __name__)
unveiling.install(routes)


@routes.post("/speaker/play/<path:name>")
def play(name: str) -> Response:
    """Play the session of this address on the speaker, and show its page again."""
    script, query = service().catalogue.script(name), asked().query
    _speaker().post("/play", {**dict(parse_qsl(query)), "script": script.name})
    return _back(script.name, query)


@routes.post("/speaker/stop/<path:name>")
def stop(name: str) -> Response:
    """Make the speaker fade out."""
    script, query = service().catalogue.script(name), asked().query
    _speaker().do(Stop())
    return _back(script.name, query)


def playing() -> dict[str, Any] | None:
    """Return what the speaker plays; None if there is no speaker."""
    speaker = here().speaker()
    try:
        return None if speaker is None else speaker.get("/now", 2.0)
    except VoiceguideError:
        return None


def _speaker() -> SpeakerClient:
    found = here().speaker()
    if found is None:
        raise UnknownError("no speaker runs on this computer; start one with: voiceguide speaker")
    return found


def _back(name: str, query: str) -> Response:
    return redirect(page_address("session", name, query), 303)
