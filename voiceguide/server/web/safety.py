"""Who is let in, and what a browser may do with the answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from flask import Flask, Response, redirect, request
from werkzeug.exceptions import Forbidden, MisdirectedRequest, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from voiceguide.server.web.here import address, tokens
from voiceguide.server.web.origins import SHARED
from voiceguide.server.web.tokens import COOKIE

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

OPEN: Final = ("/healthz", "/static/")
"""Addresses that tell nobody anything: whether the server is well, and how its pages look."""


def install(app: Flask, hosts: Sequence[str] | None) -> None:
    """Check every request, and put `HEADERS` on every answer. *hosts* None: any name will do."""
    known = None if hosts is None else frozenset(hosts)

    @app.before_request
    def check() -> AnyResponse | None:
        if known is not None and _host(request.host) not in known:
            # A page elsewhere can have its own name point here (DNS rebinding): it may not read along.
            raise MisdirectedRequest("this server does not go by that name")
        if (
            request.method == "POST"
            and request.headers.get("Origin", request.host_url[:-1]) != request.host_url[:-1]
        ):
            raise Forbidden("another site may not ask for that")
        return _admit()

    @app.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _admit() -> AnyResponse | None:
    """Let the request in, send it on with a cookie, or refuse it."""
    given = request.args.get("token")
    if given is not None and tokens().right(given):
        rest = [pair for pair in request.args.items(multi=True) if pair[0] != "token"]
        response = redirect(address(request.path, urlencode(rest)), 303)
        response.set_cookie(
            COOKIE,
            tokens().cookie(),
            max_age=365 * 86_400,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
        return response
    if bearer():
        return None
    signature = request.args.get("sig", "") if request.path.startswith(SHARED) else ""
    if request.path.startswith(OPEN) or tokens().admits(
        request.cookies.get(COOKIE, ""), request.path, signature
    ):
        return None
    if given is not None:
        raise Unauthorized("that is not the token of this server: it printed it when it started")
    raise Unauthorized("this server asks for its token: open the address that it printed when it started")


def bearer() -> bool:
    """Return whether a program asks that has the token, and says so in its headers."""
    # Read here: where it says Basic, Flask decodes what follows, and fails over what it cannot.
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    return kind.lower() == "bearer" and tokens().right(shown.strip())


def _host(host: str) -> str:
    """Return *host* without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
