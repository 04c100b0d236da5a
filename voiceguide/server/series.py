"""The programs on offer, each without what cannot be played of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from voiceguide.errors import OfferError, ScriptError, UnknownError, VoiceguideError
from voiceguide.library.programs import Program, Programs
from voiceguide.server.catalogue import why
from voiceguide.server.shelf import Shelf
from voiceguide.server.told import Told


class Series:
    """*programs* of the scripts on *shelf*, read again when a file or the shelf has changed. Thread-safe."""

    def __init__(self, programs: Programs, shelf: Shelf, told: Told) -> None:
        self._programs = programs
        self._shelf = shelf
        self._told = told
        self._read: dict[str, tuple[Any, Program | OfferError]] = {}

    def get(self, name: str) -> Program:
        """Return the program called *name*, without the sittings that cannot be played.

        Raises:
            UnknownError: if there is none.
            OfferError: if its file is wrong, or nothing of it can be played.
        """
        if name not in self._programs.names():
            raise UnknownError(f'there is no program called "{name[:80]}"')
        found = self._found(name, self._shelf.state())
        if isinstance(found, OfferError):
            raise found.with_traceback(None)
        return found

    def all(self) -> Iterator[Program]:
        """Yield the programs of which something can be played, by name."""
        names, shelf = self._programs.names(), self._shelf.state()
        for gone in self._read.keys() - set(names):
            self._read.pop(gone, None)
        for name in names:
            found = self._found(name, shelf)
            if isinstance(found, Program):
                yield found

    def _found(self, name: str, shelf: int) -> Program | OfferError:
        state = (self._programs.stamp(name), shelf)
        known = self._read.get(name)
        if known is None or known[0] != state:
            known = self._read[name] = (state, self._load(name))
        return known[1]

    def _load(self, name: str) -> Program | OfferError:
        try:
            program, missing = self._programs.playable(name, self._shelf.script)
        except VoiceguideError as error:
            first = error.problems[0] if isinstance(error, ScriptError) else error
            self._told.warn(f"left out, {first}")
            return OfferError(name, why(error))
        for problem in missing:
            self._told.warn(f"left out, {problem}")
        return program
