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

PATIENCE = 45.0
"""Seconds within which a player has to do what it was asked, also on a machine that is busy."""

MOMENT = 5.0
"""Seconds for which a player is looked at for chapters: some find them only once they play."""


class Asked(Struct, frozen=True):
    """A session at *address*, `length` seconds long, of which the player is to go to `far` seconds."""

    address: str
    length: float
    far: float


class Seen(Struct, frozen=True):
    """What a player did.

    It showed this `length` at first (seconds; None: none), took `seek` seconds to sound on at the far place
    (None: it did not), and offers so many `chapters` (None: this player tells nobody of any).
    """

    length: float | None
    seek: float | None
    chapters: int | None


class Player(Protocol):
    """One player. `about` says which, with its version; None where it is not here."""

    name: str

    def about(self) -> str | None: ...

    def look(self, asked: Asked) -> Seen:
        """Play *asked* from the start, and seek while it plays."""

    def resumes(self, asked: Asked) -> float | None:
        """Start *asked* at the far place; return after how many seconds it sounds there, None: never."""


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


def sounds_on(place: Callable[[], float | None], far: float) -> float | None:
    """Return after how many seconds *place* has come to *far* and moves there; None where it does not."""
    begun = time.monotonic()
    first = within(lambda: near(at := place(), far) and at)
    if not first or not within(lambda: (place() or 0.0) > first + 0.3):
        return None
    return time.monotonic() - begun


def version(*command: str) -> str | None:
    """Return the first line that *command* says of itself; None where it is not installed."""
    if shutil.which(command[0]) is None:
        return None
    told = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    return (told.stdout or told.stderr).strip().splitlines()[0]


def near(place: float | None, far: float) -> bool:
    """Return whether *place* is *far* or within ten seconds after it, as of a player that has moved on."""
    return place is not None and far - 1.5 <= place <= far + 10.0
