"""Addresses that pages, feeds and the API hand out: signed for players, and veiled for who has a PIN."""

from __future__ import annotations

from contextlib import suppress
from typing import Final, Literal, get_args
from urllib.parse import parse_qsl, urlencode

from msgspec.structs import replace

from voiceguide.errors import VoiceguideError
from voiceguide.listeners.ids import NAMELESS
from voiceguide.script.model import Own, Script
from voiceguide.server.offer import Listing, fitted
from voiceguide.server.sessions import HeldSession
from voiceguide.server.signing import PURPOSES, Claims, Purpose
from voiceguide.server.web.access import address
from voiceguide.server.web.context import doors, service, veil
from voiceguide.server.web.who import NOBODY, visitor
from voiceguide.session.ground import GROUND

Page = Literal["session", "read", "program", "voices", "speaker/play", "speaker/stop"]
"""Pages and forms whose address has the name of an exercise or of a program."""

PAGES: Final[tuple[Page, ...]] = get_args(Page)


def page_address(page: Page, name: str, query: str = "") -> str:
    """Return the address of *page* of *name*, which tells no others what it is if the visitor has a PIN."""
    if visitor().guarded:
        return address(f"/{page}/{veil().over(name)}", veil().over_query(query))
    return address(f"/{page}/{name}", query)


def media(path: str, query: str = "") -> str:
    """Return the address of *path* for players, which have no cookie: signed for a day or two."""
    who = visitor()
    if who.by_password:
        return _signed(Purpose.FEED, path, query)
    if doors().open or who == NOBODY:
        return address(path, query)
    return _signed(Purpose.MEDIA, path, query)


def lasting(path: str, query: str = "") -> str:
    """Return the address of *path*, a feed or what is in one, for a subscription.

    It lasts as long as the app password by which the visitor came, or as the server's token. Who came by
    neither gets one that asks for an app password, or sound that is signed for a day.
    """
    who = visitor()
    if who.by_password or (who.id == NAMELESS and not doors().open):
        return _signed(Purpose.FEED, path, query)
    return media(path, query) if PURPOSES[Purpose.MEDIA].paths.fullmatch(path) else address(path, query)


def card(script: Script) -> Listing:
    """Return the card of *script*, with the address of its page for the visitor."""
    return replace(service().card(script), url=page_address("session", script.name))


def fitted_card(held: HeldSession) -> Listing:
    """Return the card of *held*'s script, with its possible lengths if the script declares none."""
    script = held.session.script
    found = card(script)
    return fitted(found, service().sessions.lengths(held)) if isinstance(script.length, Own) else found


def ground_url() -> str:
    """Return the address of the grounding session, which is made already or begun now."""
    return media(f"/audio/{GROUND}.mp3", ground_query())


def ground_query() -> str:
    """Return the query with which the grounding session plays soonest; "" if it cannot be prepared."""
    with suppress(VoiceguideError):
        return service().ground.prepare()
    return ""


def _signed(purpose: Purpose, path: str, query: str) -> str:
    who = visitor()
    pairs = parse_qsl(query, keep_blank_values=True)
    signature = doors().signer.sign(Claims(purpose, who.id, who.credential), path, pairs)
    return address(path, "&".join(each for each in (query, urlencode({"sig": signature})) if each))
