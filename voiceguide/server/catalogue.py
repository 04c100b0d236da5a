"""The scripts of a library, read once and again when a file has changed."""

from __future__ import annotations

import difflib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.errors import BusyError, OfferError, ScriptError, UnknownError, VoiceguideError
from voiceguide.script.library import Library, Unusable
from voiceguide.script.model import Script
from voiceguide.session.ground import GROUND, ground, unplayable
from voiceguide.sounds import ambience

log = logging.getLogger("voiceguide")

_LOOK: Final = 2.0  # seconds between looks at the files
_PATIENCE: Final = 10.0  # longest wait for a look, in seconds
_RETRY: Final = 10


class _Index(Struct, frozen=True):
    """What one look at the files has found. `sounds` changes when any of the user's own ambiences does."""

    scripts: Mapping[str, Script] = {}
    unusable: Mapping[str, OfferError] = {}
    stamp: int = 0
    sounds: int = 0


class Catalogue:
    """Scripts of *library* by name. Thread-safe; during a slow look, callers get the scripts last found."""

    def __init__(self, library: Library, now: Callable[[], float] = time.monotonic) -> None:
        self._library = library
        self._now = now
        self._lock = threading.Lock()
        self._index: _Index | None = None
        self._looked = -_LOOK
        self._looking: threading.Event | None = None

    @property
    def sounds(self) -> int:
        """A number that changes when any of the user's own ambiences does, as of the last look."""
        return self._index.sounds if self._index is not None else 0

    def scripts(self) -> tuple[Script, ...]:
        """Return every script that can be read, by name.

        Raises:
            BusyError: if the scripts are still being read for the first time.
        """
        return tuple(self._fresh(_PATIENCE).scripts.values())

    def unusable(self) -> tuple[OfferError, ...]:
        """Return an error for each script that cannot be read, by name.

        Raises:
            BusyError: as `scripts`.
        """
        return tuple(self._fresh(_PATIENCE).unusable.values())

    def script(self, name: str) -> Script:
        """Return the script called *name*, which is only looked up by name and never used as a path.

        Raises:
            UnknownError: if there is none.
            OfferError: if it cannot be read.
            BusyError: as `scripts`.
        """
        if name == GROUND and self._index is None:
            return ground(self._library)  # without waiting for other scripts to be read
        index = self._fresh(0.0 if name == GROUND else _PATIENCE)
        if name in index.unusable and name not in index.scripts:
            raise index.unusable[name].with_traceback(None)
        if name not in index.scripts:
            near = difflib.get_close_matches(name[:80], index.scripts, 1, 0.6)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise UnknownError(f'there is no exercise called "{name[:80]}"{hint}')
        return index.scripts[name]

    def _fresh(self, patience: float) -> _Index:
        """Return a fresh index, or the last one if looking takes longer than *patience* seconds."""
        with self._lock:
            if self._looking is None and self._now() - self._looked >= _LOOK:
                self._looking = threading.Event()
                threading.Thread(target=self._look, args=(self._looking,), name="look", daemon=True).start()
            looking = self._looking
        if looking is not None:
            looking.wait(patience)
        if self._index is None:
            raise BusyError(f"the exercises are still being read; try again in {_RETRY} seconds", _RETRY)
        return self._index

    def _look(self, over: threading.Event) -> None:
        try:
            index = self._read(self._index or _Index())
            with self._lock:
                self._index = index
        except Exception as failure:  # the last index stays in use
            log.exception("unforeseen: %s", failure)
        finally:
            with self._lock:
                self._looked, self._looking = self._now(), None
            over.set()

    def _read(self, before: _Index) -> _Index:
        """Return the index of the files as they are now: *before*, if no script has changed."""
        stamp, sounds = self._library.stamp(), ambience.stamp()
        if stamp == before.stamp:
            return replace(before, sounds=sounds)
        scripts: dict[str, Script] = {}
        unusable: dict[str, OfferError] = {}
        for found in self._library.found():
            if isinstance(found, Unusable):
                unusable[found.name] = OfferError(found.name, why(ScriptError(found.problems)))
            else:
                scripts[found.name] = found
        if GROUND in scripts and (problems := unplayable(scripts[GROUND])):
            unusable[GROUND] = OfferError(GROUND, why(ScriptError(problems)))
        if GROUND in unusable:
            with suppress(VoiceguideError):
                scripts[GROUND] = ground(self._library)
        return _Index(scripts, unusable, stamp, sounds)


def why(error: VoiceguideError) -> tuple[str, ...]:
    """Return *error* as sentences that name files without their folders."""
    if not isinstance(error, ScriptError):
        return (str(error),)
    return tuple(str(replace(each, path=Path(each.path).name)) for each in error.problems)
