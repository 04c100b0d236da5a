"""A session in the queue, as it was asked for."""

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
    """A session of the script `script`, as `asked`; with `resume` it goes on where it was left.

    It is skipped if `fresh` returns False at its turn, as its hour has passed. `length` is in frames.
    `grounding`: it is the way to the ground, for now only.
    """

    script: str
    title: str
    length: Frames
    asked: Asked
    resume: bool = False
    fresh: Callable[[], bool] = _always
    grounding: bool = False

    @property
    def lasting(self) -> bool:
        """Whether it is still wanted at another hour."""
        return self.fresh is _always and not self.grounding

    def plain(self) -> dict[str, Any]:
        """Return the item for JSON; `length` is in seconds."""
        return {
            "script": self.script,
            "title": self.title,
            "length": seconds(self.length),
            "asked": self.asked.query,
        }


def queue_item(sessions: Sessions, script: str, asked: Asked, *, resume: bool = False) -> QueueItem:
    """Return the queue item of a session of *script*; nothing is spoken yet.

    Raises:
        WishError: if there is no such script, or it does not offer what is asked for.
        EngineError: if no voice can speak here.
    """
    session = sessions.get(script, asked).session
    return QueueItem(script, session.script.title, session.length, asked, resume)


def ground_item(sessions: Sessions, script: Script) -> QueueItem:
    """Return the queue item of *script*, the grounding session, without wishes."""
    length = sessions.span(script).default
    return QueueItem(script.name, script.title, length, Asked(), grounding=True)
