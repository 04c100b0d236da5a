"""The body of a response from a finished file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from voiceguide.server.render_job import CHUNK


class FileBody:
    """Iterates over bytes [*first*, *last*] of *file*. `close` closes the file and calls *left*, once."""

    def __init__(
        self, file: BinaryIO, first: int, last: int, left: Callable[[], None] = lambda: None
    ) -> None:
        self._file = file
        self._file.seek(first)
        self._left_bytes = last + 1 - first
        self._left = left

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        data = self._file.read(min(CHUNK, self._left_bytes))
        if not data:
            raise StopIteration
        self._left_bytes -= len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        if not self._file.closed:
            self._file.close()
            self._left()
