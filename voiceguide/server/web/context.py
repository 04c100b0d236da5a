"""What the routes work with: the application's state, what is asked, and addresses to answer with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar
from urllib.parse import urlencode

from flask import Flask, current_app, request
from msgspec import Struct

from voiceguide.errors import VoiceguideError, WishError
from voiceguide.library.programs import Sitting
from voiceguide.script.durations import written
from voiceguide.script.model import Own, Script
from voiceguide.server.offer import Listing, fitted
from voiceguide.server.query import Asked, read_query
from voiceguide.server.remote import SpeakerClient
from voiceguide.server.service import Service
from voiceguide.server.sessions import HeldSession
from voiceguide.server.web.access import Tokens
from voiceguide.server.web.conditional import Changes
from voiceguide.session.ground import GROUND

OURS = frozenset(["sig", "token"])
"""Query values that are about who asks, not about what is asked."""

LONGEST_QUERY = 1024


T = TypeVar("T")

_KEY: Final = "voiceguide"


class AppState(Struct, frozen=True):
    """What an application of `create_app` works with; close it at the end.

    *accel* ``nginx`` leaves the sending of finished files to the nginx in front. *speaker* finds the one that
    runs on this computer.
    """

    service: Service
    tokens: Tokens
    accel: str | None
    changes: Changes
    speaker: Callable[[], SpeakerClient | None]

    def close(self) -> None:
        """Stop what is being made."""
        self.service.close()


def keep(app: Flask, state: object) -> None:
    """Have *state* be what `kept` returns for *app*."""
    app.extensions[_KEY] = state


def kept(app: Flask, kind: type[T]) -> T:
    """Return the state of *app*, which is of this *kind*."""
    state = app.extensions[_KEY]
    assert isinstance(state, kind)
    return state


def state_of(app: Flask) -> AppState:
    """Return the state of *app*, which `create_app` made."""
    return kept(app, AppState)


def here() -> AppState:
    """Return the state of the application that answers."""
    return state_of(current_app)


def service() -> Service:
    return here().service


def tokens() -> Tokens:
    return here().tokens


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


def ground_url() -> str:
    """Return where the way back to the ground plays; it is there, or on its way."""
    return tokens().address(f"/audio/{GROUND}.mp3", ground_query())


def ground_query() -> str:
    """Return what its address asks for as it can be had soonest."""
    with suppress(VoiceguideError):
        return service().ground.prepare()
    return ""
