"""Keeps the last sessions by what was asked for, so that sound and text share the same settled lines."""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Final, NamedTuple, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from voiceguide.errors import EngineError, OfferError, VoiceguideError, WishError
from voiceguide.export import recording
from voiceguide.plan.fit import Reach
from voiceguide.plan.plan import span
from voiceguide.plan.walk import walk
from voiceguide.plan.wishes import Wishes
from voiceguide.script.model import Lengths, OneOf, Script
from voiceguide.server.catalogue import Catalogue, why
from voiceguide.server.measures import Measure, Measured, Measures
from voiceguide.server.planning import Planning, Task
from voiceguide.server.query import Asked
from voiceguide.session import Session, Studio
from voiceguide.session.ground import GROUND
from voiceguide.sounds.kept import Kept
from voiceguide.voices.usual import usual

log = logging.getLogger("voiceguide")

T = TypeVar("T")

AHEAD: Final = 4
"""Lines spoken ahead of a listener: few, as a listener who leaves early needs no others."""

UNFORESEEN: Final = "something went wrong here that nobody foresaw; the log says what"

_MOST_SPANS: Final = 2_000
_MOST: Final = 12  # each may hold some megabytes of clips
_STAND_IN: Final = 300.0  # seconds until a voice that failed is tried again


class _Place(NamedTuple):
    """Everything that a session depends on but the voice. `sounds` changes with the user's own ambiences."""

    script: str
    digest: str
    query: str
    seed: str
    sounds: int

    @property
    def ground(self) -> bool:
        """Whether it is the grounding session, without wishes."""
        return self.script == GROUND and not self.query


class HeldSession(Struct, frozen=True):
    """A session in memory. `mark` tells it from the same session planned anew."""

    session: Session
    since: float = field(default_factory=time.monotonic)
    mark: str = field(default_factory=lambda: secrets.token_hex(4))

    @property
    def stood_in(self) -> bool:
        """Whether another voice stood in, so that the session is not the one its key describes."""
        return self.session.clips.stood_in

    @property
    def key(self) -> str:
        """The session's key, or a unique one if another voice stood in."""
        key = self.session.key
        return hashlib.sha256(f"{key} {self.mark}".encode()).hexdigest() if self.stood_in else key

    @property
    def stale(self) -> bool:
        """Whether it is time to try the original voice again, after another stood in."""
        return self.stood_in and time.monotonic() - self.since > _STAND_IN


class Sessions:
    """Makes sessions of *catalogue*'s scripts, the same one for the same wishes. Thread-safe.

    Sessions are planned on other threads, so that a slow one delays no other. A caller waits at most
    *patience* seconds. The grounding session waits for no other.
    """

    def __init__(
        self,
        studio: Studio,
        catalogue: Catalogue,
        today: Callable[[], date] = date.today,
        patience: float = 20.0,
    ) -> None:
        self.patience = patience
        self._studio = studio
        self._catalogue = catalogue
        self._today = today
        self._held: OrderedDict[_Place, HeldSession] = OrderedDict()
        self._measures = Measures()
        self._spans: Kept[str, Lengths] = Kept(_MOST_SPANS)
        self._planning = Planning(GROUND, patience=patience)
        self._lock = threading.Lock()

    def get(self, name: str, asked: Asked) -> HeldSession:
        """Return the session of the script called *name*.

        Raises:
            UnknownError: if there is no such script, or no such part of it.
            OfferError: if the script cannot be read, or cannot be played even without wishes.
            WishError: if the script does not offer what is asked for.
            EngineError: if no voice can speak here.
            BusyError: if it takes too long to plan, or too many callers wait for plans.
        """
        script = self._catalogue.script(name)
        wishes = self.seeded(script, asked.wishes)
        place = _Place(script.name, script.digest, asked.query, str(wishes.seed), self._catalogue.sounds)
        held = self._at_hand(place)
        if held is not None:
            return held
        make = partial(self._made, place, script, wishes, asked)
        return self._planning.result(Task(script.name, place, make))

    def lengths(self, held: HeldSession) -> tuple[Reach, ...]:
        """Return the lengths that *held* could have.

        Raises:
            BusyError: if it takes too long to find out, or too many callers wait for plans.
        """
        return self.found_out(held, "lengths", held.session.lengths)

    def found_out(self, held: HeldSession, what: Hashable, find: Callable[[], T]) -> T:
        """Return what *find* finds out about *held*, on a thread that plans, once for all that ask *what*.

        Raises:
            BusyError: if it takes too long to find out, or too many callers wait for plans.
        """
        return self._planning.result(Task(held.session.script.name, (what, held.mark), find))

    def span(self, script: Script) -> Lengths:
        """Return the lengths that *script* may have; if it declares none, they are estimated for any voice.

        The estimate is made with the script's first plan, and remembered.
        """
        if isinstance(script.length, Lengths):
            return script.length
        return self._spans.get(script.digest, lambda: span(script, usual(script)))

    def measures(
        self, wanted: Sequence[tuple[Script, Asked]], within: float, *, kept: bool = False
    ) -> list[Measured | None]:
        """Return the length and size of each session *wanted*, or its error; the sessions are not kept.

        None stands for a session not planned *within* seconds of its first request. If *kept*, it is planned
        later, even if no request waits for it.

        Raises:
            BusyError: if a session has to be waited for, and too many callers wait already.
        """
        tasks = [self._measuring(script, asked) for script, asked in wanted]
        found = {task.place: self._measures.get(task.place) for task in tasks}
        missing = {task.place: task for task in tasks if found[task.place] is None}
        made = self._planning.results(tuple(missing.values()), within, kept=kept)
        found |= zip(missing, made, strict=True)
        return [found[task.place] for task in tasks]

    def seeded(self, script: Script, wishes: Wishes) -> Wishes:
        """Return *wishes* with a seed: the one given or today's date, and "0" if *script* has no variants."""
        if not self.varies(script):
            return replace(wishes, seed="0")
        return wishes if wishes.seed is not None else replace(wishes, seed=self._today().isoformat())

    def varies(self, script: Script) -> bool:
        """Return whether *script* has variants for a seed to choose from."""
        return any(isinstance(step, OneOf) for step in walk(script.steps))

    def forget(self, held: HeldSession) -> None:
        """Drop *held*, so that the next request plans its session anew."""
        with self._lock:
            for place in [place for place, each in self._held.items() if each is held]:
                del self._held[place]

    def _at_hand(self, place: _Place) -> HeldSession | None:
        with self._lock:
            held = self._held.get(place)
            if held is None or held.stale:
                return None
            self._held.move_to_end(place)
            return held

    def _made(self, place: _Place, script: Script, wishes: Wishes, asked: Asked) -> HeldSession:
        """Return the session of *place*, and keep it. The grounding session is not evicted by others."""
        held = self._at_hand(place)
        if held is not None:
            return held
        held = HeldSession(self._session(script, wishes, asked))
        with self._lock:
            if place.ground:
                for other in [each for each in self._held if each.ground]:
                    del self._held[other]
            self._held[place] = held
            while len(self._held) > _MOST:
                del self._held[next(each for each in self._held if not each.ground)]
        return held

    def _measuring(self, script: Script, asked: Asked) -> Task[Measured]:
        """Return the task that measures the session asked for."""
        wishes = self.seeded(script, asked.wishes)
        try:
            voice = str(self._studio.cast(wishes.voice or script.voice, script.language)[0])
        except EngineError:
            voice = ""
        place = (script.name, script.digest, asked.query, str(wishes.seed), self._catalogue.sounds, voice)
        return Task(script.name, place, partial(self._measured, place, script, wishes, asked))

    def _measured(self, place: Hashable, script: Script, wishes: Wishes, asked: Asked) -> Measured:
        found: Measured
        try:
            with _blamed(script, asked):
                session = self._session(script, wishes, asked)
                found = Measure(session.length, recording.stream(session, "mp3", asked.bitrate).size)
        except VoiceguideError as error:
            found = error
        self._measures.put(place, found)
        return found

    def _session(self, script: Script, wishes: Wishes, asked: Asked) -> Session:
        with _blamed(script, asked), _asked_for(wishes):
            self.span(script)
            if asked.part:
                return self._studio.part(script, asked.part, wishes, ahead=AHEAD)
            return self._studio.session(script, wishes, ahead=AHEAD)


@contextmanager
def _blamed(script: Script, asked: Asked) -> Iterator[None]:
    """Turn an error into an `OfferError` of *script*, unless the wishes or a missing voice may cause it."""
    try:
        yield
    except OfferError:
        raise
    except VoiceguideError as error:
        if asked.query or (isinstance(error, EngineError) and script.voice is None):
            raise
        raise OfferError(script.name, why(error)) from error
    except Exception as failure:  # no script's failure may affect the others
        log.exception("unforeseen: %s", failure)
        raise OfferError(script.name, (UNFORESEEN,)) from failure


@contextmanager
def _asked_for(wishes: Wishes) -> Iterator[None]:
    """Raise an `EngineError` as a `WishError` if *wishes* name a voice."""
    try:
        yield
    except EngineError as error:
        if wishes.voice is None:
            raise
        raise WishError(str(error)) from error
