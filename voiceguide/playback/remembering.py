"""What a player notes in a listener's journal: where to go on, and for how long it was heard."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from voiceguide.audio import frames
from voiceguide.listeners.journal import Journal
from voiceguide.listeners.records import Bookmark, Listening, Place
from voiceguide.listeners.store import now_ms
from voiceguide.plan.wishes import again
from voiceguide.playback.now import Status
from voiceguide.session.session import Session

KEEP: Final = frames(30.0)
"""How often it is kept where the session is: the power may go, or the terminal."""

WORTH_KEEPING: Final = frames(10.0)
"""What was heard for less is not in the history."""

_HEARD: Final[tuple[Status, ...]] = ("playing", "choosing", "grounding", "stopping")
_FRAMES_PER_MS: Final = frames(0.001)


class Remembering:
    """Notes *session* in *journal* while it is heard; used by one thread. *clock* returns ms since 1970."""

    def __init__(self, session: Session, journal: Journal, clock: Callable[[], int] = now_ms) -> None:
        script = session.script
        self._journal = journal
        self._session = session.place_key
        self._script, self._digest = script.name, script.digest
        self._wishes = again(script, session.asked, session.voice)
        self._clock = clock
        self._id = secrets.token_hex(8)
        self._began: int | None = None
        self._frame = self._heard = self._kept = 0
        self._place: Place | None = None

    def place(self) -> Place | None:
        """Return where the exercise was left; `frame` is 0 if that was in another session of it."""
        left = self._journal.left(self._script, self._digest)
        if left is None:
            return None
        return left.place if left.session == self._session else replace(left.place, frame=0)

    def hear(self, frame: int, status: Status) -> bool:
        """Count what was heard up to output frame *frame*; return whether it is time to `keep`."""
        passed, self._frame = frame - self._frame, frame
        if status in _HEARD and passed > 0:
            self._began = self._clock() if self._began is None else self._began
            self._heard += passed
        return self._heard - self._kept >= KEEP

    def keep(self, place: Place | None, *, at_end: bool) -> None:
        """Note *place* and what was heard; an earlier place is removed *at_end* only.

        What has not changed is not written again: another device may have gone on meanwhile.
        """
        if place is not None and place != self._place:
            self._journal.leave(Bookmark(self._script, self._digest, place, self._session, self._wishes))
        elif at_end:
            self._journal.finish(self._script)
        self._place = place
        if self._began is not None and self._heard >= WORTH_KEEPING and self._heard != self._kept:
            heard = self._heard // _FRAMES_PER_MS
            self._journal.hear(Listening(self._id, self._script, self._began, heard))
        self._kept = self._heard
