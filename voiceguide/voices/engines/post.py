"""One HTTP request to an untrusted server, with its response bounded in bytes and in time.

Redirects are not followed and proxies not used, so the request goes only to the server that was named. The
server's error texts are not repeated, as they may contain the request.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import socket
from typing import Final
from urllib.parse import urlsplit

from voiceguide.errors import EngineError

_PIECE: Final = 1 << 16


def post(url: str, body: bytes, headers: Mapping[str, str], allowed_seconds: float, most_bytes: int) -> bytes:
    """Return the response of the server at *url* to *body*, after at most *allowed_seconds*.

    Raises:
        EngineError: unless the response is 200, complete, in time and of at most *most_bytes*.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(str(parts.hostname), parts.port, timeout=allowed_seconds)
    until = time.monotonic() + allowed_seconds
    try:
        connection.request("POST", parts.path, body, dict(headers))
        wire = connection.sock
        with connection.getresponse() as response:  # it may hold the connection open after it is closed
            if response.status != HTTPStatus.OK:
                raise EngineError(_refused(parts.netloc, response.status))
            return _whole(response, wire, until, most_bytes)
    except TimeoutError:
        raise EngineError(f"{parts.netloc} gave no whole answer in {allowed_seconds:g} s") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise EngineError(f"{parts.netloc} cannot be reached: {why}") from None
    except (HTTPException, ValueError):
        raise EngineError(f"{parts.netloc} gave an answer that is not whole") from None
    finally:
        connection.close()


def _whole(response: HTTPResponse, wire: socket, until: float, most_bytes: int) -> bytes:
    """Return the body of *response*, read from *wire*; raises ValueError if it is too long or incomplete."""
    data = bytearray()
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        wire.settimeout(left)
        piece = response.read1(_PIECE)
        if not piece:
            break
        data += piece
        if len(data) > most_bytes:
            raise EngineError(f"it gave more than {most_bytes >> 20} MiB")
    if response.length:
        raise ValueError("it broke off")
    return bytes(data)


def _refused(server: str, status: int) -> str:
    """Return what *status* means, and what to do about it, without quoting the server."""
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"{server} points elsewhere (status {status}), and is not followed; name who speaks"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return f"{server} does not take the key (status {status})"
    return f"{server} refuses to speak (status {status})"
