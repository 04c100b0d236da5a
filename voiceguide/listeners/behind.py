"""Writing that nobody waits for: who makes sound must not stand behind a disk, or another process."""

from __future__ import annotations

import logging
import threading
from typing import Final

from voiceguide.errors import VoiceguideError
from voiceguide.listeners.store import ListenerStore, Write

log = logging.getLogger("voiceguide")

MOST_WAITING: Final = 1_000
"""If so many writes wait, the first of them is given up for each that comes."""


class WritesBehind:
    """Writes to *store* on a thread of its own; of what waits under one key only the last is written.

    What cannot be written is given up, and the same reason is told once.
    """

    def __init__(self, store: ListenerStore) -> None:
        self._store = store
        self._waiting: dict[tuple[str, str], Write] = {}
        self._writing = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._told: set[str] = set()

    def write(self, write: Write) -> None:
        """Have *write* done soon. Never waits; after `close` it does nothing."""
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
        """Wait until all is written, at most so many *seconds*; return whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._writing, seconds)

    def close(self, seconds: float = 5.0) -> bool:
        """Take no more, and `flush`."""
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
