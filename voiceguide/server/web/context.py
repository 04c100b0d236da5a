"""What the routes share: the application's state, the parsed query, and addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import Flask, current_app, request
from msgspec import Struct

from voiceguide.errors import WishError
from voiceguide.library.programs import Sitting
from voiceguide.listeners.folder import ListenerStores
from voiceguide.listeners.roster import Roster
from voiceguide.script.durations import written
from voiceguide.script.model import Script
from voiceguide.server.query import Asked, read_query
from voiceguide.server.remote import SpeakerClient
from voiceguide.server.service import Service
from voiceguide.server.veil import Veil, veiled
from voiceguide.server.web.conditional import Changes
from voiceguide.server.web.doors import Doors
from voiceguide.server.web.pins import PinDesk
from voiceguide.server.web.who import visitor

OURS = frozenset(["sig", "token"])
"""Query parameters that identify the client, not the session."""

LONGEST_QUERY = 1024


T = TypeVar("T")

_KEY: Final = "voiceguide"


class AppState(Struct, frozen=True):
    """The state of an application of `create_app`; the caller closes it at the end.

    *accel* ``nginx`` lets the nginx in front send finished files. *speaker* finds the speaker that runs on
    this computer. *listeners* has the records of the listeners, *roster* their names (None: there are none).
    """

    service: Service
    doors: Doors
    accel: str | None
    changes: Changes
    speaker: Callable[[], SpeakerClient | None]
    listeners: ListenerStores
    roster: Roster | None
    pins: PinDesk

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


def doors() -> Doors:
    return here().doors


def asked() -> Asked:
    """Return the parsed query of the request.

    Raises:
        WishError: if the query is too long or invalid.
    """
    return asked_in(request.query_string.decode("latin-1"), request.args.items(multi=True))


def asked_in(query: str, pairs: Iterable[tuple[str, str]] | None = None) -> Asked:
    """Return *query* parsed; *pairs* are its names and values, if they are known.

    Raises:
        WishError: if it is too long or invalid.
    """
    if len(query) > LONGEST_QUERY:
        raise WishError(f"the address is too long; {LONGEST_QUERY} letters after the ? are the most")
    named = parse_qsl(query, keep_blank_values=True) if pairs is None else pairs
    given = [pair for pair in named if pair[0] not in OURS]
    programs = (
        [each.name for each in service().programs.all()] if any(veiled(text) for _, text in given) else ()
    )
    return read_query(veil().lifted_pair(name, text, programs) for name, text in given)


def veil() -> Veil:
    """Return what veils the names in addresses of the visitor."""
    return Veil(doors().signer, visitor().id)


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


def sitting_query(sitting: Sitting) -> str:
    """Return the query of one session of a program."""
    return urlencode({"length": written(sitting.length)}) if sitting.length is not None else ""
