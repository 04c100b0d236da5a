"""The page on which an admin manages the listeners, in plain forms."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response

from voiceguide.errors import WishError
from voiceguide.listeners import granting
from voiceguide.listeners.rights import Right
from voiceguide.server.web import granted
from voiceguide.server.web.context import doors, here
from voiceguide.server.web.granted import ShownOnce, roster
from voiceguide.server.web.visitor import needs

routes = Blueprint("admin", __name__)


@routes.get("/listeners")
@needs(Right.ADMIN)
def everybody() -> str:
    return _page()


@routes.post("/listeners")
@needs(Right.ADMIN)
def add() -> str:
    """Add a listener, and show their link."""
    return _page(granted.link(roster().add(request.form.get("name", ""), _ticked())))


@routes.post("/listeners/<listener>/may")
@needs(Right.ADMIN)
def change_rights(listener: str) -> Response:
    """Let a listener do what is ticked."""
    granting.set_rights(roster(), _theirs(listener), _ticked())
    return redirect("/listeners", 303)


@routes.post("/listeners/<listener>/link")
@needs(Right.ADMIN)
def new_link(listener: str) -> str:
    """Make another token link, and show it."""
    return _page(granted.link(granting.new_link(roster(), _theirs(listener))))


@routes.post("/listeners/<listener>/pin")
@needs(Right.ADMIN)
def no_pin(listener: str) -> Response:
    """Take the PIN of a listener who has lost it away."""
    granting.set_pin(roster(), _theirs(listener), None)
    return redirect("/listeners", 303)


@routes.post("/listeners/<listener>/passwords")
@needs(Right.ADMIN)
def add_password(listener: str) -> str:
    """Make an app password, and show it."""
    return _page(granted.password(_theirs(listener)))


@routes.post("/listeners/<listener>/passwords/<which>/remove")
@needs(Right.ADMIN)
def remove_password(listener: str, which: str) -> Response:
    granting.remove_password(roster(), _theirs(listener), which)
    return redirect("/listeners", 303)


@routes.post("/listeners/<listener>/remove")
@needs(Right.ADMIN)
def remove(listener: str) -> Response:
    """Remove a listener, and all that is stored of them."""
    granting.remove(roster(), here().listeners, _theirs(listener))
    return redirect("/listeners", 303)


def _ticked() -> frozenset[Right]:
    """Return the rights that the request's form has, and to listen.

    Raises:
        WishError: if one of them is none.
    """
    try:
        return frozenset({Right.LISTEN, *map(Right, request.form.getlist("may"))})
    except ValueError as error:
        raise WishError(f'"may" is one of {", ".join(Right)}') from error


def _theirs(listener: str) -> str:
    """Return *listener*, whose credentials the visitor may change.

    Raises:
        Forbidden: if they have a PIN, and anybody on this computer could be the admin.
    """
    found = roster().of(listener)
    if doors().open and found.pin is not None:
        raise Forbidden(
            f"{found.name} has a PIN, and this server asks for no token; use `voiceguide listeners` instead"
        )
    return listener


def _page(shown: ShownOnce | None = None) -> str:
    return render_template(
        "listeners.html", listeners=roster().all(), rights=tuple(Right), shown=shown, kept=doors().open
    )
