"""Podcast feeds of everything there is."""

from __future__ import annotations

from flask import Blueprint, Response, request

from voiceguide.errors import LengthError, VoiceguideError
from voiceguide.script.model import Script
from voiceguide.serving.feed import Channel, Episode, feed
from voiceguide.serving.query import Asked
from voiceguide.serving.service import GROUND
from voiceguide.web.here import asked, service, tokens

routes = Blueprint("feeds", __name__)


@routes.get("/feed.xml")
def everything() -> Response:
    """List every exercise; with a length, those that can be that long."""
    wanted = asked()
    episodes = [made for script in service().catalogue.scripts() if (made := _episode(script, wanted))]
    channel = Channel(
        title="voiceguide",
        summary="Guided exercises, spoken with exactly timed pauses.",
        address=_absolute(tokens().address("/feed.xml", wanted.query)),
        page=_absolute("/"),
        picture=_absolute(tokens().address(f"/cover/{GROUND}.jpg", "size=1400")),
    )
    return Response(feed(channel, episodes, wanted.query), content_type="application/rss+xml; charset=utf-8")


def _episode(script: Script, wanted: Asked) -> Episode | None:
    """Return *script* as an episode; None if it cannot be had as *wanted*."""
    try:
        job = service().job(script.name, "mp3", wanted)
        sound = service().sound(job)
    except LengthError:
        return None
    except VoiceguideError:
        if wanted.query:
            return None
        raise
    assert sound.size is not None
    query = wanted.query
    return Episode(
        name=script.name,
        title=script.title,
        summary=script.summary,
        length=job.held.session.length,
        audio=_absolute(tokens().address(f"/audio/{script.name}.mp3", query)),
        media_type=sound.media_type,
        size=sound.size,
        page=_absolute(f"/session/{script.name}" + (f"?{query}" if query else "")),
        picture=_absolute(tokens().address(f"/cover/{script.name}.jpg", "size=1400")),
        chapters=_absolute(tokens().address(f"/audio/{script.name}.chapters.json", query)),
        transcript=_absolute(tokens().address(f"/audio/{script.name}.vtt", query)),
        when=script.path.stat().st_mtime,
    )


def _absolute(address: str) -> str:
    return request.host_url.rstrip("/") + address
