"""Sessions by what was asked, kept at hand: lines are settled once for sound and words."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from voiceguide.audio import Frames
from voiceguide.errors import EngineError, WishError
from voiceguide.script.model import OneOf, Script
from voiceguide.serving.catalogue import Catalogue
from voiceguide.serving.query import Asked
from voiceguide.studio import Session, Studio
from voiceguide.timeline.walk import walk
from voiceguide.timeline.wishes import Wishes

AHEAD: Final = 4
"""Lines spoken before a listener needs them: who leaves early has not had everything spoken."""

_MOST: Final = 12  # each may hold some megabytes of clips
_MOST_MEASURES: Final = 2_000
_STAND_IN: Final = 300.0  # seconds until a voice that failed is tried again


class Held(Struct, frozen=True):
    """A session at hand. `mark` tells it from the same session begun anew."""

    session: Session
    since: float = field(default_factory=time.monotonic)
    mark: str = field(default_factory=lambda: secrets.token_hex(4))

    @property
    def stood_in(self) -> bool:
        """Whether one voice had to take over from another: then it is not the session its key promises."""
        return self.session.clips.stood_in

    @property
    def key(self) -> str:
        """The session's key; one of its own where a voice stood in."""
        key = self.session.key
        return hashlib.sha256(f"{key} {self.mark}".encode()).hexdigest() if self.stood_in else key

    @property
    def stale(self) -> bool:
        """Whether it is time to try the voice again for which another stood in."""
        return self.stood_in and time.monotonic() - self.since > _STAND_IN


class Measure(Struct, frozen=True):
    """How long a session is, and how many bytes its MP3 has."""

    length: Frames
    size: int


class Sessions:
    """Makes sessions of *catalogue*'s scripts, the same one for the same wishes. Thread-safe."""

    def __init__(self, studio: Studio, catalogue: Catalogue, today: Callable[[], date] = date.today) -> None:
        self._studio = studio
        self._catalogue = catalogue
        self._today = today
        self._held: OrderedDict[tuple[str, ...], Held] = OrderedDict()
        self._measures: OrderedDict[tuple[str, ...], Measure] = OrderedDict()
        self._lock = threading.Lock()
        self._making = tuple(threading.Lock() for _ in range(8))

    def get(self, name: str, asked: Asked) -> Held:
        """Return the session of the script called *name*.

        Raises:
            UnknownError: if there is no such script, or no such part of it.
            WishError: if it does not offer what is asked for.
            EngineError: if no voice can speak here.
        """
        script = self._catalogue.script(name)
        wishes = self.seeded(script, asked.wishes)
        place = (script.name, script.digest, asked.query, str(wishes.seed))
        with self._making[hash(place) % len(self._making)]:
            with self._lock:
                at_hand = self._held.get(place)
                if at_hand is not None and not at_hand.stale:
                    self._held.move_to_end(place)
                    return at_hand
            held = Held(self._session(script, wishes, asked.part))
            with self._lock:
                self._held[place] = held
                while len(self._held) > _MOST:
                    self._held.popitem(last=False)
            return held

    def measure(self, name: str, asked: Asked) -> Measure:
        """Return how long the session of script *name* is, and its MP3; it is not kept at hand for that.

        Raises:
            WishError, EngineError: as `get` does.
        """
        script = self._catalogue.script(name)
        wishes = self.seeded(script, asked.wishes)
        with _asked_for(wishes):
            voice = str(self._studio.cast(wishes.voice or script.voice)[0])
        place = (script.digest, asked.query, str(wishes.seed), voice)
        found = self._measures.get(place)
        if found is None:
            session = self._session(script, wishes, asked.part)
            found = Measure(session.length, session.stream("mp3", asked.bitrate).size)
            with self._lock:
                self._measures[place] = found
                while len(self._measures) > _MOST_MEASURES:
                    self._measures.popitem(last=False)
        return found

    def seeded(self, script: Script, wishes: Wishes) -> Wishes:
        """Return *wishes* with a seed that says all: the day's, or always the same where nothing varies."""
        if not self.varies(script):
            return replace(wishes, seed="0")
        return wishes if wishes.seed is not None else replace(wishes, seed=self._today().isoformat())

    def varies(self, script: Script) -> bool:
        """Return whether *script* has variants for a seed to choose from."""
        return any(isinstance(step, OneOf) for step in walk(script.steps))

    def forget(self, held: Held) -> None:
        """Begin anew when it is asked for again."""
        with self._lock:
            for place in [place for place, each in self._held.items() if each is held]:
                del self._held[place]

    def _session(self, script: Script, wishes: Wishes, part: str) -> Session:
        with _asked_for(wishes):
            if part:
                return self._studio.part(script, part, wishes, ahead=AHEAD)
            return self._studio.session(script, wishes, ahead=AHEAD)


@contextmanager
def _asked_for(wishes: Wishes) -> Iterator[None]:
    """Take it for a wish that cannot be fulfilled where a voice cannot be had that *wishes* name."""
    try:
        yield
    except EngineError as error:
        if wishes.voice is None:
            raise
        raise WishError(str(error)) from error
