"""Parses JSON bodies, which forms of other sites cannot send."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from voiceguide.errors import LimitError

T = TypeVar("T")


def json_body(kind: type[T], most: int) -> T:
    """Return the request's body, of at most *most* bytes, as a *kind*.

    Raises:
        UnsupportedMediaType: if it is not sent as JSON.
        RequestEntityTooLarge: if it is longer.
        LimitError: if it is not a valid *kind*.
    """
    if not request.is_json:
        raise UnsupportedMediaType("send this with Content-Type: application/json")
    request.max_content_length = most
    return decoded(request.get_data(cache=False), kind)


def decoded(data: bytes, kind: type[T]) -> T:
    """Return the JSON *data* as a *kind*.

    Raises:
        LimitError: if it is not a valid one; the message says where.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as error:
        raise LimitError(f"what was sent is not as it should be: {_sentence(error)}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LimitError("the body is not JSON; /api/openapi.json says what belongs in it") from error


def _sentence(error: msgspec.ValidationError) -> str:
    text = str(error)
    return (text[:1].lower() + text[1:]).replace("`", '"').replace(" - at ", ", at ")
