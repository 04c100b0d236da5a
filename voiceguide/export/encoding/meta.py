"""The metadata of a finished session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from voiceguide.audio import Frames


class Metadata(Struct, frozen=True):
    """Text for tags and feeds. `language` is a BCP 47 tag, `date` ISO 8601 or "".

    `technique` is the script's own id, such as ``body-scan``; `narrator` is the voice; `series` is the title
    of the program the session belongs to, `part` its day there.
    """

    title: str
    summary: str = ""
    technique: str = ""
    language: str = "en"
    date: str = ""
    artist: str = "voiceguide"
    album: str = "voiceguide"
    genre: str = "Meditation"
    narrator: str = ""
    series: str = ""
    part: str = ""

    @property
    def language_code(self) -> str:
        """The language in three letters (ISO 639-2/T), as ID3 and MP4 need it; ``und`` if unknown."""
        return _THREE_LETTERS.get(self.language.split("-")[0].lower(), "und")


class ChapterMark(Struct, frozen=True):
    """A chapter that begins at frame `start` and lasts until the next one."""

    start: Frames
    title: str


def chapter_spans(marks: Sequence[ChapterMark], length: Frames) -> Iterator[tuple[Frames, Frames, str]]:
    """Yield (start, end, title) of each chapter; the last ends with the session."""
    ends = [*(mark.start for mark in marks[1:]), length]
    for mark, end in zip(marks, ends, strict=True) if marks else ():
        yield mark.start, Frames(max(mark.start, end)), mark.title


_THREE_LETTERS = {
    "ar": "ara", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fi": "fin",
    "fr": "fra", "he": "heb", "hi": "hin", "hu": "hun", "it": "ita", "ja": "jpn", "ko": "kor", "nl": "nld",
    "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sv": "swe", "tr": "tur", "uk": "ukr",
    "zh": "zho",
}  # fmt: skip
