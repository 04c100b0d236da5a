"""Who listens in a browser: the list of who can be chosen, and the PIN of who has one."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from voiceguide.errors import StoreError
from voiceguide.listeners.pin import NO_PIN
from voiceguide.server.web.access import set_cookie
from voiceguide.server.web.context import doors, here
from voiceguide.server.web.doors import Choice
from voiceguide.server.web.who import visitor

routes = Blueprint("switching", __name__)


def install(app: Flask) -> None:
    """Give every template the ``visitor`` and their ``choices``, and keep pages of who has a PIN to them."""
    app.context_processor(lambda: {"visitor": visitor(), "choices": choices()})
    app.after_request(_private)


def choices() -> tuple[Choice, ...]:
    """Return who can be chosen in this browser; none if the names cannot be read."""
    with suppress(StoreError):
        return doors().choices()
    return ()


@routes.get("/as")
def everybody() -> str:
    """List who can be chosen in this browser."""
    return render_template("as.html")


@routes.post("/as")
def nobody() -> AnyResponse:
    """Have nobody listen in this browser until somebody is chosen."""
    return _chosen("", "/as")


@routes.get("/as/<listener>")
def ask(listener: str) -> str:
    """Ask for the PIN of a listener, or whether it is to be them."""
    return render_template("pin.html", choice=_choice(listener))


@routes.post("/as/<listener>")
def choose(listener: str) -> AnyResponse:
    """Have a listener listen in this browser; who has a PIN shows it."""
    given = request.form.get("pin")
    if given is not None and doors().choices():
        right = _right(listener, given)
        choice = _choice(listener)
        if choice.guarded and not right:
            page = render_template("pin.html", choice=choice, wrong=True)
            return Response(page, 403, mimetype="text/html")
    elif (choice := _choice(listener)).guarded and visitor().id != choice.id:
        return make_response(render_template("pin.html", choice=choice))
    return _chosen(listener, "/")


def _right(listener: str, given: str) -> bool:
    """Return whether *given* is the PIN of a listener; it takes as long for who cannot be chosen here."""
    known = doors().choice(listener) is not None
    pin, name = (doors().pin(listener), listener) if known else (NO_PIN, "")
    return here().pins.right(name, pin, given, request.remote_addr or "")


def _choice(listener: str) -> Choice:
    found = doors().choice(listener)
    if found is None:
        raise NotFound
    return found


def _chosen(listener: str, where: str) -> AnyResponse:
    response = redirect(where, 303)
    set_cookie(response, doors().chosen(listener), doors().signer)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _private(response: Response) -> Response:
    """Keep pages of who has a PIN out of every cache, and have forms of our own pages say where they are."""
    if response.mimetype != "text/html":
        if visitor().guarded and request.path.startswith("/api/"):
            response.headers["Cache-Control"] = "no-store"
        return response
    own = request.path.startswith(("/as", "/me", "/listeners"))
    if visitor().guarded or own:
        response.headers["Cache-Control"] = "no-store"
    if visitor().guarded or len(choices()) > 1 or own:
        # With "no-referrer", browsers send forms as if from another site.
        response.headers["Referrer-Policy"] = "same-origin"
    return response
