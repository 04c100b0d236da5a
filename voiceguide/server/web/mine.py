"""What is kept of the visitor, on their own page: to see and to remove, in plain forms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final, assert_never

from flask import Blueprint, after_this_request, redirect, request
from werkzeug.wrappers import Response

from voiceguide.audio import frames
from voiceguide.errors import UnknownError
from voiceguide.export.cover import length_words
from voiceguide.listeners.device import device_name
from voiceguide.listeners.records import KINDS, CheckInAnswer, Note, Setting, kind_name
from voiceguide.listeners.rights import Right
from voiceguide.listeners.store import Put, Remove, Stored, WriteStamp, now_ms
from voiceguide.server import remembered
from voiceguide.server.web import kept
from voiceguide.server.web.me_all import emptied
from voiceguide.server.web.visitor import needs, records

routes = Blueprint("mine", __name__, url_prefix="/me")

MOST: Final = 100
"""Entries of a list on the page; the export has all."""


def of_me() -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "left": kept.left(),
        "favourites": kept.favourites(),
        "heard": _heard(),
        "jotted": _jotted(),
        "asks": kept.asks(),
    }


@routes.post("/asks")
@needs(Right.LISTEN)
def asks() -> Response:
    """Keep what the session page is to ask for."""
    for name, setting in kept.ASKS.items():
        wanted = Setting(setting, "on")
        on = name in request.form
        records().write(Put(wanted, _stamp()) if on else Remove(Setting, wanted.key, _stamp()))
    return redirect("/me", 303)


@routes.post("/remove")
@needs(Right.LISTEN)
def remove() -> Response:
    """Remove one record."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        raise UnknownError(f'there is nothing of the kind "{kind[:40]}"; ask for {", ".join(KINDS)}')
    records().write(Remove(KINDS[kind], request.form.get("key", ""), _stamp()))
    return redirect("/me", 303)


@routes.post("/forget")
@needs(Right.LISTEN)
def forget() -> Response:
    """Forget everything about the listener, in the browser, too."""
    after_this_request(emptied)
    records().forget()
    return redirect("/me", 303)


def _heard() -> list[dict[str, Any]]:
    found = remembered.heard_lately(records(), MOST)
    cards = ((each, kept.card_of(each.script)) for each in found)
    return [
        {"card": card, "script": each.script, "key": each.key, "began": _time(each.began)}
        | {"lasted": length_words(frames(each.heard / 1000))}
        for each, card in cards
    ]


def _jotted() -> list[dict[str, Any]]:
    """Return notes and check-ins, the latest first."""
    notes: Iterable[Stored[Note] | Stored[CheckInAnswer]] = records().all(Note, MOST)
    found = sorted(
        [*notes, *records().all(CheckInAnswer, MOST)], key=lambda each: each.stamp.at, reverse=True
    )[:MOST]
    return [
        {"kind": kind_name(type(each.record)), "key": each.record.key, "text": _text(each.record)}
        | {"written": _time(each.stamp.at)}
        | {"card": kept.card_of(each.record.script) if each.record.script else None}
        for each in found
    ]


def _text(record: Note | CheckInAnswer) -> str:
    match record:
        case Note(text=text):
            return text
        case CheckInAnswer(value=value, moment=moment):
            return f"{value} of 10 {moment}".rstrip()
        case _:
            assert_never(record)


def _time(ms: int) -> datetime:
    """Return the local time of this computer."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone()


def _stamp() -> WriteStamp:
    return WriteStamp(now_ms(), device_name())
