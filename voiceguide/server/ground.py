"""Prepares the grounding session before it is asked for, first in a voice that is ready soonest."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final

from voiceguide.errors import BusyError, VoiceguideError
from voiceguide.server.file_cache import FileCache
from voiceguide.server.jobs import Jobs
from voiceguide.server.query import Asked, read_query
from voiceguide.server.rendition import Rendition

log = logging.getLogger("voiceguide")

QUICK: Final = ("pico", "system")
"""Engines that load no model and speak a line in milliseconds, the best first."""


class Ground:
    """Renders the grounding session in the best voice, and first in a quick one if the best is not ready.

    The best voice may need to load a model and speak for a minute before its file is finished. Until then
    pages link to the quick voice's session, which has another address. *rendition* returns the rendition
    for a query. Thread-safe.
    """

    def __init__(self, rendition: Callable[[Asked], Rendition], jobs: Jobs, cache: FileCache) -> None:
        self._rendition = rendition
        self._jobs = jobs
        self._cache = cache
        self._under_way = threading.Lock()

    def prepare(self) -> str:
        """Begin to render the session; return the query of the address at which it plays soonest.

        Does not wait for the rendering.

        Raises:
            VoiceguideError: if it cannot be begun.
        """
        best = self._rendition(Asked())
        self._cache.pin(best.name, best.size or 0)
        if self._jobs.state(best)[0] == "ready":
            return ""
        quick = self._quick(best)
        if quick is None:
            self._jobs.keep(best)
            return ""
        query, rendition = quick
        if self._under_way.acquire(blocking=False):
            begun = threading.Thread(target=self._both, args=(rendition, best), name="ground", daemon=True)
            begun.start()
        return query

    def _both(self, quick: Rendition, best: Rendition) -> None:
        """Render *quick* and only then *best*, as both at once would delay *quick*."""
        try:
            self._jobs.keep(quick)
            self._jobs.wait(quick)
            self._jobs.keep(best)
            self._jobs.wait(best)
        except BusyError as error:  # others are served, or the server is closing
            log.debug("%s", error)
        except VoiceguideError as error:
            log.warning("%s", error)
        finally:
            self._under_way.release()

    def _quick(self, best: Rendition) -> tuple[str, Rendition] | None:
        """Return the query and the rendition of a quick voice; None if *best* is quick, or there is none."""
        if _engine(best) in QUICK:
            return None
        for engine in QUICK:
            asked = read_query([("voice", engine)])
            try:
                rendition = self._rendition(asked)
            except VoiceguideError:
                continue
            if _engine(rendition) == engine:
                return asked.query, rendition
        return None


def _engine(rendition: Rendition) -> str:
    return rendition.held.session.clips.cast[0].engine.name
