"""What each kind of file says about itself: ID3 for MP3, names for MP4, Vorbis comments for Opus and FLAC."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Final

from voiceguide.audio import RATE, Frames, seconds
from voiceguide.segments.meta import ChapterMark, Metadata, chapter_spans

if TYPE_CHECKING:
    from mutagen.flac import Picture

_FRONT_COVER: Final = 3
_NO_OFFSET: Final = 0xFFFFFFFF
_TOP_LEVEL_ORDERED: Final = 0b11


def id3_tag(
    meta: Metadata,
    chapters: Sequence[ChapterMark] = (),
    cover: bytes | None = None,
    length: Frames = Frames(0),
) -> bytes:
    """Return the ID3v2.3 tag that an MP3 starts with; *cover* is a JPEG.

    Its length depends on words and picture, not on the chapters' times: it is known before anything is
    spoken. Chapters: "ID3v2 Chapter Frame Addendum", as podcast players read it.
    """
    from mutagen import id3

    tag = id3.ID3()
    for frame, text in (
        (id3.TIT2, meta.title),
        (id3.TPE1, meta.artist),
        (id3.TALB, meta.album),
        (id3.TCON, meta.genre),
        (id3.TDRC, meta.date),
        (id3.TLAN, meta.language_code),
        (id3.TLEN, f"{_milliseconds(length):010}"),
    ):
        if text:
            tag.add(frame(encoding=3, text=[text]))
    if meta.summary:
        tag.add(id3.COMM(encoding=3, lang=meta.language_code, desc="", text=[meta.summary]))
    if cover:
        tag.add(id3.APIC(encoding=0, mime="image/jpeg", type=_FRONT_COVER, desc="", data=cover))
    names = [f"ch{number}" for number in range(len(chapters))]
    if names:
        tag.add(id3.CTOC(element_id="toc", flags=_TOP_LEVEL_ORDERED, child_element_ids=names, sub_frames=[]))
    for name, (start, end, title) in zip(names, chapter_spans(chapters, length), strict=True):
        tag.add(
            id3.CHAP(
                element_id=name,
                start_time=_milliseconds(start),
                end_time=_milliseconds(end),
                start_offset=_NO_OFFSET,
                end_offset=_NO_OFFSET,
                sub_frames=[id3.TIT2(encoding=3, text=[title])],
            )
        )
    tag.update_to_v23()
    file = BytesIO()
    tag.save(file, v1=0, v2_version=3, padding=lambda _info: 0)
    return file.getvalue()


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


def _milliseconds(at: Frames) -> int:
    return (at * 1000 + RATE // 2) // RATE


def _clock(at: Frames) -> str:
    minutes, rest = divmod(seconds(_milliseconds(at) * RATE // 1000), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02}:{minutes:02}:{rest:06.3f}"
