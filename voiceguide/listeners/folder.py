"""The stores of all listeners, by id."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from voiceguide.listeners.ids import checked_id, is_id
from voiceguide.listeners.memory import MemoryListenerStore
from voiceguide.listeners.sqlite import BUSY_SECONDS, SqliteListenerStore
from voiceguide.listeners.store import ListenerStore, now_ms

MOST_OPEN: Final = 64
"""Most databases open at once; each takes three file descriptors."""

_SUFFIX: Final = ".sqlite3"


class ListenerStores(Protocol):
    """Stores by the listener's id: up to 40 letters a to z and digits. Other ids raise ValueError."""

    def of(self, listener: str) -> ListenerStore:
        """Return the store of *listener*; its file is created on first use."""

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all listeners who have a store, sorted."""

    def remove(self, listener: str) -> None:
        """Delete everything about *listener*, and the file.

        Raises:
            StoreError: if it cannot be deleted.
        """

    def close(self) -> None:
        """Close all files."""


class ListenerFolder:
    """Stores as SQLite files in *folder*, which only its owner can read.

    A file is made only for whom *known* says that there is such a listener; see `Roster.knows`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], int] = now_ms,
        busy_seconds: float = BUSY_SECONDS,
        known: Callable[[str], bool] = lambda listener: True,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._busy_seconds = busy_seconds
        self._known = known
        self._stores: dict[str, SqliteListenerStore] = {}
        self._open: dict[str, None] = {}
        self._lock = threading.Lock()

    def of(self, listener: str) -> ListenerStore:
        return self._store(listener)

    def ids(self) -> tuple[str, ...]:
        found = self._folder.glob(f"*{_SUFFIX}")
        return tuple(sorted(name for path in found if is_id(name := path.name.removesuffix(_SUFFIX))))

    def remove(self, listener: str) -> None:
        store = self._store(listener)
        if store.exists:
            store.forget()
        store.unlink()
        with self._lock:
            self._stores.pop(listener, None)
            self._open.pop(listener, None)

    def close(self) -> None:
        with self._lock:
            for store in self._stores.values():
                store.close()
            self._open.clear()

    def _store(self, listener: str) -> SqliteListenerStore:
        path = self._folder / f"{checked_id(listener)}{_SUFFIX}"
        with self._lock:
            if listener not in self._stores:
                made = SqliteListenerStore(
                    path,
                    clock=self._clock,
                    busy_seconds=self._busy_seconds,
                    wanted=partial(self._known, listener),
                )
                self._stores[listener] = made
            self._open.pop(listener, None)
            self._open[listener] = None  # the most recently used is last
            store, idle = self._stores[listener], None
            if len(self._open) > MOST_OPEN:
                first = next(iter(self._open))
                del self._open[first]
                idle = self._stores[first]
        if idle is not None:  # outside the lock: it can wait for the disk
            idle.close()
        return store


class MemoryListenerStores:
    """Stores in memory, lost when the process ends."""

    def __init__(self, clock: Callable[[], int] = now_ms) -> None:
        self._clock = clock
        self._stores: dict[str, MemoryListenerStore] = {}

    def of(self, listener: str) -> ListenerStore:
        return self._stores.setdefault(checked_id(listener), MemoryListenerStore(self._clock))

    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(listener for listener, store in self._stores.items() if store.everything()))

    def remove(self, listener: str) -> None:
        self._stores.pop(checked_id(listener), None)

    def close(self) -> None:
        pass
