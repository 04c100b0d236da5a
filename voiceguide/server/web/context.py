"""What the routes share: the application's state, the parsed query, and addresses."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar
from urllib.parse import urlencode

from flask import Flask, current_app, request
from msgspec import Struct

from voiceguide.errors import VoiceguideError, WishError
from voiceguide.library.programs import Sitting
from voiceguide.listeners.folder import ListenerStores
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
"""Query parameters that identify the client, not the session."""

LONGEST_QUERY = 1024


T = TypeVar("T")

_KEY: Final = "voiceguide"


class AppState(Struct, frozen=True):
    """The state of an application of `create_app`; the caller closes it at the end.

    *accel* ``nginx`` lets the nginx in front send finished files. *speaker* finds the speaker that runs on
    this computer. *listeners* has the records of the listeners.
    """

    service: Service
    tokens: Tokens
    accel: str | None
    changes: Changes
    speaker: Callable[[], SpeakerClient | None]
    listeners: ListenerStores

    def close(self) -> None:
        """Stop all render jobs and samples, and close the listeners' records."""
        self.service.close()
        self.listeners.close()


def keep(app: Flask, state: object) -> None:
    """Store *state* in *app*, for `kept`."""
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
    """Return the state of the application that handles the request."""
    return state_of(current_app)


def service() -> Service:
    return here().service


def tokens() -> Tokens:
    return here().tokens


def asked() -> Asked:
    """Return the parsed query of the request.

    Raises:
        WishError: if the query is too long or invalid.
    """
    if len(request.query_string) > LONGEST_QUERY:
        raise WishError(f"the address is too long; {LONGEST_QUERY} letters after the ? are the most")
    return read_query((name, text) for name, text in request.args.items(multi=True) if name not in OURS)


def gone() -> Callable[[], bool]:
    """Return a function that tells whether the client has disconnected, if known; any thread may call it."""
    check = request.environ.get("waitress.client_disconnected")
    return lambda: bool(check is not None and check())


def kept_query(script: Script, wanted: Asked) -> str:
    """Return a query that still means *wanted* tomorrow: with today's seed, if the script varies."""
    seeded = service().sessions.seeded(script, wanted.wishes)
    if seeded.seed == wanted.wishes.seed or not service().sessions.varies(script):
        return wanted.query
    return "&".join(each for each in (wanted.query, urlencode({"seed": seeded.seed})) if each)


def fitted_card(held: HeldSession) -> Listing:
    """Return the card of *held*'s script, with its possible lengths if the script declares none."""
    script = held.session.script
    card = service().card(script)
    return fitted(card, service().sessions.lengths(held)) if isinstance(script.length, Own) else card


def sitting_query(sitting: Sitting) -> str:
    """Return the query of one session of a program."""
    return urlencode({"length": written(sitting.length)}) if sitting.length is not None else ""


def ground_url() -> str:
    """Return the address of the grounding session, which is made already or begun now."""
    return tokens().address(f"/audio/{GROUND}.mp3", ground_query())


def ground_query() -> str:
    """Return the query with which the grounding session plays soonest; "" if it cannot be prepared."""
    with suppress(VoiceguideError):
        return service().ground.prepare()
    return ""
