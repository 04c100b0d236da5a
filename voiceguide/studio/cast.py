"""Who speaks, and who stands in: looked for one at a time, since a stand-in is rarely needed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import overload

from voiceguide.clips import Casting


class Cast(Sequence[Casting]):
    """The castings of *found* in order, each found when first asked for. Thread-safe.

    Finding out whether an engine can speak may start a process: the first has to, the others can wait.
    """

    def __init__(self, found: Iterator[Casting]) -> None:
        self._found = found
        self._known: list[Casting] = []
        self._lock = threading.Lock()

    @overload
    def __getitem__(self, index: int) -> Casting: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Casting]: ...

    def __getitem__(self, index: int | slice) -> Casting | Sequence[Casting]:
        if isinstance(index, slice) or index < 0:
            return tuple(self)[index]
        with self._lock:
            while len(self._known) <= index:
                casting = next(self._found, None)
                if casting is None:
                    raise IndexError(index)
                self._known.append(casting)
            return self._known[index]

    def __len__(self) -> int:
        return sum(1 for _ in self)
