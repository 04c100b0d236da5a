from __future__ import annotations

from pathlib import Path

import pytest

from voiceguide.audio import Frames, frames
from voiceguide.errors import SinkError
from voiceguide.export.encoding.codecs import CODECS, codec, codec_for
from voiceguide.export.encoding.meta import ChapterMark, Metadata, chapter_spans


@pytest.mark.parametrize("name", CODECS)
def test_endings_choose_the_codec(name: str) -> None:
    """A file name's ending, in capitals too, chooses the codec of that name."""
    assert codec_for(Path(f"night.{name.upper()}")) is codec(name) is CODECS[name]


@pytest.mark.parametrize("path", ["night", "night.ogg", "mp3"])
def test_other_endings_are_refused(path: str) -> None:
    """An ending of none of ours is refused with a list of ours."""
    with pytest.raises(SinkError, match=r"\.mp3, \.m4a"):
        codec_for(Path(path))


def test_other_names_are_refused() -> None:
    """A codec that is not made here is refused."""
    with pytest.raises(SinkError, match="choose one of mp3"):
        codec("wma")


def test_bitrates() -> None:
    """None is the usual bit rate, one that is offered is taken, and any other is refused."""
    assert CODECS["mp3"].check(None) == 128_000
    assert CODECS["mp3"].check(192_000) == 192_000
    with pytest.raises(SinkError, match="64 kbit/s: choose one of 128, 160"):
        CODECS["mp3"].check(64_000)
    with pytest.raises(SinkError, match="none to choose"):
        CODECS["flac"].check(128_000)


def test_size_of_ten_minutes_of_mp3() -> None:
    """Ten minutes at 128 kbit/s are 25,001 frames of 384 bytes and the Info frame."""
    assert CODECS["mp3"].least_bytes(frames(600), 128_000) == (25_001 + 1) * 384


def test_chapters_last_until_the_next() -> None:
    """Each chapter ends where the next begins, the last with the session."""
    marks = (ChapterMark(Frames(0), "a"), ChapterMark(Frames(10), "b"))
    assert list(chapter_spans(marks, Frames(30))) == [(0, 10, "a"), (10, 30, "b")]
    assert list(chapter_spans((), Frames(30))) == []


@pytest.mark.parametrize(("tag", "code"), [("en-GB", "eng"), ("de", "deu"), ("tlh", "und")])
def test_languages_in_three_letters(tag: str, code: str) -> None:
    """A language we know has its three letters, another is undetermined."""
    assert Metadata("x", language=tag).language_code == code
