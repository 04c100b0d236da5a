"""The scripts and programs that can be played without wishes, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from voiceguide.errors import BusyError, OfferError, ScriptError, UnknownError, VoiceguideError
from voiceguide.library.programs import Program, Programs
from voiceguide.script.model import Lengths, Script
from voiceguide.server.catalogue import Catalogue, why
from voiceguide.server.measures import Measured
from voiceguide.server.query import Asked
from voiceguide.server.sessions import Sessions
from voiceguide.server.warn_once import WarnOnce
from voiceguide.session import Studio


class PlayableScripts:
    """The scripts of *catalogue* that *sessions* can plan without wishes. Thread-safe.

    Each is planned once; the result is remembered until the script, the voice or the day changes. A script
    that declares its length is also offered while its plan takes longer than a quarter of the sessions'
    patience. Each script left out is logged once.
    """

    def __init__(self, catalogue: Catalogue, sessions: Sessions, warnings: WarnOnce | None = None) -> None:
        self._catalogue = catalogue
        self._sessions = sessions
        self._warnings = warnings

    def scripts(self) -> tuple[Script, ...]:
        """Return every script that can be offered, by name."""
        return self._sorted()[0]

    def refused(self) -> tuple[OfferError, ...]:
        """Return an error for each script that cannot be offered, by name."""
        return self._sorted()[1]

    def state(self) -> int:
        """Return a number that changes when the offered scripts do."""
        return hash(tuple((script.name, script.digest) for script in self.scripts()))

    def script(self, name: str) -> Script:
        """Return the script called *name*.

        Raises:
            UnknownError: if there is none.
            OfferError: if it cannot be offered.
        """
        script = self._catalogue.script(name)
        (found,) = self._measured((script,))
        if isinstance(found, OfferError):
            raise found.with_traceback(None)
        return script

    def _sorted(self) -> tuple[tuple[Script, ...], tuple[OfferError, ...]]:
        scripts = self._catalogue.scripts()
        measured = self._measured(scripts)
        refused = [each for each in (*self._catalogue.unusable(), *measured) if isinstance(each, OfferError)]
        for each in refused:
            if self._warnings is not None:
                self._warnings.warn(f"left out, {each}")
        fine = (script for script, found in zip(scripts, measured, strict=True) if _offered(script, found))
        return tuple(fine), tuple(sorted(refused, key=lambda each: each.name))

    def _measured(self, scripts: Sequence[Script]) -> list[Measured | None]:
        wanted = [(script, Asked()) for script in scripts]
        try:
            return self._sessions.measures(wanted, self._sessions.patience / 4, kept=True)
        except BusyError:
            return self._sessions.measures(wanted, 0.0, kept=True)


def _offered(script: Script, found: Measured | None) -> bool:
    """Return whether *script* is offered: before it is planned, only if it declares its length."""
    return isinstance(script.length, Lengths) if found is None else not isinstance(found, OfferError)


class PlayablePrograms:
    """The playable *programs*, read again when a file or the offered *scripts* change. Thread-safe."""

    def __init__(self, programs: Programs, scripts: PlayableScripts, warnings: WarnOnce) -> None:
        self._programs = programs
        self._scripts = scripts
        self._warnings = warnings
        self._read: dict[str, tuple[Any, Program | OfferError]] = {}

    def get(self, name: str) -> Program:
        """Return the program called *name*, without the sittings that cannot be played.

        Raises:
            UnknownError: if there is none.
            OfferError: if its file is invalid, or none of its sittings can be played.
        """
        if name not in self._programs.names():
            raise UnknownError(f'there is no program called "{name[:80]}"')
        found = self._found(name, self._scripts.state())
        if isinstance(found, OfferError):
            raise found.with_traceback(None)
        return found

    def all(self) -> Iterator[Program]:
        """Yield the programs with at least one sitting that can be played, by name."""
        names, scripts = self._programs.names(), self._scripts.state()
        for gone in self._read.keys() - set(names):
            self._read.pop(gone, None)
        for name in names:
            found = self._found(name, scripts)
            if isinstance(found, Program):
                yield found

    def _found(self, name: str, scripts: int) -> Program | OfferError:
        state = (self._programs.stamp(name), scripts)
        known = self._read.get(name)
        if known is None or known[0] != state:
            known = self._read[name] = (state, self._load(name))
        return known[1]

    def _load(self, name: str) -> Program | OfferError:
        try:
            program, missing = self._programs.playable(name, self._scripts.script)
        except VoiceguideError as error:
            first = error.problems[0] if isinstance(error, ScriptError) else error
            self._warnings.warn(f"left out, {first}")
            return OfferError(name, why(error))
        for problem in missing:
            self._warnings.warn(f"left out, {problem}")
        return program


def playable(studio: Studio) -> PlayableScripts:
    """Return the scripts of *studio*'s library that can be played, for a single use: nothing is logged."""
    catalogue = Catalogue(studio.library)
    return PlayableScripts(catalogue, Sessions(studio, catalogue))
