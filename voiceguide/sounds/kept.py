"""A small cache of things that are expensive to load."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Kept(Generic[Key, Thing]):
    """The *most* things used last. Thread-safe; loading one blocks nobody who wants another.

    With *weight*, the things used last whose weights come to at most *most*, and at least one.
    """

    def __init__(self, most: int, weight: Callable[[Thing], int] = lambda thing: 1) -> None:
        self._most = most
        self._weight = weight
        self._found: OrderedDict[Key, Thing] = OrderedDict()
        self._loading: dict[Key, threading.Lock] = {}
        self._lock = threading.Lock()

    def find(self, key: Key) -> Thing | None:
        """Return the thing under *key*, or None."""
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
            return self._found.get(key)

    def get(self, key: Key, load: Callable[[], Thing]) -> Thing:
        """Return the thing under *key*; if there is none, load it once for all threads that ask."""
        found = self.find(key)
        if found is not None:
            return found
        with self._lock:
            loading = self._loading.setdefault(key, threading.Lock())
        with loading:
            found = self.find(key)
            try:
                return found if found is not None else self.put(key, load())
            finally:
                with self._lock:
                    self._loading.pop(key, None)

    def put(self, key: Key, thing: Thing) -> Thing:
        """Keep *thing* under *key*, replacing any other, and return it."""
        with self._lock:
            self._found[key] = thing
            self._found.move_to_end(key)
            total = sum(self._weight(each) for each in self._found.values())
            while total > self._most and len(self._found) > 1:
                total -= self._weight(self._found.popitem(last=False)[1])
        return thing
