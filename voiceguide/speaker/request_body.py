"""Parses JSON request bodies, with the same table as the page's queries."""

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
    """Return the JSON object in the request's body; an empty one if there is no body.

    Raises:
        WishError: if the body is anything else.
    """
    data = request.get_data()
    if not data.strip():
        return {}
    try:
        found = json.loads(data)
        json.dumps(found, ensure_ascii=False).encode()  # refuses half a character, as in "\\ud800"
    except (ValueError, RecursionError) as error:
        raise WishError('the body is not JSON; write an object such as {"script": "body-scan"}') from error
    if not isinstance(found, dict):
        raise WishError('the body has to be a JSON object such as {"script": "body-scan"}')
    return found


def asked(wishes: Mapping[str, Any]) -> Asked:
    """Parse *wishes*: names and values as in a query, but values may be numbers.

    Raises:
        WishError: if one is invalid.
    """
    return read_query((name, _text(name, value)) for name, value in wishes.items())


def text(given: dict[str, Any], name: str, example: str) -> str:
    """Remove the text under *name* from *given*, and return it.

    Raises:
        WishError: if there is none; the message shows *example*.
    """
    value = given.pop(name, None)
    if not isinstance(value, str) or not value.strip():
        raise WishError(f'say which "{name}", such as "{example}"')
    return value.strip()


def switch(given: dict[str, Any], name: str) -> bool:
    """Remove the switch *name* from *given*, and return it; False if it is missing.

    Raises:
        WishError: if it is not true or false.
    """
    value = given.pop(name, False)
    if not isinstance(value, bool):
        raise WishError(f'"{name}" is true or false')
    return value


def volume(given: dict[str, Any]) -> float:
    """Remove the volume, in percent, from *given*, and return it from 0 to 1.

    Raises:
        WishError: if it is missing or not from 0 to 100.
    """
    value = given.pop("volume", None)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise WishError('say which "volume", a number from 0 to 100')
    return value / 100


def after(given: dict[str, Any]) -> Frames | None:
    """Remove the time until sleep from *given*, and return it in frames; None for no sleep.

    Raises:
        WishError: if it is no length.
    """
    value = given.pop("after", "")
    if value is None or value == "off":
        return None
    try:
        return duration(str(value)[:_SHOWN])
    except ValueError as error:
        text = str(value)[:_SHOWN]
        raise WishError(f'"after" cannot be "{text}"; write up to 8h, such as 20m, or "off"') from error


def nothing_else(given: Mapping[str, Any]) -> None:
    """Refuse anything left in *given*.

    Raises:
        WishError: if anything is left.
    """
    if given:
        raise WishError(f'"{next(iter(given))[:_SHOWN]}" is not asked for here; leave it out')


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise WishError(f'"{name[:_SHOWN]}" has to be text or a number')
    return str(value)
