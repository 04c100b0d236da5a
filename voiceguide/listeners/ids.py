"""Listeners' ids: never a path, never a name."""

from __future__ import annotations

import re
import secrets
from typing import Final

FOLDER: Final = "listeners"
"""In the data folder."""

NAMELESS: Final = "0"
"""The id of the listener who exists before others are added."""

_ID: Final = re.compile(r"[a-z0-9]{1,40}")


def new_id() -> str:
    """Return an id that nobody has."""
    return secrets.token_hex(8)


def is_id(text: str) -> bool:
    """Return whether *text* can be the id of a listener: up to 40 letters a to z and digits."""
    return _ID.fullmatch(text) is not None


def checked_id(listener: str) -> str:
    """Return *listener*.

    Raises:
        ValueError: if it is no id.
    """
    if not is_id(listener):
        raise ValueError(f"not the id of a listener: {listener!r}")
    return listener
