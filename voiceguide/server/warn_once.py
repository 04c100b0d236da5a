"""Logs each warning once, however often it occurs."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from typing import Final

log = logging.getLogger("voiceguide")

_MOST: Final = 1_000


class WarnOnce:
    """Logs each sentence once; it remembers the last `_MOST`. Thread-safe."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def warn(self, sentence: str) -> None:
        with self._lock:
            new = sentence not in self._told
            self._told[sentence] = None
            self._told.move_to_end(sentence)
            if len(self._told) > _MOST:
                self._told.popitem(last=False)
        if new:
            log.warning("%s", sentence)
