"""Parses Range and If-Range (RFC 9110, section 14), and records which bytes of a file exist."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import Final

from msgspec import Struct

_RANGE: Final = re.compile(r"(\d{0,19})-(\d{0,19})", re.ASCII)
_MOST: Final = 16


class ByteRange(Struct, frozen=True):
    """Bytes `first` to `last`, both included, of `size`."""

    first: int
    last: int
    size: int

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def header(self) -> str:
        """The value of Content-Range."""
        return f"bytes {self.first}-{self.last}/{self.size}"


class NotSatisfiable(Exception):
    """None of the requested bytes exists: status 416."""


def asked(header: str | None, if_range: str | None, etag: str, size: int) -> ByteRange | None:
    """Return the range that the headers ask for, or None for the whole file.

    A malformed Range means the whole file, and so does an If-Range other than *etag*, such as a date. Of
    several ranges the first that exists is returned, which clients have to accept.

    Raises:
        NotSatisfiable: if none of them exists.
    """
    if header is None or (if_range is not None and if_range.strip() != etag):
        return None
    unit, sign, text = header.partition("=")
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    if unit.strip().lower() != "bytes" or not sign or not 0 < len(pieces) <= _MOST:
        return None
    matches = [_RANGE.fullmatch(piece) for piece in pieces]
    spans = []
    for match in matches:
        if match is None or match[0] == "-" or (match[1] and match[2] and int(match[2]) < int(match[1])):
            return None
        spans.append(_span(match[1], match[2], size))
    found = next((span for span in spans if span is not None), None)
    if found is None:
        raise NotSatisfiable
    return found


def _span(first: str, last: str, size: int) -> ByteRange | None:
    """Return the part of one range that exists, or None if none does."""
    if not first:
        count = min(int(last), size)
        return ByteRange(size - count, size - 1, size) if count else None
    if int(first) >= size:
        return None
    return ByteRange(int(first), min(int(last), size - 1) if last else size - 1, size)


def matches(if_none_match: str | None, etag: str) -> bool:
    """Return whether the header If-None-Match has *etag*, by weak comparison."""
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag in tags


class RangeSet:
    """The bytes that exist of a file of *size* bytes, as ranges. Not thread-safe."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.total = 0
        self._starts: list[int] = []
        self._stops: list[int] = []

    @property
    def whole(self) -> bool:
        """Whether every byte exists."""
        return self.total == self.size

    def add(self, start: int, stop: int) -> None:
        """Note that bytes [*start*, *stop*) exist."""
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
        """Return where the existing bytes from *at* on end; *at* itself if that byte does not exist."""
        index = bisect_right(self._starts, at) - 1
        return max(at, self._stops[index]) if index >= 0 else at

    def next(self, at: int) -> int:
        """Return the position of the first existing byte at or after *at*; the size if there is none."""
        if self.until(at) > at:
            return at
        index = bisect_left(self._starts, at)
        return self._starts[index] if index < len(self._starts) else self.size
