"""What a server with TLS in front says of the address that was asked for."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SCHEMES: Final = ("http", "https")


class Forwarded:
    """Has *app*, WSGI's, asked by the scheme in ``X-Forwarded-Proto``, if a server on this machine says it.

    ``X-Forwarded-Host`` is for nobody to say: a page elsewhere that points its own name here (DNS rebinding)
    asks from this machine too, and would get past the check of Host. The server in front passes Host on.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").lower()
        if scheme in _SCHEMES and _near(environ.get("REMOTE_ADDR", "")):
            environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start)


def _near(peer: str) -> bool:
    """Return whether *peer* is this machine."""
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
