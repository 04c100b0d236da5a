"""The MP4 tags that ffmpeg's M4A muxer cannot write: the cover, and the series of a book.

ffmpeg writes a placeholder text of equal size, which is then overwritten, since the index comes before the
sound and must not grow. "QuickTime File Format: User data atoms" at developer.apple.com; freeform (``----``)
items as iTunes writes them.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from voiceguide.errors import SinkError

_JPEG: Final = 13
_UTF_8: Final = 1
_ITUNES: Final = b"com.apple.iTunes"
_HELD: Final = b"\xa9lyr"

PLACE: Final = "lyrics"
"""The placeholder tag, which `items` replace."""


def items(cover: bytes | None, series: str = "", part: str = "") -> bytes:
    """Return the items of *cover*, a JPEG, and of the *series* that a book is in, with its *part* number."""
    made = _item(b"covr", _data(_JPEG, cover)) if cover else b""
    for name, value in (("series", series), ("series-part", part)):
        if value:
            named = _item(b"mean", bytes(4) + _ITUNES) + _item(b"name", bytes(4) + name.encode())
            made += _item(b"----", named + _data(_UTF_8, value.encode()))
    return made


def room(made: bytes) -> str:
    """Return a text that takes the size of *made*, with its headers, under `PLACE`."""
    return "-" * (len(made) - len(_held("")))


def fill(path: Path, made: bytes) -> None:
    """Overwrite the placeholder (see `room`) in the file at *path* with *made*."""
    with path.open("r+b") as file:
        while header := file.read(8):
            size, kind = struct.unpack(">I4s", header)
            if size < len(header):  # a sound chunk over 4 GB, before which the index was expected
                break
            start = file.tell()
            if kind == b"moov":
                at = file.read(size - 8).find(_held(room(made)))
                if at >= 0:
                    file.seek(start + at)
                    file.write(made)
                    return
            file.seek(start - 8 + size)
    raise SinkError(f"{path}: there is no room for its cover; make it again")


def _held(text: str) -> bytes:
    return _item(_HELD, _data(_UTF_8, text.encode()))


def _data(kind: int, value: bytes) -> bytes:
    return _item(b"data", struct.pack(">II", kind, 0) + value)


def _item(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body
