"""One request to a server that may be anyone's, its answer bounded in bytes and in time.

No redirect is followed and no proxy asked, so what is sent goes to the server that was named. What the server
says of an error is not repeated: it may hold what was sent.
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
    """Return what the server at *url* answers to *body*.

    Raises:
        EngineError: if it does not answer 200, whole, in time and in so many bytes.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(str(parts.hostname), parts.port, timeout=allowed_seconds)
    until = time.monotonic() + allowed_seconds
    try:
        connection.request("POST", parts.path, body, dict(headers))
        wire = connection.sock
        with connection.getresponse() as response:  # it may hold the connection beyond its own end
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
    """Return the body of *response*, which comes over *wire*; ValueError where that is more, or less."""
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
    """Return what *status* says, and what to do about it; in words of our own."""
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return f"{server} points elsewhere (status {status}), and is not followed; name who speaks"
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return f"{server} does not take the key (status {status})"
    return f"{server} refuses to speak (status {status})"
