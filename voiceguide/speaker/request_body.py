"""What the body of a request says: JSON, read by the same table as the addresses of the page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import request

from voiceguide.audio import Frames
from voiceguide.errors import WishError
from voiceguide.script.durations import duration
from voiceguide.server.query import Asked, read_query

_SHOWN = 40


def body() -> dict[str, Any]:
    """Return the object in the body of the request; an empty one where there is none.

    Raises:
        WishError: if it is something else.
    """
    data = request.get_data()
    if not data.strip():
        return {}
    try:
        found = json.loads(data)
        json.dumps(found, ensure_ascii=False).encode()  # half a character, as in "\\ud800", is no text
    except (ValueError, RecursionError) as error:
        raise WishError('the body is not JSON; write an object such as {"script": "body-scan"}') from error
    if not isinstance(found, dict):
        raise WishError('the body has to be a JSON object such as {"script": "body-scan"}')
    return found


def asked(wishes: Mapping[str, Any]) -> Asked:
    """Return what *wishes* ask for: names and values as in an address, where a value may be a number.

    Raises:
        WishError: if that cannot be read.
    """
    return read_query((name, _text(name, value)) for name, value in wishes.items())


def text(given: dict[str, Any], name: str, example: str) -> str:
    """Take the text under *name* out of *given*.

    Raises:
        WishError: if there is none; with an *example*.
    """
    value = given.pop(name, None)
    if not isinstance(value, str) or not value.strip():
        raise WishError(f'say which "{name}", such as "{example}"')
    return value.strip()


def switch(given: dict[str, Any], name: str) -> bool:
    """Take true or false out of *given*; false where it is not there."""
    value = given.pop(name, False)
    if not isinstance(value, bool):
        raise WishError(f'"{name}" is true or false')
    return value


def volume(given: dict[str, Any]) -> float:
    """Take the volume, in percent, out of *given*; return it from 0 to 1."""
    value = given.pop("volume", None)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise WishError('say which "volume", a number from 0 to 100')
    return value / 100


def after(given: dict[str, Any]) -> Frames | None:
    """Take how long it is until sleep out of *given*, None for no sleep."""
    value = given.pop("after", "")
    if value is None or value == "off":
        return None
    try:
        return duration(str(value)[:_SHOWN])
    except ValueError as error:
        text = str(value)[:_SHOWN]
        raise WishError(f'"after" cannot be "{text}"; write up to 8h, such as 20m, or "off"') from error


def nothing_else(given: Mapping[str, Any]) -> None:
    """Refuse what nobody has taken out of *given*."""
    if given:
        raise WishError(f'"{next(iter(given))[:_SHOWN]}" is not asked for here; leave it out')


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise WishError(f'"{name[:_SHOWN]}" has to be text or a number')
    return str(value)
