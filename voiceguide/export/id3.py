"""The ID3v2.3 tag at the start of an MP3, written here to control the order of its frames.

"ID3 tag version 2.3.0" and "ID3v2 Chapter Frame Addendum v1.0", both at id3.org. Every player reads version
2.3.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

from voiceguide.audio import RATE, Frames
from voiceguide.export.encoding.meta import ChapterMark, Metadata, chapter_spans

_FRONT_COVER: Final = 3
_TOP_LEVEL_ORDERED: Final = 0b11
_NO_OFFSET: Final = 0xFFFFFFFF
_MOST_CHAPTERS: Final = 255
"""The most chapters, which the table of contents counts in one byte."""


def id3_tag(
    meta: Metadata,
    chapters: Sequence[ChapterMark] = (),
    cover: bytes | None = None,
    length: Frames = Frames(0),
) -> bytes:
    """Return the tag of a session of *length* frames; *cover* is a JPEG.

    Its size depends on text, picture and length, not on where the chapters are, so it is known before
    anything is spoken. Of more than 255 chapters, the first 255 are listed.
    """
    year, _, day = meta.date.partition("-")
    frames = [
        _text(name, value)
        for name, value in (
            (b"TIT2", meta.title),
            (b"TPE1", meta.artist),
            (b"TALB", meta.album),
            (b"TCON", meta.genre),
            (b"TYER", year),
            (b"TDAT", day[3:5] + day[:2]),
            (b"TLAN", meta.language_code),
            (b"TLEN", str(_milliseconds(length)) if length else ""),
        )
        if value
    ]
    if meta.summary:
        frames.append(_comment(meta))
    frames += _chapters(chapters[:_MOST_CHAPTERS], length)
    if cover:
        frames.append(_frame(b"APIC", b"\0image/jpeg\0" + bytes((_FRONT_COVER,)) + b"\0" + cover))
    body = b"".join(frames)
    return b"ID3\x03\0\0" + _seven_bits(len(body)) + body


def _chapters(marks: Sequence[ChapterMark], length: Frames) -> list[bytes]:
    names = [f"ch{number}".encode() + b"\0" for number in range(len(marks))]
    if not names:
        return []
    contents = _frame(b"CTOC", b"toc\0" + bytes((_TOP_LEVEL_ORDERED, len(names))) + b"".join(names))
    return [contents] + [
        _frame(
            b"CHAP",
            name
            + struct.pack(">IIII", _milliseconds(start), _milliseconds(end), _NO_OFFSET, _NO_OFFSET)
            + _text(b"TIT2", title),
        )
        for name, (start, end, title) in zip(names, chapter_spans(marks, length), strict=True)
    ]


def _comment(meta: Metadata) -> bytes:
    encoding, nothing, text = _encoded(meta.summary)
    return _frame(b"COMM", encoding + meta.language_code.encode() + nothing + text)


def _text(name: bytes, value: str) -> bytes:
    encoding, _, text = _encoded(value)
    return _frame(name, encoding + text)


def _encoded(value: str) -> tuple[bytes, bytes, bytes]:
    """Return the byte that names the encoding, a terminated empty text, and *value*: Latin-1 if it fits."""
    try:
        return b"\0", b"\0", value.encode("latin-1")
    except UnicodeEncodeError:
        return b"\1", b"\xff\xfe\0\0", b"\xff\xfe" + value.encode("utf-16-le")


def _frame(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">IH", len(body), 0) + body


def _seven_bits(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def _milliseconds(at: int) -> int:
    return (at * 1000 + RATE // 2) // RATE
