"""What playing reads and writes of one listener; its writes never wait."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

from voiceguide.errors import VoiceguideError
from voiceguide.listeners.behind import WritesBehind
from voiceguide.listeners.records import Bookmark, Listening, PlayQueue
from voiceguide.listeners.store import ListenerStore, Put, Remove, Write, WriteStamp, now_ms

T = TypeVar("T")

log = logging.getLogger("voiceguide")

CLOSE_SECONDS: Final = 5.0
"""The longest wait at the end for what is still to be written, and before reading."""


class Journal(Protocol):
    """Bookmarks, history and the queue, for players. Safe to use from several threads; nothing raises."""

    def left(self, script: str, digest: str) -> Bookmark | None:
        """Return where the exercise *script* was left, as `ListenerStore.left`; None if it cannot be read."""

    def leave(self, bookmark: Bookmark) -> None:
        """Keep *bookmark*; returns at once."""

    def finish(self, script: str) -> None:
        """Remove the bookmark of *script*; returns at once."""

    def hear(self, heard: Listening) -> None:
        """Keep *heard* in the history, replacing the entry with its id; returns at once."""

    def queue(self) -> PlayQueue | None:
        """Return the queue that this device lined up; None if another did since, or it cannot be read."""

    def line_up(self, queue: PlayQueue) -> None:
        """Keep *queue*; returns at once."""

    def close(self) -> None:
        """Wait for what is still to be written, and close the files."""


class ListenerJournal:
    """The journal in the store that *opened* returns. It is called on first use, on the thread that needs it.

    *device* is the name that writes are stamped with, *clock* returns ms since 1970.
    """

    def __init__(
        self, opened: Callable[[], ListenerStore], device: str, clock: Callable[[], int] = now_ms
    ) -> None:
        self._store = _LateStore(opened)
        self._device = device
        self._clock = clock
        self._behind = WritesBehind(self._store)

    def left(self, script: str, digest: str) -> Bookmark | None:
        return self._read(lambda store: store.left(script, digest))

    def queue(self) -> PlayQueue | None:
        kept = self._read(lambda store: store.get(PlayQueue, ""))
        return kept.record if kept is not None and kept.stamp.device == self._device else None

    def line_up(self, queue: PlayQueue) -> None:
        self._behind.write(Put(queue, self._stamp()))

    def leave(self, bookmark: Bookmark) -> None:
        self._behind.write(Put(bookmark, self._stamp()))

    def finish(self, script: str) -> None:
        self._behind.write(Remove(Bookmark, script, self._stamp()))

    def hear(self, heard: Listening) -> None:
        self._behind.write(Put(heard, self._stamp()))

    def close(self) -> None:
        if self._behind.close(CLOSE_SECONDS):
            self._store.close()
        else:
            log.warning("where you are could not be written in time; another program may be using it")

    def _read(self, read: Callable[[ListenerStore], T | None]) -> T | None:
        self._behind.flush(CLOSE_SECONDS)
        try:
            return read(self._store.get())
        except VoiceguideError as error:
            log.warning("%s", error)
            return None

    def _stamp(self) -> WriteStamp:
        return WriteStamp(self._clock(), self._device)


class PrivateJournal:
    """Reads *journal* and writes nothing."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def left(self, script: str, digest: str) -> Bookmark | None:
        return self._journal.left(script, digest)

    def leave(self, bookmark: Bookmark) -> None:
        pass

    def queue(self) -> PlayQueue | None:
        return self._journal.queue()

    def finish(self, script: str) -> None:
        pass

    def hear(self, heard: Listening) -> None:
        pass

    def line_up(self, queue: PlayQueue) -> None:
        pass

    def close(self) -> None:
        self._journal.close()


class _LateStore:
    """The store that *opened* returns, opened on first use."""

    def __init__(self, opened: Callable[[], ListenerStore]) -> None:
        self._opened = opened
        self._store: ListenerStore | None = None
        self._lock = threading.Lock()

    def get(self) -> ListenerStore:
        with self._lock:
            if self._store is None:
                self._store = self._opened()
            return self._store

    def write(self, *writes: Write) -> tuple[bool, ...]:
        return self.get().write(*writes)

    def close(self) -> None:
        with self._lock:
            if self._store is not None:
                self._store.close()
