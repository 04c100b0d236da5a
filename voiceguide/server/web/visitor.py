"""Who sends a request: the listener, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from werkzeug.exceptions import Forbidden

from voiceguide.listeners.rights import Right
from voiceguide.listeners.store import ListenerStore
from voiceguide.server.web.context import here
from voiceguide.server.web.who import NOBODY, OWNER, Visitor, visitor

__all__ = ["NOBODY", "OWNER", "Visitor", "needs", "records", "visitor"]

P = ParamSpec("P")
T = TypeVar("T")


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
