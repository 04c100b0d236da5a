"""The page of the visitor's own PIN and app passwords, in plain forms."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from voiceguide.errors import LimitError, UnknownError
from voiceguide.listeners import granting
from voiceguide.listeners.ids import NAMELESS
from voiceguide.listeners.roster import Listener
from voiceguide.server.web import granted
from voiceguide.server.web.access import set_cookie
from voiceguide.server.web.addresses import ground_url
from voiceguide.server.web.context import doors, here
from voiceguide.server.web.granted import ShownOnce, roster
from voiceguide.server.web.mine import of_me
from voiceguide.server.web.who import visitor

routes = Blueprint("own", __name__)


@routes.get("/me")
def me() -> str:
    return _page()


@routes.post("/me/pin")
def pin() -> Response:
    """Set the visitor's PIN, or take it away if the new one is empty; who has one shows it first."""
    listener, given, made = _listener(), request.form.get("old", ""), request.form.get("pin", "")
    place = request.remote_addr or ""
    if listener.pin is not None and not here().pins.right(listener.id, listener.pin, given, place):
        raise Forbidden("that is not your PIN; whoever runs this server can take it away")
    if made != request.form.get("again", ""):
        raise LimitError("the two new PINs are not the same; write the same twice")
    granting.set_pin(roster(), listener.id, here().pins.made(made) if made else None)
    response = redirect("/me", 303)
    set_cookie(response, doors().chosen(listener.id), doors().signer)
    return response


@routes.post("/me/passwords")
def add_password() -> str:
    """Make an app password, and show it."""
    return _page(granted.password(_listener().id))


@routes.post("/me/passwords/<which>/remove")
def remove_password(which: str) -> Response:
    granting.remove_password(roster(), _listener().id, which)
    return redirect("/me", 303)


def _listener() -> Listener:
    """Return the visitor's name and credentials.

    Raises:
        UnknownError: if they have no name.
    """
    if visitor().id == NAMELESS:
        raise UnknownError("only who has a name has a PIN and app passwords; add a listener first")
    return roster().of(visitor().id)


def _page(shown: ShownOnce | None = None) -> str:
    found = None if visitor().id == NAMELESS else _listener()
    return render_template("me.html", listener=found, shown=shown, ground_url=ground_url(), **of_me())
