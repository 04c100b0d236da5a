"""What is shown once of a new credential, and the forms that ask for one."""

from __future__ import annotations

from flask import request
from msgspec import Struct

from voiceguide.errors import UnknownError, WishError
from voiceguide.listeners import granting
from voiceguide.listeners.passwords import Door
from voiceguide.listeners.roster import Listener, Roster
from voiceguide.server.signing import Claims, Purpose
from voiceguide.server.web.access import address
from voiceguide.server.web.context import doors, here


class ShownOnce(Struct, frozen=True):
    """A credential, which is shown once: of whom, and what it is. A link has only its `address`."""

    name: str
    address: str
    label: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return "Shown(...)"


def roster() -> Roster:
    """Return the names of this server's listeners.

    Raises:
        UnknownError: if it knows none.
    """
    found = here().roster
    if found is None:
        raise UnknownError("this server knows no listeners by name")
    return found


def link(listener: Listener) -> ShownOnce:
    """Return the token link of *listener*."""
    return ShownOnce(listener.name, f"{request.host_url}?token={doors().token(listener)}")


def password(listener: str) -> ShownOnce:
    """Make the app password that the request's form asks for.

    Raises:
        WishError: if the form names no door.
        LimitError: if the label is none or taken, or there are too many.
    """
    try:
        door = Door(request.form.get("door", ""))
    except ValueError as error:
        raise WishError(f'"door" is one of {", ".join(Door)}') from error
    made, secret = granting.add_password(roster(), listener, request.form.get("label", ""), door)
    where = ""
    if door is Door.FEED:
        signature = doors().signer.sign(Claims(Purpose.FEED, listener, made.id), "/feed.xml")
        where = request.host_url.rstrip("/") + address("/feed.xml", f"sig={signature}")
    return ShownOnce(roster().of(listener).name, where, made.label, secret)
