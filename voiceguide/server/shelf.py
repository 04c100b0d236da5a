"""What stands on the shelf: the scripts that can be offered, and why the others cannot."""

from __future__ import annotations

from collections.abc import Sequence

from voiceguide.errors import BusyError, OfferError
from voiceguide.script.model import Lengths, Script
from voiceguide.server.catalogue import Catalogue
from voiceguide.server.measures import Measured
from voiceguide.server.query import Asked
from voiceguide.server.sessions import Sessions
from voiceguide.server.told import Told
from voiceguide.session import Studio


class Shelf:
    """The scripts of *catalogue* that can be played as they stand, as *sessions* plans them. Thread-safe.

    Each is planned once: what comes of it is remembered until the script, the voice or the day is another.
    One that takes longer than a quarter of the patience there is for it is offered until it is planned; one
    that is left out is *told* in the log, once.
    """

    def __init__(self, catalogue: Catalogue, sessions: Sessions, told: Told | None = None) -> None:
        self._catalogue = catalogue
        self._sessions = sessions
        self._told = told

    def scripts(self) -> tuple[Script, ...]:
        """Return every script that can be offered, by name."""
        return self._sorted()[0]

    def refused(self) -> tuple[OfferError, ...]:
        """Return why the others cannot, by name."""
        return self._sorted()[1]

    def state(self) -> int:
        """Return a number that changes when what is offered does."""
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
            if self._told is not None:
                self._told.warn(f"left out, {each}")
        fine = (script for script, found in zip(scripts, measured, strict=True) if _offered(script, found))
        return tuple(fine), tuple(sorted(refused, key=lambda each: each.name))

    def _measured(self, scripts: Sequence[Script]) -> list[Measured | None]:
        wanted = [(script, Asked()) for script in scripts]
        try:
            return self._sessions.measures(wanted, self._sessions.patience / 4, kept=True)
        except BusyError:
            return self._sessions.measures(wanted, 0.0, kept=True)


def _offered(script: Script, found: Measured | None) -> bool:
    """Return whether *script* is shown: before it is planned only if it says how long it is."""
    return isinstance(script.length, Lengths) if found is None else not isinstance(found, OfferError)


def shelf(studio: Studio) -> Shelf:
    """Return what *studio* can play of its library, for one look: nothing is said in the log."""
    catalogue = Catalogue(studio.library)
    return Shelf(catalogue, Sessions(studio, catalogue))
