"""Which bytes of a file are there: stretches that grow and join."""

from __future__ import annotations

from bisect import bisect_left, bisect_right


class Filled:
    """Stretches of bytes in a file of *size*. Not thread-safe."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.total = 0
        self._starts: list[int] = []
        self._stops: list[int] = []

    @property
    def whole(self) -> bool:
        """Whether every byte is there."""
        return self.total == self.size

    def add(self, start: int, stop: int) -> None:
        """Say that bytes [*start*, *stop*) are there."""
        if start >= stop:
            return
        first = bisect_left(self._stops, start)
        last = bisect_right(self._starts, stop)
        if first < last:
            start, stop = min(start, self._starts[first]), max(stop, self._stops[last - 1])
        self.total += stop - start
        for index in range(first, last):
            self.total -= self._stops[index] - self._starts[index]
        self._starts[first:last] = [start]
        self._stops[first:last] = [stop]

    def until(self, at: int) -> int:
        """Return where the bytes that are there from *at* on end; *at* itself if it is not there."""
        index = bisect_right(self._starts, at) - 1
        return max(at, self._stops[index]) if index >= 0 else at

    def next(self, at: int) -> int:
        """Return where the first stretch at or after *at* begins; the file's size if there is none."""
        if self.until(at) > at:
            return at
        index = bisect_left(self._starts, at)
        return self._starts[index] if index < len(self._starts) else self.size
