"""Slows who guesses: after a few wrong tries, each further one has to wait twice as long as the last."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Final

from msgspec import Struct

FREE: Final = 3
"""Wrong tries that cost nothing: people mistype."""

LONGEST_SECONDS: Final = 900.0
FORGOTTEN_SECONDS: Final = 3600.0
"""Wrong tries count no longer if none came for this long."""

MOST: Final = 1024
"""Names that are remembered; of more, those that may try again the soonest are forgotten."""


class _Tries(Struct, frozen=True):
    wrong: int = 0
    until: float = 0.0


class Slowing:
    """Counts wrong tries under names such as a listener or an address. Thread-safe, and lost at the end.

    *now* returns seconds of a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._tries: dict[str, _Tries] = {}
        self._lock = threading.Lock()

    def begin(self, *names: str) -> int:
        """Count a try under each of *names* as wrong, and return 0; or how many seconds it has to wait.

        It counts before it is known to be wrong, so that many at once are no way around the wait.
        """
        with self._lock:
            now = self._now()
            found = {name: self._of(name, now) for name in names}
            wait = max(each.until for each in found.values()) - now
            if wait > 0:
                return math.ceil(wait)
            for name, each in found.items():
                wrong = each.wrong + 1
                pause = min(LONGEST_SECONDS, 2.0 ** min(wrong - FREE, 30)) if wrong >= FREE else 0.0
                self._put(name, _Tries(wrong, now + pause), now)
            return 0

    def right(self, name: str, *others: str) -> None:
        """Forget the wrong tries under *name*; under the *others*, only that the last one was wrong."""
        with self._lock:
            now = self._now()
            self._tries.pop(name, None)
            for each in others:
                self._put(each, _Tries(max(0, self._of(each, now).wrong - 1), now), now)

    def _of(self, name: str, now: float) -> _Tries:
        found = self._tries.get(name, _Tries())
        return found if now < found.until + FORGOTTEN_SECONDS else _Tries()

    def _put(self, name: str, tries: _Tries, now: float) -> None:
        self._tries[name] = tries
        if len(self._tries) > MOST:
            soon = min(
                (each for each in self._tries if each != name), key=lambda each: self._tries[each].until
            )
            del self._tries[soon]
