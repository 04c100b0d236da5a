"""App passwords: random, for one app of a listener's and for one door."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct

from voiceguide.errors import LimitError, UnknownError

MOST: Final = 20
"""App passwords of one listener."""

LONGEST: Final = 40
"""Of a label, in letters."""


class Door(StrEnum):
    """What an app password opens. FEED: podcast feeds and what is in them. SUBSONIC: music players."""

    FEED = "feed"
    SUBSONIC = "subsonic"


class AppPassword(Struct, frozen=True):
    """An app password, of which a hash is kept: the secret is random, so it need not be slow.

    `label` is the listener's name for the app; `made` is in ms since 1970.
    """

    id: str
    label: str
    door: Door
    hashed: bytes
    made: int

    def __repr__(self) -> str:
        return f"AppPassword({self.id!r}, door={self.door.value!r})"


def new_password(there: Sequence[AppPassword], label: str, door: Door, now: int) -> tuple[AppPassword, str]:
    """Return a password beside those *there*, and its secret, which is not kept.

    Raises:
        LimitError: if the label is none or taken, or there are too many.
    """
    name = " ".join(label.split())
    if not 1 <= len(name) <= LONGEST or not name.isprintable():
        raise LimitError(f"the label of an app password has 1 to {LONGEST} letters, such as phone")
    if any(each.label.casefold() == name.casefold() for each in there):
        raise LimitError(f'there is an app password "{name}" already; choose another label')
    if len(there) >= MOST:
        raise LimitError(f"there can be {MOST} app passwords; remove one first")
    secret = secrets.token_urlsafe(18)
    return AppPassword(secrets.token_hex(4), name, door, hash_of(secret), now), secret


def without(there: Sequence[AppPassword], which: str) -> tuple[AppPassword, ...]:
    """Return those *there* without the one of the label or id *which*.

    Raises:
        UnknownError: if there is none.
    """
    left = tuple(each for each in there if which != each.id and which.casefold() != each.label.casefold())
    if len(left) == len(there):
        shown = which if which.isprintable() else ascii(which)
        raise UnknownError(
            f'there is no app password "{shown[: 2 * LONGEST]}"; list them to see their labels'
        )
    return left


def hash_of(secret: str) -> bytes:
    """Return what is kept of *secret*."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).digest()
