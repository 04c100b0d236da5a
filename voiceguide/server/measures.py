"""Remembers how long sessions are, or why they fail, so that lists do not plan every session anew."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames
from voiceguide.errors import OfferError, ScriptError, VoiceguideError, WishError

_MOST: Final = 2_000
_LASTING: Final = 60.0
"""Seconds for which a failure that may be temporary, such as a voice's, is remembered."""


class Measure(Struct, frozen=True):
    """The length of a session, and the size of its MP3 in bytes."""

    length: Frames
    size: int


Measured = Measure | VoiceguideError


class Measures:
    """The `_MOST` measures used last, by everything that each depends on. Thread-safe."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._found: OrderedDict[Hashable, tuple[Measured, float]] = OrderedDict()
        self._now = now
        self._lock = threading.Lock()

    def get(self, place: Hashable) -> Measured | None:
        with self._lock:
            found, until = self._found.get(place, (None, 0.0))
            if found is None or self._now() >= until:
                return None
            self._found.move_to_end(place)
            return found

    def put(self, place: Hashable, found: Measured) -> None:
        lasts = isinstance(found, Measure | ScriptError | WishError) or (
            isinstance(found, OfferError) and isinstance(found.__cause__, ScriptError | WishError)
        )
        with self._lock:
            self._found[place] = (found, float("inf") if lasts else self._now() + _LASTING)
            while len(self._found) > _MOST:
                self._found.popitem(last=False)
