"""Who sends a request: a value, set once for each request."""

from __future__ import annotations

from typing import Final

from flask import g
from msgspec import Struct

from voiceguide.listeners.ids import NAMELESS
from voiceguide.listeners.rights import ALL, Right


class Visitor(Struct, frozen=True):
    """The listener who sends a request, by `id` and `name`, with the rights `may`.

    If `guarded`, the listener has a PIN: addresses and titles of pages do not tell what they hear.
    `credential` is what signatures for them live and die with: their token link or, if they came by an app
    password, that (`by_password`). The id of `NOBODY` is "".
    """

    id: str
    name: str
    may: frozenset[Right]
    guarded: bool = False
    credential: str = "-"
    by_password: bool = False


OWNER: Final = Visitor(NAMELESS, "", ALL)
"""The nameless listener."""

NOBODY: Final = Visitor("", "", frozenset())
"""Who has shown nothing that admits them."""


def visitor() -> Visitor:
    """Return who sends this request; `NOBODY` until something in it has admitted them."""
    found = g.get("visitor", NOBODY)
    assert isinstance(found, Visitor)
    return found
