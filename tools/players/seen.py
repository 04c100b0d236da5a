"""What is asked of a player, and what was seen of it."""

from __future__ import annotations

import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from msgspec import Struct

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds within which a player has to do what it was asked."""


class Asked(Struct, frozen=True):
    """A session at *address*, `length` seconds long, of which the player is to go to `far` seconds."""

    address: str
    length: float
    far: float


class Seen(Struct, frozen=True):
    """What a player did.

    It showed this `length` at first (seconds; None: none), went to the far place and sounded on (`seek`),
    began there when started anew (`resume`), and offers so many `chapters`.
    """

    length: float | None = None
    seek: bool = False
    resume: bool = False
    chapters: int = 0


class Player(Protocol):
    """One player. `about` says which, with its version; None where it is not here."""

    name: str

    def about(self) -> str | None: ...

    def look(self, asked: Asked) -> Seen:
        """Play *asked* from the start, seek while it plays, then start anew at the far place."""


def within(condition: Callable[[], T | None], seconds: float = PATIENCE) -> T | None:
    """Return what *condition* gives as soon as that is true; None where it is not within *seconds*."""
    until = time.monotonic() + seconds
    pause = threading.Event()
    while time.monotonic() < until:
        found = condition()
        if found:
            return found
        pause.wait(0.05)
    return None


def version(*command: str) -> str | None:
    """Return the first line that *command* says of itself; None where it is not installed."""
    if shutil.which(command[0]) is None:
        return None
    told = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    return (told.stdout or told.stderr).strip().splitlines()[0]


def near(place: float | None, far: float) -> bool:
    """Return whether *place* is *far* or within ten seconds after it, as of a player that has moved on."""
    return place is not None and far - 1.5 <= place <= far + 10.0
