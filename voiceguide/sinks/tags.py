"""What MP4, Opus and FLAC files say about themselves (MP3: `id3`)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final

from voiceguide.audio import RATE, Frames
from voiceguide.segments.meta import ChapterMark, Metadata

if TYPE_CHECKING:
    from mutagen.flac import Picture

_FRONT_COVER: Final = 3


def mp4_tags(meta: Metadata, *, audiobook: bool) -> dict[str, str]:
    """Return what ffmpeg's MP4 writer is told; an audiobook gets Apple's media kind for it."""
    return _filled(
        title=meta.title,
        artist=meta.artist,
        album=meta.album,
        genre=meta.genre,
        date=meta.date,
        comment=meta.summary,
        description=meta.summary,
        media_type="2" if audiobook else "1",
        gapless_playback="1",
    )


def vorbis_comments(meta: Metadata, chapters: Sequence[ChapterMark] = ()) -> dict[str, str]:
    """Return the comments of a FLAC or Opus file; chapters as ``CHAPTER000`` and ``CHAPTER000NAME``."""
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


def picture(cover: bytes) -> Picture:
    """Return FLAC's picture block around *cover*, a JPEG."""
    from mutagen.flac import Picture
    from PIL import Image

    block = Picture()
    block.type, block.mime, block.depth, block.data = _FRONT_COVER, "image/jpeg", 24, cover
    with Image.open(BytesIO(cover)) as image:
        block.width, block.height = image.size
    return block


def picture_comment(cover: bytes) -> dict[str, str]:
    """Return the comment that carries *cover*, a JPEG, in an Ogg file."""
    return {"METADATA_BLOCK_PICTURE": base64.b64encode(picture(cover).write()).decode("ascii")}


def _filled(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _clock(at: Frames) -> str:
    whole, thousandths = divmod((at * 1000 + RATE // 2) // RATE, 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"
