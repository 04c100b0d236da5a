"""Chooses the engine that speaks and its stand-ins; these are looked up one at a time, as they are needed."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, overload

from voiceguide.errors import EngineError, UnknownError
from voiceguide.voices import languages, registry
from voiceguide.voices.clips import Casting
from voiceguide.voices.engine import Engine
from voiceguide.voices.guard import Guarded, prove, tried

if TYPE_CHECKING:
    from voiceguide.voices.process.worker import Workers

log = logging.getLogger("voiceguide")

_SETTLED: Final = 60.0
"""Seconds for which the set of usable engines is cached, since finding it can start a process."""


class Cast(Sequence[Casting]):
    """The castings of *found* in order, each looked up when first asked for. Thread-safe.

    Testing whether an engine can speak may start a process, so the stand-ins are not tested until needed.
    """

    def __init__(self, found: Iterator[Casting]) -> None:
        self._found = found
        self._known: list[Casting] = []
        self._lock = threading.Lock()

    @overload
    def __getitem__(self, index: int) -> Casting: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Casting]: ...

    def __getitem__(self, index: int | slice) -> Casting | Sequence[Casting]:
        if isinstance(index, slice) or index < 0:
            return tuple(self)[index]
        with self._lock:
            while len(self._known) <= index:
                casting = next(self._found, None)
                if casting is None:
                    raise IndexError(index)
                self._known.append(casting)
            return self._known[index]

    def __len__(self) -> int:
        return sum(1 for _ in self)


def stranger(first: Casting, language: str) -> str:
    """Return a sentence if *first* is known to speak another language than *language*, else ""."""
    if not languages.foreign(first.language, language):
        return ""
    written, spoken = languages.called(language), languages.called(first.language)
    return f"this is written in {written}, and {first} speaks {spoken}: it may be hard to follow"


class Voices:
    """The engines of a studio, each opened when first needed, and the choice among them. Thread-safe.

    *given* engines speak in this process; None means the registered ones. *jobs* is the number of lines that
    an isolated engine speaks at once. *patience* is the most seconds for a line; None means by its length.
    Registered engines that send text over a network speak only if they are named and among the *allowed* ones
    (None: any), and never as stand-ins.
    """

    def __init__(
        self,
        given: Sequence[Engine] | None,
        jobs: int,
        patience: float | None,
        allowed: registry.Allowed = None,
    ) -> None:
        self._given = given
        self._allowed = allowed
        self._jobs = jobs
        self._patience = patience
        self._open: dict[str, Engine] = {}
        self._workers: list[Workers] = []
        self._casts: dict[tuple[str | None, str], tuple[Cast, float]] = {}
        self._passed_over: set[str] = set()
        self._said: set[str] = set()
        self._lock = threading.Lock()

    def cast(self, voice: str | None, language: str) -> Cast:
        """Return the cast for *language* and the wish *voice*: ``ENGINE``, ``ENGINE/NAME``, ``auto`` or None.

        Unless a voice is named, engines that speak the language come first; if none does, another one reads
        it, and a warning is logged.

        Raises:
            EngineError: if there is no such voice, or it is not ready; with what to do about it.
        """
        place = (voice, language.lower())
        known = self._casts.get(place)
        if known is not None and time.monotonic() < known[1]:
            return known[0]
        if known is not None:  # other threads use the old cast while this one looks
            self._casts[place] = (known[0], time.monotonic() + _SETTLED)
        found = Cast(self._found(voice, language))
        try:
            first = found[0]  # raise now if there is no such voice
        except (EngineError, IndexError) as error:
            self._casts.pop(place, None)
            if isinstance(error, EngineError):
                raise
            raise EngineError("no voice can speak here; run `voiceguide doctor`") from None
        self._casts[place] = (found, time.monotonic() + _SETTLED)
        if sentence := stranger(first, language):
            self._say(sentence)
        return found

    def alone(self, voice: str) -> Casting:
        """Return the casting *voice*, ENGINE/NAME, without stand-ins.

        Raises:
            UnknownError: if there is none, or it is not ready; with what to do about it.
        """
        try:
            for _, opened in self._offered(voice):
                engine = opened()
                for each in engine.voices():
                    if f"{engine.name}/{each.name}" == voice and each.ready:
                        return Casting(engine, each.name, each.language)
                if self._given is None:
                    break  # the rest are stand-ins
        except EngineError as error:
            raise UnknownError(str(error)) from error
        raise UnknownError(f'there is no voice "{voice}" here; see /api/voices')

    def close(self) -> None:
        """End the engines' processes."""
        with self._lock, contextlib.ExitStack() as ending:
            for workers in self._workers:
                ending.callback(workers.close)
            self._workers.clear()
            self._open.clear()

    def _found(self, voice: str | None, language: str) -> Iterator[Casting]:
        """Yield the engines that are thought able to speak; each of the others is logged."""
        wish = registry.wanted(voice) if self._given is None else registry.VoiceWish()
        others: list[Casting] = []
        spoken_for = False
        for name, opened in self._offered(voice):
            asked, wish = wish, registry.VoiceWish()  # the voice asked for is the first engine's
            try:
                engine = opened()
                prove(engine)
                casting = _casting(engine, asked.voice, language)
            except EngineError as error:
                self._pass_over(name, error)
                continue
            chosen = asked.engine is not None or self._given is not None
            if asked.voice or _serves(casting, language, chosen=chosen):
                spoken_for = True
                yield casting
                continue
            others.append(casting)
            if chosen:
                spoken = languages.called(language)
                self._say(f"{name} has no voice that speaks {spoken}; one that does goes before it")
        for casting in others:
            if casting.engine.local or self._given is not None or not spoken_for:
                spoken_for = True
                yield casting

    def _offered(self, voice: str | None) -> Iterator[tuple[str, Callable[[], Engine]]]:
        """Yield the name of each engine to try, and a function that opens it."""
        if self._given is None:
            for name in registry.chain(voice, self._pass_over, self._allowed):
                yield name, partial(self._engine, name)
            return
        for engine in self._given:
            yield type(engine).__name__, partial(_guarded, engine, self._patience)

    def _pass_over(self, name: str, error: EngineError) -> None:
        """Log once that the engine *name* is passed over because of *error*."""
        if name not in self._passed_over:
            self._passed_over.add(name)
            log.warning("%s cannot speak (%s); another voice does", name, error)

    def _say(self, sentence: str) -> None:
        """Log *sentence*, once."""
        if sentence not in self._said:
            self._said.add(sentence)
            log.warning("%s", sentence)

    def _engine(self, name: str) -> Engine:
        with self._lock:
            if name not in self._open:
                engine = registry.load(name, self._patience)
                self._open[name] = self._isolated(engine) if engine.isolated else engine
            return self._open[name]

    def _isolated(self, engine: Engine) -> Engine:
        """Return *engine* in processes of its own."""
        from voiceguide.voices.process.worker import (
            Workers,  # imported late, as not every voice needs processes and play starts fast
        )

        if self._patience is None:
            self._workers.append(Workers(engine, self._jobs))
        else:
            self._workers.append(Workers(engine, self._jobs, self._patience, load_seconds=0.0))
        return self._workers[-1]


def _guarded(engine: Engine, patience: float | None) -> Engine:
    return Guarded(engine, tried("its name cannot be read", lambda: str(engine.name)), patience)


def _serves(casting: Casting, language: str, *, chosen: bool) -> bool:
    """Return whether *casting* speaks *language*; if *chosen*, whether it is not known to be unable."""
    if chosen:
        return not languages.foreign(casting.language, language)
    return languages.speaks(casting.language, language)


def _casting(engine: Engine, name: str | None, language: str) -> Casting:
    """Return *engine* with its voice *name*, or with its ready voice that suits *language* best.

    Raises:
        EngineError: if none is ready.
    """
    voices = engine.voices()
    if name is not None:
        return Casting(engine, name, next((each.language for each in voices if each.name == name), ""))
    voice = languages.best(voices, language)
    if voice is None:
        raise EngineError("none of its voices is installed")
    return Casting(engine, voice.name, voice.language)
