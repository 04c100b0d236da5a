"""Wraps an untrusted engine so that it keeps what `Engine` promises.

`Guarded` is an `Engine` around an `Engine`: whatever the inner engine raises or returns, and if it hangs, the
result is valid or an `EngineError` with the reason. No other code needs to check an engine's results.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from itertools import islice
from numbers import Real
from queue import Empty, SimpleQueue
from typing import Final, TypeVar, cast

import numpy as np

from voiceguide.audio import Frames, Mono, frames
from voiceguide.errors import EngineClosed, EngineError, EngineMissing
from voiceguide.script.model import PACES, Pace
from voiceguide.voices.engine import Engine, Status, Voice
from voiceguide.voices.process.bounds import LOAD_SECONDS, fault, longest, patience
from voiceguide.voices.process.interrupts import Interrupts

T = TypeVar("T")

_MOST_VOICES: Final = 10_000
_LONGEST_VERSION: Final = 10_000  # characters
_A_LETTER: Final = frames(2.0)
"""Per letter, and with a minute more, the longest credible length; a longer estimate is refused."""

_ASKED: Final = ("status", "voices", "estimate", "speak")


class Guarded:
    """*engine* under the name *name*, whatever it calls itself.

    It speaks on a thread of its own, which is abandoned if a line takes more than *patience* seconds; None
    means by the line's length.

    Raises:
        EngineError: if it is not an engine.
    """

    def __init__(self, engine: Engine, name: str, patience: float | None = None) -> None:
        self.name = name
        self.within = engine
        self._patience = patience
        self._known_version = ""
        if isinstance(engine, type):
            raise EngineError("it is no engine: it is a class")
        for method in _ASKED:
            if not callable(tried("it cannot be used", lambda: getattr(engine, method))):  # noqa: B023
                raise EngineError(f"it is no engine: its {method} is no method")
        self.isolated = _said(engine, "isolated")
        self.local = _said(engine, "local", False)  # not saying so may mean a network

    @property
    def version(self) -> str:
        """Return the inner engine's version, asked for once.

        Raises:
            EngineError: if it has none.
        """
        if not self._known_version:
            version = tried("its version cannot be read", lambda: self.within.version)
            if not isinstance(version, str) or not 0 < len(version) < _LONGEST_VERSION:
                raise EngineError(f"its version cannot be read: it is {_shown(version)}")
            self._known_version = version
        return self._known_version

    def status(self) -> Status:
        """Return whether the inner engine can speak here.

        Raises:
            EngineError: if its status is invalid.
        """
        status = tried("its state cannot be read", self.within.status)
        if not isinstance(status, Status) or not _are(status, ready=bool, why=str, mend=str):
            raise EngineError(f"its state cannot be read: it is {_shown(status)}")
        return status

    def voices(self) -> tuple[Voice, ...]:
        """Return the inner engine's voices, at least one.

        Raises:
            EngineError: if it has none, or they are invalid.
        """
        voices = tried("its voices cannot be read", lambda: tuple(islice(self.within.voices(), _MOST_VOICES)))
        if not voices:
            raise EngineError("it has no voices")
        for voice in voices:
            if not isinstance(voice, Voice) or not _are(
                voice, name=str, language=str, about=str, ready=bool, mend=str, title=str
            ):
                raise EngineError(f"its voices cannot be read: one is {_shown(voice)}")
        return voices

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        """Return about how many frames *text* takes.

        Raises:
            EngineError: if the inner engine's estimate is invalid.
        """
        found: object = tried("its estimate cannot be had", lambda: self.within.estimate(text, voice, pace))
        if isinstance(found, bool) or not isinstance(found, Real) or not math.isfinite(found):
            raise EngineError(f"its estimate cannot be had: it is {_shown(found)}")
        if not 0 <= float(found) <= frames(60.0) + _A_LETTER * len(text):
            raise EngineError(f'its estimate cannot be had: it is {_shown(found)} frames for "{text[:40]}"')
        return Frames(round(float(found)))

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        """Return *text* spoken by *voice*: finite samples, at least one.

        Raises:
            EngineError: if the inner engine fails, or not in time, or its sound is invalid.
            EngineMissing: if something it needs is not installed.
        """
        expected = self.estimate(text, voice, pace)
        allowed = LOAD_SECONDS + patience(expected) if self._patience is None else self._patience
        sound = _in_time(allowed, lambda: self.within.speak(text, voice, pace))
        if not isinstance(sound, np.ndarray):
            raise EngineError(f"it gave {_shown(sound)} for sound")
        with np.errstate(all="ignore"):
            wrong = fault(sound.shape, sound.dtype.name, sound, longest(expected))
            mono = np.zeros(0, np.float32) if wrong else np.asarray(sound, dtype=np.float32)
        wrong = wrong or fault(mono.shape, mono.dtype.name, mono, longest(expected))
        if wrong:
            raise EngineError(wrong)
        return mono


def _said(engine: Engine, name: str, *usual: bool) -> bool:
    """Return the attribute *name* of *engine*, or the *usual* value, if given, where it is missing.

    Raises:
        EngineError: if it is neither True nor False.
    """
    found: object = tried("it cannot be used", lambda: getattr(engine, name, *usual))
    if not isinstance(found, bool):
        raise EngineError(f"it is no engine: {name} is neither True nor False")
    return found


def prove(engine: Engine) -> None:
    """Check everything that *engine*, guarded, returns before it speaks.

    Raises:
        EngineError: with what is invalid.
    """
    _ = engine.version
    engine.estimate("Hello.", engine.voices()[0].name, PACES["slow"])


def tried(what: str, call: Callable[[], T]) -> T:
    """Return what *call* returns; any error becomes an `EngineError` whose message begins with *what*.

    Raises:
        EngineError: for any exception but the user's Ctrl-C.
    """
    with Interrupts() as interrupts:
        try:
            return call()
        except BaseException as error:
            if interrupts.users(error):
                raise
            raise _explained(what, error) from error


def _in_time(seconds: float, call: Callable[[], T]) -> T:
    """Return what *call* returns, on a thread of its own.

    Raises:
        EngineError: if it raises anything, or has not returned after *seconds*.
    """
    answers: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((call(), None))
        except BaseException as error:
            answers.put((None, error))

    try:
        threading.Thread(target=run, name="engine", daemon=True).start()
        found, error = answers.get(timeout=seconds)
    except RuntimeError as error:
        raise EngineError("there is no room for another thread here") from error
    except Empty:
        raise EngineError(f"it gave no answer in {seconds:.0f} s") from None
    if error is not None:
        raise _explained("it failed", error) from error
    return cast(T, found)


def _explained(what: str, error: BaseException) -> EngineError:
    """Return *error* of an engine as an `EngineError`, in one line."""
    said = " ".join(_text(error).split())[:200]
    if isinstance(error, EngineMissing):
        return EngineMissing(said, _text(error.mend))
    if isinstance(error, EngineClosed):
        return error
    if isinstance(error, EngineError) and said:
        return EngineError(said)
    return EngineError(f"{what}: {type(error).__name__}" + (f": {said}" if said else ""))


def _are(value: object, **kinds: type) -> bool:
    return all(isinstance(getattr(value, name), kind) for name, kind in kinds.items())


def _shown(value: object) -> str:
    """Return *value* as shown in a message: itself if it is short and plain, else its type."""
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)[:40]
    return f"a {type(value).__name__}"


def _text(value: object) -> str:
    """Return *value* as text; its `__str__` is untrusted, too."""
    try:
        return str(value)
    except Exception:
        return ""
