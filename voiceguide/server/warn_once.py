"""Warnings that are in the log once, however often there is a reason for them."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from typing import Final

log = logging.getLogger("voiceguide")

_MOST: Final = 1_000


class WarnOnce:
    """Warns of each thing once; of the last `_MOST` it knows that it has. Thread-safe."""

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
