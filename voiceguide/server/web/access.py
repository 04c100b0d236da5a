"""Who may ask, from which page and by which name, and what a browser may do with the answer."""

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
"""What a Host header may say where only this machine can ask: other names are somebody else's page."""

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
"""Addresses that tell nobody anything: whether the server is well, and how its pages look."""

SHARED: Final = ("/audio/", "/cover/", "/feed.xml", "/program/", "/voice/")
"""Addresses that players and podcast apps follow: a signature lets them in."""

_PORTS: Final = {"http": ":80", "https": ":443"}
"""What browsers leave out of an origin."""

_EXPOSED: Final = "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag"


class Tokens(Struct, frozen=True):
    """Checks and signs with *token*; None lets everybody in and signs nothing."""

    token: str | None

    def right(self, given: str) -> bool:
        """Return whether *given* is the token."""
        return self.token is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def bearer(self) -> bool:
        """Return whether a program asks that has the token, and says so in its headers."""
        # Read here: where it says Basic, Flask decodes what follows, and fails over what it cannot.
        kind, _, shown = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and self.right(shown.strip())

    def cookie(self) -> str:
        """Return what the cookie holds: not the token itself, so that it cannot be read off there."""
        return self._mark("cookie")

    def admits(self, cookie: str, path: str, signature: str) -> bool:
        """Return whether who shows *cookie*, or asks for *path* with *signature*, may come in."""
        if self.token is None:
            return True
        return hmac.compare_digest(cookie.encode(), self.cookie().encode()) or self.signed(path, signature)

    def signed(self, path: str, signature: str) -> bool:
        """Return whether *signature* is that of *path*."""
        return self.token is not None and hmac.compare_digest(signature.encode(), self._mark(path).encode())

    def address(self, path: str, query: str = "") -> str:
        """Return the address of *path*, which players without a cookie can follow too."""
        signed = urlencode({"sig": self._mark(path)}) if self.token is not None else ""
        return address(path, "&".join(each for each in (query, signed) if each))

    def _mark(self, what: str) -> str:
        assert self.token is not None
        return hmac.new(self.token.encode(), what.encode(), hashlib.sha256).hexdigest()[:32]


def address(path: str, query: str = "") -> str:
    """Return the address of *path*, for who has the cookie; `Tokens.address` signs it for players."""
    return quote(path) + (f"?{query}" if query else "")


class Access(Struct, frozen=True):
    """The rules of one application.

    *hosts* are the names it may be called by (None: any). Websites of the origins *allowed* may play what is
    `SHARED`, and so may any that has a signed address; no website reads a library that asks for no token.
    """

    tokens: Tokens
    hosts: frozenset[str] | None
    allowed: frozenset[str]

    def check(self) -> AnyResponse | None:
        """Let the request in, send it on with a cookie, or refuse it."""
        if self.hosts is not None and _without_port(request.host) not in self.hosts:
            # A page elsewhere can have its own name point here (DNS rebinding): it may not read along.
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
        """Say on *response* who else may play it."""
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
            who = ""  # an <audio> without `crossorigin` says no more, and may play, not read
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
        """Send who has shown the token to the same address without it, and keep it in a cookie."""
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
    app.after_request(_protected)  # after `share`: Flask goes from the last to the first
    app.after_request(access.share)


def _protected(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


class Forwarded:
    """Has *app*, WSGI's, asked by the scheme in ``X-Forwarded-Proto``, if a server on this machine says it.

    ``X-Forwarded-Host`` is for nobody to say: a page elsewhere that points its own name here (DNS rebinding)
    asks from this machine too, and would get past the check of Host. The server in front passes Host on.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").lower()
        if scheme in _PORTS and is_loopback(environ.get("REMOTE_ADDR", "")):
            environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start)


def is_loopback(host: str) -> bool:
    """Return whether *host* is this machine, which no other can reach by it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def origin(text: str) -> str:
    """Return the origin that *text* is, as browsers write it: scheme, host and, where it is unusual, port.

    Raises:
        WishError: if it is none.
    """
    found = _origin_of(text)
    if found is None or text.lower().rstrip("/") not in (found, found + _PORTS[found.partition(":")[0]]):
        raise WishError(
            f'"{text[:80]}" is no origin; write it as https://home.example or http://10.0.0.2:8123'
        )
    return found


def _origin_of(where: str) -> str | None:
    """Return the origin of the address *where*; None if that is none of the web."""
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
