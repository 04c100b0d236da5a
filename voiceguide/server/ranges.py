"""Which bytes are asked for: Range and If-Range as in RFC 9110, section 14."""

from __future__ import annotations

import re
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
    """No byte of what is asked for exists: status 416."""


def asked(header: str | None, if_range: str | None, etag: str, size: int) -> ByteRange | None:
    """Return the stretch that the headers ask for, or None for the whole.

    What is not understood asks for the whole, and so does an If-Range that is not *etag*: a date never is. Of
    several ranges the first that exists is answered, which a client has to expect.

    Raises:
        NotSatisfiable: if none exists.
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
    """Return one range as a stretch that exists, None if it does not."""
    if not first:
        count = min(int(last), size)
        return ByteRange(size - count, size - 1, size) if count else None
    if int(first) >= size:
        return None
    return ByteRange(int(first), min(int(last), size - 1) if last else size - 1, size)


def matches(if_none_match: str | None, etag: str) -> bool:
    """Return whether the client says that it has *etag* already (the weak comparison)."""
    if if_none_match is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return "*" in tags or etag in tags
