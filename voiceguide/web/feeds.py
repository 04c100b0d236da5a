"""Podcast feeds of everything there is."""

from __future__ import annotations

from urllib.parse import parse_qsl

from flask import Blueprint, Response, request
from msgspec.structs import replace

from voiceguide.errors import VoiceguideError
from voiceguide.script.model import Script
from voiceguide.segments.codecs import CODECS
from voiceguide.serving.feed import Channel, Episode, feed
from voiceguide.serving.query import Asked, read_query
from voiceguide.studio.studio import GROUND
from voiceguide.web.here import asked, service, sitting_query, tokens

routes = Blueprint("feeds", __name__)


@routes.get("/feed.xml")
def everything() -> Response:
    """List every exercise; with a length, those that can be that long."""
    wanted = asked()
    scripts = service().catalogue.scripts()
    episodes = [made for script in scripts if (made := _episode(script, wanted, script.path.stat().st_mtime))]
    channel = _channel(
        "voiceguide", "Guided exercises, spoken with exactly timed pauses.", "/feed.xml", wanted
    )
    return _answer(feed(channel, episodes, wanted.query))


@routes.get("/program/<name>/feed.xml")
def program(name: str) -> Response:
    """List a program's sessions, a day each, in order."""
    found, wanted = service().program(name), asked()
    start = service().catalogue.begun
    episodes = []
    for number, sitting in enumerate(found.sittings):
        script = service().catalogue.script(sitting.script)
        query = "&".join(each for each in (sitting_query(sitting), wanted.query) if each)
        # Podcast apps order by date: the first day is the oldest.
        made = _episode(script, read_query(parse_qsl(query)), start + 86_400.0 * (sitting.day - found.days))
        if made is not None:
            title = f"Day {sitting.day}: {made.title}"
            name_here = f"{found.name}.{number + 1}.{made.name}"
            episodes.append(
                replace(made, name=name_here, title=title, summary=f"{sitting.why} {made.summary}")
            )
    channel = _channel(found.title, found.summary, f"/program/{name}/feed.xml", wanted)
    return _answer(feed(channel, episodes, f"{found.name}{wanted.query}"))


def _channel(title: str, summary: str, path: str, wanted: Asked) -> Channel:
    return Channel(
        title=title,
        summary=summary,
        address=_absolute(tokens().address(path, wanted.query)),
        page=_absolute("/"),
        picture=_absolute(tokens().address(f"/cover/{GROUND}.jpg", "size=1400")),
    )


def _answer(document: bytes) -> Response:
    return Response(document, content_type="application/rss+xml; charset=utf-8")


def _episode(script: Script, wanted: Asked, when: float) -> Episode | None:
    """Return *script* as an episode of *when*; None if it cannot be had as *wanted*."""
    try:
        measure = service().sessions.measure(script.name, wanted)
    except VoiceguideError:
        if wanted.query:
            return None
        raise
    query = wanted.query
    return Episode(
        name=script.name,
        title=script.title,
        summary=script.summary,
        length=measure.length,
        audio=_absolute(tokens().address(f"/audio/{script.name}.mp3", query)),
        media_type=CODECS["mp3"].media_type,
        size=measure.size,
        page=_absolute(f"/session/{script.name}" + (f"?{query}" if query else "")),
        picture=_absolute(tokens().address(f"/cover/{script.name}.jpg", "size=1400")),
        chapters=_absolute(tokens().address(f"/audio/{script.name}.chapters.json", query)),
        transcript=_absolute(tokens().address(f"/audio/{script.name}.vtt", query)),
        when=when,
    )


def _absolute(address: str) -> str:
    return request.host_url.rstrip("/") + address
