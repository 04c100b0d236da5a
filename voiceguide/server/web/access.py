"""Access control: tokens, host names, requests from other sites, and the security headers of responses."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, Response, redirect, request
from msgspec import Struct
from werkzeug.exceptions import Forbidden, MisdirectedRequest, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from voiceguide.errors import WishError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
"""The Host names accepted on loopback; a page with any other name is a foreign one."""

COOKIE: Final = "voiceguide"

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
"""Addresses that need no token: the health check, and the files that style the pages."""

SHARED: Final = ("/audio/", "/cover/", "/feed.xml", "/program/", "/voice/")
"""Addresses for players and podcast apps, which a signature admits."""

_PORTS: Final = {"http": ":80", "https": ":443"}
"""The default ports, which browsers leave out of an origin."""

_EXPOSED: Final = "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag"


class Tokens(Struct, frozen=True):
    """Checks and signs with *token*; None admits every request and signs nothing."""

    token: str | None

    def right(self, given: str) -> bool:
        """Return whether *given* is the token."""
        return self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def bearer(self) -> bool:
        """Return whether the request has the token in its Authorization header."""
        # Parsed here: Flask decodes what follows "Basic", and fails if it cannot.
        kind, _, shown = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and self.right(shown.strip())

    def cookie(self) -> str:
        """Return the cookie's value: a hash, so that the token cannot be read from it."""
        return self._mark("cookie")

    def admits(self, cookie: str, path: str, signature: str) -> bool:
        """Return whether *cookie*, or *signature* for *path*, admits the request."""
        if self.token is None:
            return True
        return hmac.compare_digest(cookie.encode(), self.cookie().encode()) or self.signed(path, signature)

    def signed(self, path: str, signature: str) -> bool:
        """Return whether *signature* is the one of *path*."""
        return self.token is not None and hmac.compare_digest(signature.encode(), self._mark(path).encode())

    def address(self, path: str, query: str = "") -> str:
        """Return the signed address of *path*, for players without a cookie."""
        signed = urlencode({"sig": self._mark(path)}) if self.token is not None else ""
        return address(path, "&".join(each for each in (query, signed) if each))

    def _mark(self, what: str) -> str:
        assert self.token is not None
        return hmac.new(self.token.encode(), what.encode(), hashlib.sha256).hexdigest()[:32]


def address(path: str, query: str = "") -> str:
    """Return the address of *path* for clients with the cookie; `Tokens.address` signs it for players."""
    return quote(path) + (f"?{query}" if query else "")


class Access(Struct, frozen=True):
    """The access rules of one application.

    *hosts* are the accepted Host names (None: any). Websites of the origins *allowed* may play what is at
    `SHARED` addresses, and so may any website that has a signed address. Without a token there are no
    signatures, so other websites have no access.
    """

    tokens: Tokens
    hosts: frozenset[str] | None
    allowed: frozenset[str]

    def check(self) -> AnyResponse | None:
        """Admit the request (None), redirect it with a cookie, or refuse it.

        Raises:
            HTTPException: if it is refused.
        """
        if self.hosts is not None and _without_port(request.host) not in self.hosts:
            # A foreign page can point its own name here (DNS rebinding); it may not read the answer.
            raise MisdirectedRequest("this server does not go by that name")
        own = request.host_url[:-1]
        if request.method == "POST" and request.headers.get("Origin", own) != own:
            raise Forbidden("another site may not ask for that")
        given = request.args.get("token")
        if given is not None and self.tokens.right(given):
            return self._with_cookie()
        if request.path.startswith(OPEN) or self.tokens.bearer() or self._admitted():
            return None
        if given is not None:
            raise Unauthorized("that is not the token of this server: it printed it when it started")
        raise Unauthorized("this server asks for its token: open the address that it printed when it started")

    def share(self, response: Response) -> Response:
        """Return *response* with the headers that let other websites play it, if they may."""
        if not request.path.startswith(SHARED):
            return response
        if self.allowed:
            response.headers.add("Vary", "Origin")
        asking = request.headers.get("Origin", "")
        if self.tokens.signed(request.path, request.args.get("sig", "")):
            who = "*"
        elif asking in self.allowed:
            who = asking
        elif _origin_of(request.headers.get("Referer", "")) in self.allowed:
            who = ""  # an <audio> without `crossorigin` sends only this; it may play, not read
        else:
            return response
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if who:
            response.headers["Access-Control-Allow-Origin"] = who
            response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        if who and request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
            response.headers["Access-Control-Allow-Headers"] = "Range, If-Range, If-None-Match"
        return response

    def _admitted(self) -> bool:
        signature = request.args.get("sig", "") if request.path.startswith(SHARED) else ""
        return self.tokens.admits(request.cookies.get(COOKIE, ""), request.path, signature)

    def _with_cookie(self) -> AnyResponse:
        """Redirect to the same address without the token, which a cookie replaces."""
        rest = [pair for pair in request.args.items(multi=True) if pair[0] != "token"]
        response = redirect(address(request.path, urlencode(rest)), 303)
        response.set_cookie(
            COOKIE,
            self.tokens.cookie(),
            max_age=365 * 86_400,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
        return response


def install(app: Flask, tokens: Tokens, hosts: Sequence[str] | None, allowed: Collection[str] = ()) -> None:
    """Check every request to *app* as `Access` says, and put `HEADERS` on every answer."""
    access = Access(tokens, None if hosts is None else frozenset(hosts), frozenset(allowed))
    app.before_request(access.check)
    app.after_request(_protected)  # runs after `share`: Flask calls the last one first
    app.after_request(access.share)


def _protected(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


class Forwarded:
    """Passes requests to the WSGI *app* with the scheme in ``X-Forwarded-Proto``, if this machine sent it.

    ``X-Forwarded-Host`` is ignored. Requests from a foreign page that points its own name here (DNS
    rebinding) come from this machine too, and with that header they would pass the check of Host. The server
    in front passes Host on.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").lower()
        if scheme in _PORTS and is_loopback(environ.get("REMOTE_ADDR", "")):
            environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start)


def is_loopback(host: str) -> bool:
    """Return whether *host* is a loopback name or address, which no other machine can reach."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def origin(text: str) -> str:
    """Return the origin *text* as browsers write it: scheme, host and, unless it is the default, port.

    Raises:
        WishError: if *text* is no origin.
    """
    found = _origin_of(text)
    if found is None or text.lower().rstrip("/") not in (found, found + _PORTS[found.partition(":")[0]]):
        raise WishError(
            f'"{text[:80]}" is no origin; write it as https://home.example or http://10.0.0.2:8123'
        )
    return found


def _origin_of(where: str) -> str | None:
    """Return the origin of the address *where*; None if it is no address of the web."""
    try:
        parts = urlsplit(where.lower())
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].removesuffix(_PORTS[parts.scheme])}"


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
