"""How long sessions are, or why they cannot be had: remembered, so that nothing is planned for each look."""

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
"""Seconds for which a failure holds that may mend itself, such as a voice's."""


class Measure(Struct, frozen=True):
    """How long a session is, and how many bytes its MP3 has."""

    length: Frames
    size: int


Measured = Measure | VoiceguideError


class Measures:
    """What was measured, by all that it depends on; the last `_MOST` of them. Thread-safe."""

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
