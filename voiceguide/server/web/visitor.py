"""Who sends a request: the listener, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from flask import g
from msgspec import Struct
from werkzeug.exceptions import Forbidden

from voiceguide.listeners.ids import NAMELESS
from voiceguide.listeners.rights import ALL, Right
from voiceguide.listeners.store import ListenerStore
from voiceguide.server.web.context import here

P = ParamSpec("P")
T = TypeVar("T")


class Visitor(Struct, frozen=True):
    """The listener who sends a request, by `id` and `name`, with the rights `may`.

    If `guarded`, the listener has a PIN: addresses and titles of pages do not tell what they hear.
    """

    id: str
    name: str
    may: frozenset[Right]
    guarded: bool = False


OWNER: Final = Visitor(NAMELESS, "", ALL)
"""The nameless listener."""


def visitor() -> Visitor:
    """Return who sends this request."""
    found = g.get("visitor", OWNER)
    assert isinstance(found, Visitor)
    return found


def records() -> ListenerStore:
    """Return the records of who sends this request."""
    return here().listeners.of(visitor().id)


def needs(right: Right) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Refuse requests of who does not have *right* (403)."""

    def wrap(route: Callable[P, T]) -> Callable[P, T]:
        @wraps(route)
        def checked(*args: P.args, **named: P.kwargs) -> T:
            if right not in visitor().may:
                raise Forbidden(f'that takes the right to "{right}"; ask who runs this server for it')
            return route(*args, **named)

        return checked

    return wrap
