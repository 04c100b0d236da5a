"""Warnings while a screen is shown: they appear on it, and on the terminal once it is gone."""

from __future__ import annotations

import logging
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_KEPT: Final = 20


class Caught(logging.Handler):
    """Keeps the newest records; `last` is the text of the newest one."""

    def __init__(self) -> None:
        super().__init__()
        self.last = ""
        self.records: deque[logging.LogRecord] = deque(maxlen=_KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        self.last = " ".join(record.getMessage().split())
        self.records.append(record)


@contextmanager
def caught() -> Iterator[Caught]:
    """Catch what would be logged to the terminal while the block runs; afterwards it is logged there."""
    root, kept = logging.getLogger(), Caught()
    silent = [
        handler
        for handler in root.handlers
        if isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr
    ]
    for handler in silent:
        root.removeHandler(handler)
    root.addHandler(kept)
    try:
        yield kept
    finally:
        root.removeHandler(kept)
        for handler in silent:
            root.addHandler(handler)
            for record in kept.records:
                handler.handle(record)
