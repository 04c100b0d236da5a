"""The pages: the library, a session, its text, and a program."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import parse_qsl

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from voiceguide.audio import RATE, clock, seconds
from voiceguide.errors import ScriptError
from voiceguide.export.cover import cover, length_words
from voiceguide.export.encoding.codecs import CODECS
from voiceguide.export.text.chapters import marks
from voiceguide.export.text.stats import longest_silence
from voiceguide.export.text.transcript import paragraphs
from voiceguide.files.folders import shipped
from voiceguide.library import support
from voiceguide.library.programs import Program
from voiceguide.server import offer
from voiceguide.server.groups import LibraryRow, grouped
from voiceguide.server.query import named, option_name, read_query
from voiceguide.server.search import search
from voiceguide.server.web import kept, local_speaker, unveiling, voices
from voiceguide.server.web.access import address
from voiceguide.server.web.addresses import (
    card,
    fitted_card,
    ground_query,
    ground_url,
    lasting,
    media,
    page_address,
)
from voiceguide.server.web.context import (
    asked,
    kept_query,
    service,
    veil,
)
from voiceguide.server.web.recall import asked_as_usual
from voiceguide.server.web.who import visitor
from voiceguide.session import Session
from voiceguide.session.ground import GROUND

routes = Blueprint("pages", __name__)
unveiling.install(routes)

COVER_SIZES = (128, 256, 512, 600, 1400)

UNSHOWN: Final = ("seed", "loudness", "part", "program", "bitrate")
"""Query parameters without a field in the settings form, which passes them on."""

FOUND: Final = LibraryRow("found", "What fits", ())
LONGEST_SEARCH: Final = 80

LABELS = {
    "mp3": "MP3",
    "m4a": "M4A, for Apple players",
    "m4b": "M4B, an audiobook",
    "opus": "Opus, small",
    "flac": "FLAC, lossless",
    "wav": "WAV, uncompressed",
}


@routes.route("/", methods=["GET", "POST"])
def library() -> str:
    """Show the library by what helps when, or the exercises that match the search ``q``.

    Forms of who has a PIN are posted, as a browser lists addresses with what was sought.
    """
    sought, scripts = request.values.get("q", "").strip()[:LONGEST_SEARCH], service().playable.scripts()
    rows = [(FOUND, search(scripts, sought))] if sought else grouped(scripts)
    groups = [
        {"id": group.id, "title": group.title, "scripts": [card(script) for script in members]}
        for group, members in rows
    ]
    programs = [
        {"name": each.name, "title": each.title, "summary": each.summary, "days": each.days}
        | {"url": page_address("program", each.name)}
        | _next(each)
        for each in service().programs.all()
    ]
    return render_template(
        "library.html",
        groups=groups,
        programs=programs,
        sought=sought,
        left=[] if sought else kept.lately_left(),
        favourites=[] if sought else kept.favourites()[: kept.MOST_FAVOURITES],
        ground_url=ground_url(),
    )


@routes.get("/session/<path:name>")
def session(name: str) -> Response:
    """Show one exercise, ready to play."""
    script = service().catalogue.script(name)
    wanted = asked_as_usual(script)
    held = service().sessions.get(name, wanted)
    made = held.session
    query = kept_query(script, wanted)
    heard = query or (ground_query() if name == GROUND else "")
    planned = made.planned()
    titles, speaker = offer.rungs(script), local_speaker.playing()
    page = render_template(
        "session.html",
        card=fitted_card(held),
        wishes=named(wanted.wishes) | {"options": dict(wanted.wishes.options)},
        option_name=option_name,
        page_url=page_address("session", name, wanted.query),
        play_url=page_address("speaker/play", name, query),
        stop_url=page_address("speaker/stop", name, query),
        others=[_shown(*pair) for pair in parse_qsl(wanted.query) if pair[0] in UNSHOWN],
        asked_query=kept.query_with_usual(script, wanted),
        voices=voices.menu(script, wanted.wishes.voice),
        best_sample=voices.best(script),
        own_sample=voices.address_of(made.voice),
        voices_url=page_address("voices", name, query),
        stranger=made.stranger,
        ambiences=offer.ambiences(),
        query=query,
        length_seconds=seconds(made.length),
        length_text=length_words(made.length),
        audio_url=media(f"/audio/{name}.mp3", heard),
        vtt_url=media(f"/audio/{name}.vtt", heard),
        chapters_url=media(f"/audio/{name}.chapters.json", query),
        cover_url=media(f"/cover/{name}.jpg", "size=256"),
        state_url=address(f"/api/state/{name}", query),
        read_url=page_address("read", name, query),
        chapters=[
            {"start": round(seconds(mark.start), 3), "title": mark.title}
            for mark in marks(planned, title=script.title)
        ],
        downloads=_downloads(name, query),
        longest_silence_text=silence_text(made),
        ladder={"rungs": titles, "parts": offer.part_names(script)} if titles else None,
        support=_regions(),
        speaker=speaker,
        ground_url=ground_url(),
        **kept.of_session(script, held, wanted),
    )
    response = Response(page)
    if speaker is not None:
        # The speaker's buttons are forms; with "no-referrer", browsers treat them as another site's.
        response.headers["Referrer-Policy"] = "same-origin"
    return response


@routes.get("/read/<path:name>")
def read(name: str) -> str:
    """Show the text of a session with estimated times; nothing is spoken for it."""
    script = service().catalogue.script(name)
    wanted = asked()
    made = service().sessions.get(name, wanted).session
    return render_template(
        "read.html",
        card=card(script),
        query=kept_query(script, wanted),
        length_text=length_words(made.length),
        longest_silence_text=silence_text(made),
        paragraphs=paragraphs(made.planned()),
        ground_url=ground_url(),
    )


@routes.get("/program/<name>")
def program(name: str) -> str:
    """Show a program: what to hear on which day, and why. Missed days are not counted."""
    found = service().programs.get(name)
    sittings = []
    for sitting in found.sittings:
        script = service().catalogue.script(sitting.script)
        length = sitting.length or service().sessions.span(script).default
        sittings.append(
            {"day": sitting.day, "why": sitting.why, "card": card(script)}
            | {"url": kept.sitting_url(found, sitting)}
            | {"length": seconds(length), "length_text": length_words(length)}
        )
    return render_template(
        "program.html",
        program=found,
        sittings=sittings,
        feed_url=lasting(f"/program/{name}/feed.xml"),
        ground_url=ground_url(),
        **_next(found),
    )


@routes.get("/cover/<path:name>.jpg")
def picture(name: str) -> Response:
    """Draw the exercise's cover; `size`, in pixels, is rounded up to one of `COVER_SIZES`."""
    script = service().catalogue.script(name)
    size = request.args.get("size", "600")
    asked_size = int(size) if size.isdecimal() and len(size) < 6 else 600
    wanted = read_query([("length", request.args.get("length", ""))])
    length = wanted.wishes.length or service().sessions.span(script).default
    pixels = next((each for each in COVER_SIZES if each >= asked_size), COVER_SIZES[-1])
    data = cover(script.title, script.technique, length, pixels)
    return Response(data, headers={"Cache-Control": "private, max-age=86400"}, mimetype="image/jpeg")


@routes.post(f"/prepare/{GROUND}")
def prepare() -> AnyResponse:
    """Begin to render the grounding session."""
    service().ground.prepare()
    if request.accept_mimetypes.best == "text/html":
        return redirect("/", 303)
    return Response(status=202)


def _shown(name: str, text: str) -> tuple[str, str]:
    """Return a parameter as the form sends it, into the address of the page."""
    return veil().over_pair(name, text) if visitor().guarded else (name, text)


def _next(program: Program) -> dict[str, Any]:
    """Return the day of *program* to be heard next and its page's address; 0 and "" if none was begun."""
    sitting = kept.next_sitting(program)
    if sitting is None:
        return {"next_day": 0, "next_url": ""}
    return {"next_day": sitting.day, "next_url": kept.sitting_url(program, sitting)}


def silence_text(made: Session) -> str:
    """Return the length of the longest silence in words."""
    length = longest_silence(made.planned())
    return f"{round(length / RATE)} seconds" if length < 90 * RATE else f"{clock(length)} minutes"


def _regions() -> tuple[support.Region, ...]:
    """Return the support lines to show: the user's own or, if that file is invalid, the shipped ones."""
    try:
        return support.load().regions
    except ScriptError as error:
        service().warnings.warn(f"the support lines that ship are shown, for {error.problems[0]}")
        return support.load(shipped("scripts") / "support.yaml").regions


def _downloads(name: str, query: str) -> list[dict[str, str]]:
    asking = "&".join(each for each in (query, "download=1") if each)
    return [
        {"codec": each, "url": media(f"/audio/{name}.{each}", asking), "label": LABELS[each]}
        | {"state_url": address(f"/api/state/{name}.{each}", asking)}
        for each in CODECS
    ]
