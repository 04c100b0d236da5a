"""Tags of MP4, Opus and FLAC files (MP3: `id3`)."""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final

from voiceguide.audio import RATE, Frames
from voiceguide.export.encoding.meta import ChapterMark, Metadata

_FRONT_COVER: Final = 3
_DEPTH: Final = 24
_MAKER: Final = "voiceguide"


def mp4_tags(meta: Metadata, *, audiobook: bool) -> dict[str, str]:
    """Return the tags for ffmpeg's MP4 muxer.

    An audiobook gets Apple's media kind for it, and is an album of its own: audiobook servers take the book's
    title from the album, its author from the artist and its narrator from the composer.
    """
    return _filled(
        title=meta.title,
        artist=meta.artist,
        album_artist=meta.artist if audiobook else "",
        album=meta.title if audiobook else meta.album,
        composer=meta.narrator,
        genre=meta.genre,
        date=meta.date,
        comment=meta.summary,
        description=meta.summary,
        media_type="2" if audiobook else "1",
        gapless_playback="1",
    )


def vorbis_comments(meta: Metadata, chapters: Sequence[ChapterMark] = ()) -> dict[str, str]:
    """Return the comments of a FLAC or Opus file; chapters as ``CHAPTER000`` and ``CHAPTER000NAME``.

    "Ogg Vorbis I format specification: comment field and header specification" and "Chapter Extension" at
    xiph.org.
    """
    comments = _filled(
        title=meta.title,
        artist=meta.artist,
        album=meta.album,
        genre=meta.genre,
        date=meta.date,
        description=meta.summary,
        language=meta.language,
    )
    for number, mark in enumerate(chapters):
        comments[f"CHAPTER{number:03}"] = _clock(mark.start)
        comments[f"CHAPTER{number:03}NAME"] = mark.title
    return comments


def comment_block(comments: Mapping[str, str]) -> bytes:
    """Return *comments* in the format of FLAC and Ogg: lengths and UTF-8, little-endian."""
    lines = [f"{name}={value}".encode() for name, value in comments.items()]
    maker = _MAKER.encode()
    counted = b"".join(struct.pack("<I", len(line)) + line for line in lines)
    return struct.pack("<I", len(maker)) + maker + struct.pack("<I", len(lines)) + counted


def picture_block(cover: bytes) -> bytes:
    """Return FLAC's picture block around *cover*, a JPEG (RFC 9639, section 8.8)."""
    from PIL import Image

    kind = b"image/jpeg"
    with Image.open(BytesIO(cover)) as image:
        width, height = image.size
    return b"".join(
        (
            struct.pack(">II", _FRONT_COVER, len(kind)),
            kind,
            struct.pack(">IIIIII", 0, width, height, _DEPTH, 0, len(cover)),  # no description, no palette
            cover,
        )
    )


def picture_comment(cover: bytes) -> dict[str, str]:
    """Return the comment that carries *cover*, a JPEG, in an Ogg file."""
    return {"METADATA_BLOCK_PICTURE": base64.b64encode(picture_block(cover)).decode("ascii")}


def _filled(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _clock(at: Frames) -> str:
    whole, thousandths = divmod((at * 1000 + RATE // 2) // RATE, 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"
