"""Which other websites may play what is here: with a signed address any, else those that `serve` is told."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from flask import Flask, Response, request

from voiceguide.errors import WishError
from voiceguide.server.web.here import tokens

SHARED = ("/audio/", "/cover/", "/feed.xml", "/program/", "/voice/")
"""Addresses that players and podcast apps follow: a signature lets them in."""

_PORTS = {"http": ":80", "https": ":443"}
"""What browsers leave out of an origin."""

_EXPOSED = "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag"


def origin(text: str) -> str:
    """Return the origin that *text* is, as browsers write it: scheme, host and, where it is unusual, port.

    Raises:
        WishError: if it is none.
    """
    found = _of(text)
    if found is None or text.lower().rstrip("/") not in (found, found + _PORTS[found.partition(":")[0]]):
        raise WishError(
            f'"{text[:80]}" is no origin; write it as https://home.example or http://10.0.0.2:8123'
        )
    return found


def install(app: Flask, allowed: Collection[str]) -> None:
    """Let websites of the origins *allowed*, and who has a signed address, play what is `SHARED`.

    What is not is left as it is: no website reads a library that asks for no token.
    """

    @app.after_request
    def share(response: Response) -> Response:
        if not request.path.startswith(SHARED):
            return response
        if allowed:
            response.headers.add("Vary", "Origin")
        asking = request.headers.get("Origin", "")
        if signed():
            who = "*"
        elif asking in allowed:
            who = asking
        elif _of(request.headers.get("Referer", "")) in allowed:
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


def signed() -> bool:
    """Return whether the address asked for has a signature of this server."""
    signature = request.args.get("sig", "")
    return tokens().token is not None and tokens().admits("", request.path, signature)


def _of(address: str) -> str | None:
    """Return the origin of *address*; None if that is none of the web."""
    try:
        parts = urlsplit(address.lower())
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not parts.hostname:
        return None
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].removesuffix(_PORTS[parts.scheme])}"
