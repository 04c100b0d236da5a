"""What pages show of the visitor's records, with the addresses of the pages where it goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlencode

from flask import request

from voiceguide.errors import VoiceguideError
from voiceguide.library.programs import Program, Sitting
from voiceguide.listeners.records import Favourite, ProgramDay, Setting
from voiceguide.listeners.store import ListenerStore, now_ms
from voiceguide.script.model import Script
from voiceguide.server import remembered
from voiceguide.server.offer import Listing
from voiceguide.server.places import LeftPlace
from voiceguide.server.query import LONGEST_PROGRAM, Asked
from voiceguide.server.sessions import HeldSession
from voiceguide.server.web.addresses import card, page_address
from voiceguide.server.web.context import service, sitting_query, veil
from voiceguide.server.web.recall import recall
from voiceguide.server.web.who import visitor
from voiceguide.session.ground import GROUND

MOST_LEFT: Final = 3
MOST_FAVOURITES: Final = 12
"""On the home page."""

LATELY_MS: Final = 30 * 86_400_000
"""What was left longer ago is not on the home page."""

ASKS: Final[Mapping[str, str]] = {"notes": "page.notes", "check-ins": "page.check-ins"}
"""What the session page asks for, if the listener wants to be asked, and the setting that says so."""


def lately_left() -> list[dict[str, Any]]:
    """Return what was left lately, the latest first, at most `MOST_LEFT`."""
    since = now_ms() - LATELY_MS
    return [each for each in left() if each["at"] >= since][:MOST_LEFT]


def left() -> list[dict[str, Any]]:
    """Return where exercises were left, the latest first; the grounding session begins anew each time."""
    nothing: tuple[LeftPlace, ...] = ()
    return [
        {"card": listing, "seconds": each.seconds, "at": each.at}
        | {"url": page_address("session", each.script, each.query)}
        for each in recall(service().places.all, nothing)
        if each.script != GROUND and (listing := card_of(each.script)) is not None
    ]


def favourites() -> list[Listing]:
    """Return the cards of the favourites that are there, the latest first."""
    nothing: tuple[str, ...] = ()
    names = recall(remembered.favourites, nothing)
    return [listing for name in names if (listing := card_of(name)) is not None]


def next_sitting(program: Program) -> Sitting | None:
    """Return the first sitting of the day of *program* to be heard next; None if none was heard yet."""
    day = recall(lambda store: remembered.next_day(store, program), None)
    return next((each for each in program.sittings if each.day == day), None)


def sitting_url(program: Program, sitting: Sitting) -> str:
    """Return the address of the page of *sitting*; the page knows from it which day of *program* it is."""
    fits = len(program.name) <= LONGEST_PROGRAM
    here = urlencode({"program": f"{program.name}.{sitting.day}"}) if fits else ""
    query = "&".join(filter(None, (sitting_query(sitting), here)))
    return page_address("session", sitting.script, query)


def query_with_usual(script: Script, wanted: Asked) -> str:
    """Return the query of the page's address for *wanted*, which has the settings for *script*.

    What the address says to be as usual is said in it, too, where a setting would say otherwise.
    """
    emptied = [(name, "") for name, text in request.args.items(multi=True) if not text]
    if emptied:
        nothing: dict[str, str] = {}
        cast = service().studio.cast
        settings = recall(lambda store: remembered.remembered(store, script, cast), nothing)
        emptied = [pair for pair in emptied if pair[0] in settings]
    query = "&".join(filter(None, (wanted.query, urlencode(emptied))))
    return veil().over_query(query) if visitor().guarded else query


def of_session(script: Script, held: HeldSession, wanted: Asked) -> dict[str, Any]:
    """Return what the page of *held* shows: where it goes on, whether it is a favourite, what it asks for."""
    found = recall(lambda store: service().places.going_on(store, held), None)
    program, _, day = wanted.program.rpartition(".")
    return {
        "left": found.seconds if found is not None and script.name != GROUND else 0,
        "favourite": recall(lambda store: store.get(Favourite, script.name), None) is not None,
        "asks": asks(),
        "day": _day(program, int(day)) if program else None,
    }


def asks() -> Sequence[str]:
    """Return those of `ASKS` that the listener wants."""
    nothing: list[str] = []
    return recall(lambda store: [name for name, setting in ASKS.items() if _is_on(store, setting)], nothing)


def card_of(script: str) -> Listing | None:
    """Return the card of *script*; None if it is gone, or cannot be read."""
    with suppress(VoiceguideError):
        return card(service().catalogue.script(script))
    return None


def _day(program: str, day: int) -> dict[str, Any]:
    """Return the day of a program that a page is, and when it was heard before, in ms; 0 if it was not."""
    key = ProgramDay(program, day, 0).key
    before = recall(lambda store: store.get(ProgramDay, key), None)
    return {"program": program, "day": day, "heard": before.record.heard if before is not None else 0}


def _is_on(store: ListenerStore, setting: str) -> bool:
    return store.get(Setting, Setting(setting, "").key) is not None
