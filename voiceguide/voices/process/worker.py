"""Runs an engine's `speak` in processes, so that native code may crash, hang or keep state there.

`Workers` is an `Engine` around an `Engine`: cheap calls run here, `speak` runs in one of its processes. A
process that dies, hangs or sends an invalid answer is ended, with everything it started, and replaced. A line
over which a process died is tried once more; any other failure is an `EngineError` at once, since a line that
hangs would hang again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from voiceguide.audio import Frames, Mono
from voiceguide.errors import EngineClosed, EngineError, EngineMissing
from voiceguide.script.model import Pace
from voiceguide.voices.engine import Engine, Status, Voice
from voiceguide.voices.guard import Guarded
from voiceguide.voices.process.asked import ProcessFailed, SpeakingProcess
from voiceguide.voices.process.bounds import LOAD_SECONDS, fault, longest, patience
from voiceguide.voices.process.wire import Header

_GIVING_BACK_SECONDS: Final = 5.0
"""How long `close` waits for running `speak` calls to notice; one interrupted by Ctrl-C may never."""

_log = logging.getLogger(__name__)


class Workers:
    """*engine*, speaking in up to *count* processes, which start when first needed.

    `speak` may be called from many threads; if all processes are busy it waits for one. *timeout* is in
    seconds, or a function from a line's estimate to seconds; a process's first line has *load_seconds* more.
    It is closed by `close`, or as a context manager.
    """

    isolated = False

    def __init__(
        self,
        engine: Engine,
        count: int,
        timeout: float | Callable[[Frames], float] = patience,
        *,
        load_seconds: float = LOAD_SECONDS,
    ) -> None:
        self.name = engine.name
        self.local = engine.local
        self._engine = engine
        self._timeout = timeout
        self._load_seconds = load_seconds
        self._places = tuple(_Place(engine) for _ in range(count))
        self._free = list(self._places)
        self._changed = threading.Condition()
        self._closed = False

    @property
    def version(self) -> str:
        """Return the inner engine's version."""
        return self._engine.version

    def status(self) -> Status:
        """Return whether the inner engine can speak here."""
        return self._engine.status()

    def voices(self) -> tuple[Voice, ...]:
        """Return the inner engine's voices."""
        return self._engine.voices()

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        """Return about how many frames *text* takes."""
        return self._engine.estimate(text, voice, pace)

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        """Return *text* spoken in one of the processes: finite samples, at least one.

        Raises:
            EngineError: if *voice* is unknown, if two processes in a row died, if one hung or returned no
            sound,
                or if the engine is closed.
            EngineMissing: if something the engine needs is not installed.
        """
        request = self._request(text, voice, pace)
        expected = self._engine.estimate(text, voice, pace)
        with self._a_place() as place:
            try:
                try:
                    return self._ask(place, request, expected)
                except ProcessFailed as error:
                    if not error.died:
                        raise
                    _log.debug("%s failed once: %s", self.name, error)
                return self._ask(place, request, expected)
            except ProcessFailed as error:
                raise EngineError(
                    f'engine "{self.name}" failed at "{_short(text)}": {error}; choose another with --voice'
                ) from error

    def close(self) -> None:
        """End the processes, even in the middle of a line, and wait for their end."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for place in self._places:
            place.interrupt()
        with self._changed:
            self._changed.wait_for(lambda: len(self._free) == len(self._places), timeout=_GIVING_BACK_SECONDS)
            for place in self._places:
                place.empty()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _request(self, text: str, voice: str, pace: Pace) -> Header:
        return {"text": text, "voice": voice, "pace": pace, "version": self.version}

    def _ask(self, place: _Place, request: Header, expected: Frames) -> Mono:
        if self._closed:
            raise EngineClosed(f'engine "{self.name}" is closed')
        process, fresh = place.filled()
        allowed = self._timeout(expected) if callable(self._timeout) else self._timeout
        try:
            if self._closed:  # another thread closed it while the process started
                raise ProcessFailed("it was closed", died=True)
            most = longest(expected)
            header, sound = process.ask(request, allowed + self._load_seconds * fresh, most)
            _check(header, sound, most)
        except BaseException:  # Ctrl-C too: a late answer must not be taken for that of the next line
            place.empty()
            raise
        if "error" in header:
            raise _error(header)
        return sound

    @contextmanager
    def _a_place(self) -> Iterator[_Place]:
        """Yield a place for this thread alone, preferably one with a running process."""
        place = None
        try:
            with self._changed:
                self._changed.wait_for(lambda: self._free or self._closed)
                if self._closed:
                    raise EngineClosed(f'engine "{self.name}" is closed')
                place = max(self._free, key=lambda one: one.running)
                self._free.remove(place)
            yield place
        finally:  # even after an early Ctrl-C: a lost place would be waited for forever
            if place is not None:
                self._give_back(place)

    def _give_back(self, place: _Place) -> None:
        with self._changed:
            if place not in self._free:
                self._free.append(place)
            self._changed.notify_all()


class _Place:
    """Room for one process, which is started when first needed. Used by one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        kind = type(engine.within if isinstance(engine, Guarded) else engine)
        self._engine_path = f"{kind.__module__}:{kind.__qualname__}"
        self._process: SpeakingProcess | None = None

    @property
    def running(self) -> bool:
        return self._process is not None

    def filled(self) -> tuple[SpeakingProcess, bool]:
        """Return the process and whether it has just been started."""
        if self._process is not None:
            return self._process, False
        self._process = SpeakingProcess(self._engine_path)
        return self._process, True

    def empty(self) -> None:
        """End the process, if there is one, and wait for its end."""
        process, self._process = self._process, None
        if process is not None:
            process.end()

    def interrupt(self) -> None:
        """End the process in any state; from any thread."""
        process = self._process
        if process is not None:
            process.kill()


def _check(header: Header, sound: Mono, most: Frames) -> None:
    """Raise ProcessFailed unless *sound* is one channel of finite samples, or the header has an error."""
    if "error" in header:
        return
    wrong = fault(header.get("shape", ()), str(header.get("type")), sound, most)
    if wrong:
        raise ProcessFailed(wrong)


def _error(header: Header) -> EngineError:
    said = " ".join(str(header["error"]).split())
    return EngineMissing(said, str(header["mend"])) if "mend" in header else EngineError(said)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39].rstrip()}…"
