"""Podcast feeds of everything there is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request
from msgspec.structs import replace

from voiceguide.errors import LengthError, VoiceguideError, WishError
from voiceguide.script.model import Script
from voiceguide.segments.codecs import CODECS
from voiceguide.serving.dates import by_day, by_name
from voiceguide.serving.feed import Channel, Episode, feed
from voiceguide.serving.query import PARAMETERS, Asked, read_query
from voiceguide.studio.studio import GROUND
from voiceguide.web.fresh import answered
from voiceguide.web.here import address, asked, service, sitting_query, tokens

routes = Blueprint("feeds", __name__)


@routes.get("/feed.xml")
def everything() -> Response:
    """List every exercise; with a length, those that can be that long."""
    wanted = asked()
    scripts = service().catalogue.scripts()
    _check(wanted, scripts)
    dates = by_name({script.name: script.path for script in scripts})
    episodes = _had(_episode(script, wanted, dates[script.name]) for script in scripts)
    channel = _channel(
        "voiceguide", "Guided exercises, spoken with exactly timed pauses.", "/feed.xml", wanted
    )
    return _answer(feed(channel, episodes, wanted.query))


@routes.get("/program/<name>/feed.xml")
def program(name: str) -> Response:
    """List a program's sessions, a day each, in order."""
    found, wanted = service().program(name), asked()
    scripts = [service().catalogue.script(sitting.script) for sitting in found.sittings]
    _check(wanted, scripts)
    dates = by_day(Path(found.sittings[0].where.path), [sitting.day for sitting in found.sittings])
    episodes: list[Episode | VoiceguideError] = []
    for number, (sitting, script) in enumerate(zip(found.sittings, scripts, strict=True)):
        query = "&".join(each for each in (sitting_query(sitting), wanted.query) if each)
        made = _episode(script, read_query(parse_qsl(query)), dates[number])
        if isinstance(made, Episode):
            title = f"Day {sitting.day}: {made.title}"
            name_here = f"{found.name}.{number + 1}.{made.name}"
            summary = f"{sitting.why} {made.summary}"
            made = replace(made, name=name_here, title=title, summary=summary, number=number + 1)
        episodes.append(made)
    channel = replace(_channel(found.title, found.summary, f"/program/{name}/feed.xml", wanted), serial=True)
    return _answer(feed(channel, _had(episodes), f"{found.name}{wanted.query}"))


def _channel(title: str, summary: str, path: str, wanted: Asked) -> Channel:
    return Channel(
        title=title,
        summary=summary,
        address=_absolute(tokens().address(path, wanted.query)),
        page=_absolute("/"),
        picture=_absolute(tokens().address(f"/cover/{GROUND}.jpg", "size=1400")),
    )


def _answer(document: bytes) -> Response:
    return answered(document, "application/rss+xml; charset=utf-8")


def _check(wanted: Asked, scripts: Sequence[Script]) -> None:
    """Refuse an option or a value that none of *scripts* has: more likely it is misspelt than meant for none.

    Raises:
        WishError: with the nearest there is.
    """
    names = {name for script in scripts for name in script.options}
    for name, value in wanted.wishes.options.items():
        values = {each for script in scripts for each in script.options.get(name, ())}
        if name not in names:
            near = difflib.get_close_matches(name, sorted({*names, *PARAMETERS}), 1, 0.6)
            hint = f'did you mean "{near[0]}"?' if near else "leave it out"
            raise WishError(f'no exercise here has an option "{name}"; {hint}')
        if value not in values:
            raise WishError(f'"{name}" can be {" or ".join(sorted(values))}; "{value}" was asked')


def _had(made: Iterable[Episode | VoiceguideError]) -> list[Episode]:
    """Return the episodes that can be had; of none, unless only their lengths do not fit, say why.

    Raises:
        VoiceguideError: what the first cannot be had for.
    """
    tried = list(made)
    episodes = [each for each in tried if isinstance(each, Episode)]
    wrong = next((each for each in tried if not isinstance(each, Episode | LengthError)), None)
    if not episodes and wrong is not None:
        raise wrong
    return episodes


def _episode(script: Script, wanted: Asked, when: float) -> Episode | VoiceguideError:
    """Return *script* as an episode of *when*, or why it cannot be had as *wanted*."""
    try:
        measure = service().sessions.measure(script.name, wanted)
    except VoiceguideError as error:
        if wanted.query:
            return error
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
        page=_absolute(address(f"/session/{script.name}", query)),
        picture=_absolute(tokens().address(f"/cover/{script.name}.jpg", "size=1400")),
        chapters=_absolute(tokens().address(f"/audio/{script.name}.chapters.json", query)),
        transcript=_absolute(tokens().address(f"/audio/{script.name}.vtt", query)),
        when=when,
    )


def _absolute(place: str) -> str:
    return request.host_url.rstrip("/") + place
