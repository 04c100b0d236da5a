"""What the routes work with: the service and the tokens of the application that answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import cast
from urllib.parse import quote, urlencode

from flask import current_app, request

from voiceguide.errors import VoiceguideError, WishError
from voiceguide.library.programs import Sitting
from voiceguide.script.durations import written
from voiceguide.script.model import Own, Script
from voiceguide.server.offer import Listing, fitted
from voiceguide.server.query import Asked, read_query
from voiceguide.server.service import Service
from voiceguide.server.sessions import HeldSession
from voiceguide.server.web.tokens import Tokens
from voiceguide.session.ground import GROUND

OURS = frozenset(["sig", "token"])
"""Query values that are about who asks, not about what is asked."""

LONGEST_QUERY = 1024


def service() -> Service:
    return cast(Service, current_app.extensions["voiceguide"])


def tokens() -> Tokens:
    return cast(Tokens, current_app.extensions["voiceguide.tokens"])


def asked() -> Asked:
    """Return what the address asks for.

    Raises:
        WishError: if that cannot be read.
    """
    if len(request.query_string) > LONGEST_QUERY:
        raise WishError(f"the address is too long; {LONGEST_QUERY} letters after the ? are the most")
    return read_query((name, text) for name, text in request.args.items(multi=True) if name not in OURS)


def gone() -> Callable[[], bool]:
    """Return what tells whether the client has left, as far as the server knows; any thread may ask."""
    check = request.environ.get("waitress.client_disconnected")
    return lambda: bool(check is not None and check())


def kept_query(script: Script, wanted: Asked) -> str:
    """Return the query that stands for *wanted* tomorrow too: with today's seed, where it matters."""
    seeded = service().sessions.seeded(script, wanted.wishes)
    if seeded.seed == wanted.wishes.seed or not service().sessions.varies(script):
        return wanted.query
    return "&".join(each for each in (wanted.query, urlencode({"seed": seeded.seed})) if each)


def fitted_card(held: HeldSession) -> Listing:
    """Return the card of *held*'s script, with the lengths it can have where none are declared."""
    script = held.session.script
    card = service().card(script)
    return fitted(card, service().sessions.lengths(held)) if isinstance(script.length, Own) else card


def sitting_query(sitting: Sitting) -> str:
    """Return the query of one session of a program."""
    return urlencode({"length": written(sitting.length)}) if sitting.length is not None else ""


def address(path: str, query: str = "") -> str:
    """Return the address of *path*, for who has the cookie; `Tokens.address` signs it for players."""
    return quote(path) + (f"?{query}" if query else "")


def ground_url() -> str:
    """Return where the way back to the ground plays; it is there, or on its way."""
    return tokens().address(f"/audio/{GROUND}.mp3", ground_query())


def ground_query() -> str:
    """Return what its address asks for as it can be had soonest."""
    with suppress(VoiceguideError):
        return service().ground.prepare()
    return ""
