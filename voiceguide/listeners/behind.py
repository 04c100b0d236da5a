"""Writing on another thread, so that playing never waits for the disk or for another process."""

from __future__ import annotations

import logging
import threading
from typing import Final, Protocol

from voiceguide.errors import VoiceguideError
from voiceguide.listeners.store import Write

log = logging.getLogger("voiceguide")

MOST_WAITING: Final = 1_000
"""Pending writes beyond this number push out the oldest."""


class Writable(Protocol):
    """What can be written to, as `ListenerStore.write`."""

    def write(self, *writes: Write) -> tuple[bool, ...]:
        """Apply *writes*, all or none; return for each whether it holds."""


class WritesBehind:
    """Writes to *store* on a thread of its own; of several pending writes to one key only the last is done.

    A write that fails is dropped; each distinct reason is logged once.
    """

    def __init__(self, store: Writable) -> None:
        self._store = store
        self._waiting: dict[tuple[str, str], Write] = {}
        self._writing = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._told: set[str] = set()

    def write(self, write: Write) -> None:
        """Queue *write* and return at once; after `close`, ignore it."""
        with self._changed:
            if self._closed:
                return
            place = (write.kind.__name__, write.key)
            self._waiting.pop(place, None)
            if len(self._waiting) >= MOST_WAITING:
                del self._waiting[next(iter(self._waiting))]
            self._waiting[place] = write
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="remember", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, seconds: float) -> bool:
        """Wait at most *seconds* until nothing is pending; return whether nothing is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._writing, seconds)

    def close(self, seconds: float = 5.0) -> bool:
        """Ignore further writes, and `flush`."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        return self.flush(seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                self._writing = True
                write = self._waiting.pop(next(iter(self._waiting)))
            self._do(write)

    def _do(self, write: Write) -> None:
        try:
            self._store.write(write)
        except VoiceguideError as error:
            if str(error) not in self._told:
                self._told.add(str(error))
                log.warning("%s", error)
