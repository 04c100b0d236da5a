"""Samples of voices, and the page on which to choose one."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, render_template, request

from voiceguide.errors import EngineError
from voiceguide.export.sample import MEDIA_TYPE
from voiceguide.script.model import Script
from voiceguide.server import offer
from voiceguide.server.web import unveiling
from voiceguide.server.web.addresses import card, ground_url, media, page_address
from voiceguide.server.web.audio import KEPT
from voiceguide.server.web.context import asked, kept_query, service

routes = Blueprint("voices", __name__)
unveiling.install(routes)


@routes.get("/voice/<engine>/<name>.mp3")
def sample(engine: str, name: str) -> Response:
    """Answer with one sentence of a voice."""
    found = service().samples.get(f"{engine}/{name}")
    response = Response(found.data, content_type=MEDIA_TYPE)
    response.set_etag(found.digest)
    response.headers["Cache-Control"] = KEPT
    response.make_conditional(request, accept_ranges=True, complete_length=len(found.data))
    return response


@routes.get("/voices/<path:name>")
def page(name: str) -> str:
    """List the voices that can speak an exercise, each with a sample, to choose one."""
    script, wanted = service().catalogue.script(name), asked()
    rest = [pair for pair in parse_qsl(kept_query(script, wanted)) if pair[0] != "voice"]
    return render_template(
        "voices.html",
        card=card(script),
        voices=[
            each | {"url": page_address("session", name, urlencode([("voice", each["id"]), *rest]))}
            for each in menu(script, wanted.wishes.voice)
        ],
        chosen=wanted.wishes.voice,
        back=page_address("session", name, kept_query(script, wanted)),
        ground_url=ground_url(),
    )


def menu(script: Script, wished: str | None) -> list[dict[str, Any]]:
    """Return the voices that can speak *script* here, and the one *wished*, with their samples' addresses."""
    found = offer.fitting(service().voices(), script.language, wished)
    return [each | {"sample": address_of(each["id"])} for each in found]


def best(script: Script) -> str:
    """Return the address of a sample of the voice that speaks *script* by default."""
    try:
        return address_of(str(service().studio.cast(script.voice, script.language)[0]))
    except EngineError:
        return address_of(script.voice or "")  # that address answers with the reason


def address_of(voice: str) -> str:
    """Return the address of a sample of *voice*, ENGINE/NAME."""
    return media(f"/voice/{voice}.mp3")
