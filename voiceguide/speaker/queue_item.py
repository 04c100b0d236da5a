"""A session that is to be played: what was asked for, before it has its turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from voiceguide.audio import Frames, seconds
from voiceguide.script.model import Script
from voiceguide.server.query import Asked
from voiceguide.server.sessions import Sessions


def _always() -> bool:
    return True


class QueueItem(Struct, frozen=True):
    """A session of script *script*, as *asked*; with *resume* it goes on where it was left.

    If `fresh` returns False when its turn has come, it is left out: its hour has gone by.
    """

    script: str
    title: str
    length: Frames
    asked: Asked
    resume: bool = False
    fresh: Callable[[], bool] = _always

    def plain(self) -> dict[str, Any]:
        """Return it for JSON; `length` is in seconds."""
        return {
            "script": self.script,
            "title": self.title,
            "length": seconds(self.length),
            "asked": self.asked.query,
        }


def queue_item(sessions: Sessions, script: str, asked: Asked, *, resume: bool = False) -> QueueItem:
    """Return what is to be played; nothing is spoken yet.

    Raises:
        WishError: if there is no such script, or it does not offer what is asked for.
        EngineError: if no voice can speak here.
    """
    session = sessions.get(script, asked).session
    return QueueItem(script, session.script.title, session.length, asked, resume)


def ground_item(sessions: Sessions, script: Script) -> QueueItem:
    """Return the way to the ground, *script*, as it is when nothing else is asked for."""
    return QueueItem(script.name, script.title, sessions.span(script).default, Asked())
