"""Access control: tokens, host names, requests from other sites, and the security headers of responses."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask, Response, g, redirect, request
from msgspec import Struct
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, MisdirectedRequest, Unauthorized
from werkzeug.wrappers import Response as AnyResponse

from voiceguide.errors import WishError
from voiceguide.server import browser
from voiceguide.server.browser import Browser
from voiceguide.server.links import looks_like_a_link
from voiceguide.server.signing import DAY, Signer
from voiceguide.server.web.doors import COOKIE, SAFE, SHARED, Doors, Opened, is_of_a_feed
from voiceguide.server.web.who import NOBODY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
"""The Host names accepted on loopback; a page with any other name is a foreign one."""

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

OPEN: Final = re.compile(r"/healthz|/static/.*|/as(/.*)?", re.DOTALL)
"""Addresses for whoever asks: the health check, what styles the pages, and the way in."""

_PORTS: Final = {"http": ":80", "https": ":443"}
"""The default ports, which browsers leave out of an origin."""

_EXPOSED: Final = "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag"


def address(path: str, query: str = "") -> str:
    """Return the address of *path* for clients with the cookie; `addresses` signs those for players."""
    return quote(path) + (f"?{query}" if query else "")


class Access(Struct, frozen=True):
    """The access rules of one application.

    *hosts* are the accepted Host names (None: any). Websites of the origins *allowed* may play what is at
    `SHARED` addresses, and so may any website that has a signed address. Without a token there are no
    signatures, so other websites have no access.
    """

    doors: Doors
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
        if request.method not in SAFE:
            _refuse_other_sites()
        given = request.args.get("token")
        opened = self.doors.opened(given) if given is not None else None
        if opened is not None:
            return self._with_cookie(opened)
        g.visitor = self.doors.admitted()
        if OPEN.fullmatch(request.path) or (g.visitor != NOBODY and not looks_like_a_link(given or "")):
            return None
        return self._refused(given)

    def share(self, response: Response) -> Response:
        """Return *response* with the headers that let other websites play it, if they may."""
        if not request.path.startswith(SHARED):
            return response
        if self.allowed:
            response.headers.add("Vary", "Origin")
        asking = request.headers.get("Origin", "")
        if self.doors.signed() is not None:
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

    def _refused(self, given: str | None) -> AnyResponse:
        """Send a browser to who can be chosen there, or say what is missing.

        Raises:
            Unauthorized: if nobody can be chosen.
        """
        if given is not None:
            raise Unauthorized("that is no token of this server, or no longer; ask who runs it for another")
        if request.method == "GET" and _by_a_person() and self.doors.choices():
            return redirect("/as", 303)
        asks = None
        if is_of_a_feed(request.path) and request.path.endswith(".xml"):  # browsers ask for it: not for sound
            asks = WWWAuthenticate("basic", {"realm": "voiceguide", "charset": "UTF-8"})
        raise Unauthorized(
            "this server asks for its token: open the address that it printed when it started",
            www_authenticate=asks,
        )

    def _with_cookie(self, opened: Opened) -> AnyResponse:
        """Redirect to the same address without the token, which a cookie replaces.

        Who has a PIN is asked for it first. So that no other site's link makes a browser another listener's,
        one in which somebody listens already, or that followed it from there, asks who it is to be.
        """
        here = self.doors.browser() or Browser()
        there = here.knowing(opened.id, opened.link)
        now = self.doors.listening()
        if now != NOBODY and now.id == opened.id:
            asked = False
        else:
            asked = opened.guarded or now != NOBODY or _from_another_site()
            there = there if asked else Browser(opened.id, "", there.known)
        rest = [pair for pair in request.args.items(multi=True) if pair[0] != "token"]
        response = redirect("/as" if asked else address(request.path, urlencode(rest)), 303)
        set_cookie(response, there, self.doors.signer)
        return response


def set_cookie(response: AnyResponse, there: Browser, signer: Signer) -> None:
    """Have the browser keep who listens *there*."""
    response.set_cookie(
        COOKIE,
        browser.written(there, signer),
        max_age=365 * DAY,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    response.headers["Cache-Control"] = "no-store"


def _refuse_other_sites() -> None:
    """Refuse what a page of another site can make a browser send.

    Raises:
        Forbidden: if it comes from one.
    """
    own = request.host_url[:-1]
    if _from_another_site() or request.headers.get("Origin", own) != own:
        raise Forbidden("another site may not ask for that")


def _from_another_site() -> bool:
    return request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none")


def _by_a_person() -> bool:
    best = request.accept_mimetypes.best_match(["application/json", "text/html"], "application/json")
    return best == "text/html"


def install(app: Flask, doors: Doors, hosts: Sequence[str] | None, allowed: Collection[str] = ()) -> None:
    """Check every request to *app* as `Access` says, and put `HEADERS` on every answer."""
    access = Access(doors, None if hosts is None else frozenset(hosts), frozenset(allowed))
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
