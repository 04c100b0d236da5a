"""Signed addresses, as this version and earlier ones make them."""

from __future__ import annotations

import hashlib
import hmac

from flask import Flask, g

from voiceguide.server.web import addresses, state_of
from voiceguide.server.web.who import Visitor


def earlier(token: str, path: str) -> str:
    """Return the address of *path* as it was signed with *token* when there was one listener."""
    return f"{path}?sig={hmac.new(token.encode(), path.encode(), hashlib.sha256).hexdigest()[:32]}"


def lasting(app: Flask, path: str, query: str = "", visitor: Visitor | None = None) -> str:
    """Return the address of *path* as feeds have it, by default for the nameless listener."""
    with app.test_request_context():
        g.visitor = visitor or state_of(app).doors.owner()
        return addresses.lasting(path, query)


def media(app: Flask, path: str, query: str = "", visitor: Visitor | None = None) -> str:
    """Return the address of *path* as pages have it, by default for the nameless listener."""
    with app.test_request_context():
        g.visitor = visitor or state_of(app).doors.owner()
        return addresses.media(path, query)
