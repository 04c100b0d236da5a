"""Podcast feeds, of all exercises or of a program."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request
from msgspec.structs import replace

from voiceguide.errors import BusyError, LengthError, VoiceguideError, WishError
from voiceguide.export.cover import FEED_SIZE
from voiceguide.export.encoding.codecs import CODECS
from voiceguide.script.model import Script
from voiceguide.server.dates import by_day, by_name
from voiceguide.server.feed import Channel, Episode, feed
from voiceguide.server.measures import Measure
from voiceguide.server.query import PARAMETERS, Asked, read_query
from voiceguide.server.web.addresses import lasting, page_address
from voiceguide.server.web.conditional import answered
from voiceguide.server.web.context import asked, here, service, sitting_query
from voiceguide.session.ground import GROUND

routes = Blueprint("feeds", __name__)


@routes.get("/feed.xml")
def everything() -> Response:
    """List every exercise; with a length, those that can be that long."""
    wanted = asked()
    scripts = service().playable.scripts()
    _check(wanted, scripts)
    dates = by_name({script.name: script.path for script in scripts})
    measured = _measured([(script, wanted) for script in scripts])
    episodes = [
        _episode(script, wanted, measure, dates[script.name])
        for script, measure in zip(scripts, measured, strict=True)
        if measure is not None
    ]
    channel = _channel(
        "voiceguide", "Guided exercises, spoken with exactly timed pauses.", "/feed.xml", wanted
    )
    return _answer(feed(channel, episodes, wanted.query))


@routes.get("/program/<name>/feed.xml")
def program(name: str) -> Response:
    """List a program's sessions in order, with their days."""
    found, wanted = service().programs.get(name), asked()
    scripts = [service().catalogue.script(sitting.script) for sitting in found.sittings]
    _check(wanted, scripts)
    dates = by_day(Path(found.sittings[0].where.path), [sitting.day for sitting in found.sittings])
    queries = [[sitting_query(sitting), wanted.query] for sitting in found.sittings]
    days = [read_query(parse_qsl("&".join(filter(None, parts)))) for parts in queries]
    measured = _measured(list(zip(scripts, days, strict=True)))
    episodes: list[Episode] = []
    for at, (sitting, measure) in enumerate(zip(found.sittings, measured, strict=True)):
        if measure is None:
            continue
        made = _episode(scripts[at], days[at], measure, dates[at])
        title, summary = f"Day {sitting.day}: {made.title}", f"{sitting.why} {made.summary}"
        name_here = f"{found.name}.{at + 1}.{made.name}"
        episodes.append(replace(made, name=name_here, title=title, summary=summary, number=at + 1))
    channel = replace(_channel(found.title, found.summary, f"/program/{name}/feed.xml", wanted), serial=True)
    return _answer(feed(channel, episodes, f"{found.name}{wanted.query}"))


def _channel(title: str, summary: str, path: str, wanted: Asked) -> Channel:
    return Channel(
        title=title,
        summary=summary,
        address=_absolute(lasting(path, wanted.query)),
        page=_absolute("/"),
        picture=_absolute(lasting(f"/cover/{GROUND}.jpg", f"size={FEED_SIZE}")),
    )


def _answer(document: bytes) -> Response:
    return answered(document, "application/rss+xml; charset=utf-8", here().changes)


def _check(wanted: Asked, scripts: Sequence[Script]) -> None:
    """Refuse an option, or a value of one, that none of *scripts* has: it is probably misspelt.

    Raises:
        WishError: if there is one; the message names the nearest option.
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


def _measured(sessions: Sequence[tuple[Script, Asked]]) -> list[Measure | None]:
    """Return the measure of each session, None for one that cannot be had or is not planned in time.

    Raises:
        BusyError: if there is no measure, and some sessions are still being planned.
        VoiceguideError: if there is no measure: the first error other than a `LengthError`.
    """
    tried = service().sessions.measures(sessions, service().limits.patience / 2)
    found = [each if isinstance(each, Measure) else None for each in tried]
    if any(found) or not tried:
        return found
    if None in tried:
        raise BusyError("the exercises are still being planned; try again in 10 seconds", 10)
    for each in tried:
        if isinstance(each, VoiceguideError) and not isinstance(each, LengthError):
            raise each.with_traceback(None)
    return found


def _episode(script: Script, wanted: Asked, measure: Measure, when: float) -> Episode:
    """Return *script* as an episode dated *when*, in seconds since 1970."""
    query = wanted.query
    return Episode(
        name=script.name,
        title=script.title,
        summary=script.summary,
        length=measure.length,
        audio=_absolute(lasting(f"/audio/{script.name}.mp3", query)),
        media_type=CODECS["mp3"].media_type,
        size=measure.size,
        page=_absolute(page_address("session", script.name, query)),
        picture=_absolute(lasting(f"/cover/{script.name}.jpg", f"size={FEED_SIZE}")),
        chapters=_absolute(lasting(f"/audio/{script.name}.chapters.json", query)),
        transcript=_absolute(lasting(f"/audio/{script.name}.vtt", query)),
        when=when,
    )


def _absolute(place: str) -> str:
    return request.host_url.rstrip("/") + place
