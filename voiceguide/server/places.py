"""Where exercises were left, for clients that know the address of a session and the seconds into it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import asdict, replace

from voiceguide.audio import RATE, frames, seconds
from voiceguide.errors import EngineError, WishError
from voiceguide.listeners.records import Bookmark, Place
from voiceguide.listeners.store import ListenerStore
from voiceguide.plan.wishes import Wishes, again
from voiceguide.playback.course import Heard, View, begin, course, outlook, quiet_before
from voiceguide.playback.edits import marks
from voiceguide.playback.resuming import BEFORE_LINE, item_of, place_of
from voiceguide.script.model import Script
from voiceguide.server import offer
from voiceguide.server.catalogue import Catalogue
from voiceguide.server.query import Asked, pairs, read_query
from voiceguide.server.sessions import HeldSession, Sessions
from voiceguide.session import Session, Studio

MOST: Final = 50
"""Most places in a list."""


class GoingOn(Struct, frozen=True):
    """Where a session goes on: `seconds` after its start.

    It was left in the session of `query`, on the rung `rung` of a ladder, 0 for none.
    """

    seconds: float
    query: str
    rung: int

    def plain(self) -> dict[str, Any]:
        """Return it for JSON."""
        return asdict(self)


class LeftPlace(Struct, frozen=True):
    """Where the exercise `script` was left: `seconds` into the session of `query`.

    `rung` is that of a ladder, 0 for none; `at` is when, in ms since 1970, and `device` where.
    """

    script: str
    title: str
    seconds: float
    query: str
    rung: int
    at: int
    device: str

    def plain(self) -> dict[str, Any]:
        """Return it for JSON."""
        return asdict(self)


class Places:
    """Translates between bookmarks and seconds of sessions. Thread-safe."""

    def __init__(self, catalogue: Catalogue, sessions: Sessions, studio: Studio) -> None:
        self._catalogue = catalogue
        self._sessions = sessions
        self._studio = studio

    def bookmark(self, script: str, asked: Asked, after: float, rung: int = 0) -> Bookmark | None:
        """Return the bookmark of *script*, left *after* seconds of the session *asked* for.

        None if it was left before there is anything to go on from.

        Raises:
            WishError: if the session is shorter than that, or its ladder has no such rung.
            VoiceguideError: if `Sessions.get` raises another.
        """
        written = self._catalogue.script(script)
        if rung > len(offer.rungs(written)):
            raise WishError(f'"{script}" has no rung {rung}; leave the rung out')
        held = self._sessions.get(script, asked)
        session, frame = held.session, int(frames(after))
        if frame > session.length + RATE:
            raise WishError(
                f'"{script}", as asked for, lasts {seconds(session.length):g} seconds; it was not left later'
            )
        place = self._sessions.found_out(held, ("left", frame), lambda: _place(session, frame))
        if place is None:
            return None
        if asked.part:
            seeded = self._sessions.seeded(written, asked.wishes)
            wishes = replace(seeded, voice=session.voice)
        else:
            wishes = again(written, session.asked, session.voice)
        return Bookmark(written.name, written.digest, place, session.place_key, wishes, rung)

    def going_on(self, store: ListenerStore, held: HeldSession) -> GoingOn | None:
        """Return where *held* goes on, if its exercise was left; in another session of it, too.

        Raises:
            StoreError: if *store* cannot be read.
            BusyError: if it takes too long to find out.
        """
        script = self._catalogue.script(held.session.script.name)
        left = store.left(script.name, script.digest)
        if left is None:
            return None
        session, place = held.session, left.place
        if session.script.digest != script.digest and place.line not in marks(session.timeline.items):
            return GoingOn(0.0, self._query(script, left.wishes), left.rung)  # in another part of a ladder
        if left.session != session.place_key:
            place = replace(place, frame=0)
        frame = self._sessions.found_out(held, ("goes on", place), lambda: _frame(session, place))
        return GoingOn(round(seconds(frame), 3), self._query(script, left.wishes), left.rung)

    def all(self, store: ListenerStore) -> tuple[LeftPlace, ...]:
        """Return where exercises were left, the latest first, at most `MOST`; nothing is planned for it.

        Those that have been changed since, or are gone, are left out; those renamed have their new name.

        Raises:
            StoreError: if *store* cannot be read.
            BusyError: if the exercises are still being read.
        """
        known = {script.digest: script for script in self._catalogue.scripts()}
        found: dict[str, LeftPlace] = {}
        for kept in store.all(Bookmark, most=2 * MOST):
            script = known.get(kept.record.digest)
            if script is None or script.name in found or len(found) == MOST:
                continue
            left = store.left(script.name, script.digest)
            if left is not None:
                query = self._query(script, left.wishes)
                after = round(left.place.frame / RATE, 3)
                found[script.name] = LeftPlace(
                    script.name, script.title, after, query, left.rung, kept.stamp.at, kept.stamp.device
                )
        return tuple(found.values())

    def _query(self, script: Script, wishes: Wishes) -> str:
        """Return the query of *wishes*, without a voice that cannot speak here; "" if they make no sense."""
        if not self._sessions.varies(script):
            wishes = replace(wishes, seed=None)
        try:
            self._studio.cast(wishes.voice, script.language)
        except EngineError:
            wishes = replace(wishes, voice=None)
        try:
            return read_query(pairs(wishes).items()).query
        except WishError:
            return ""


def _place(session: Session, frame: int) -> Place | None:
    view = _view(session)(lambda entry: entry[1].start > frame)
    return place_of(frame, session.timeline.items, view, session.timeline.items)


def _frame(session: Session, place: Place) -> int:
    """Return the frame at which *session* goes on from *place*."""
    view_until = _view(session)
    plain = course(session.timeline, session.length, session.clips.estimate)
    item, since = item_of(place, plain, view_until)
    view = view_until(lambda entry: entry[0] > item)
    if since:
        return max(0, min(begin(view, item) + since, begin(view, item + 1) - BEFORE_LINE))
    return max(0, begin(view, item) - BEFORE_LINE, quiet_before(view, item)) if item else 0


def _view(session: Session) -> Callable[[Callable[[Heard], bool]], View]:
    """Return a function that returns the cues of *session* up to the first for which its argument is true.

    Lines that are not spoken yet are estimated.
    """
    plain = course(session.timeline, session.length, session.clips.estimate)
    guess = session.sounds().guess
    return lambda until: outlook(plain, (), session.clips.estimate, guess, until)
