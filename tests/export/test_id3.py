from __future__ import annotations

from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen import id3

from voiceguide.audio import Frames, frames
from voiceguide.export.encoding.meta import ChapterMark, Metadata
from voiceguide.export.id3 import id3_tag

META = Metadata("What is here ☂", "Five minutes.", "body-scan", "en-GB", "2026-11-22")
COVER = b"\xff\xd8 not really \x00 a picture \xff\xd9"


def read(data: bytes) -> id3.ID3:
    return id3.ID3(BytesIO(data))


def test_others_read_what_we_write() -> None:
    """Another program's reader finds every field."""
    tag = read(id3_tag(META, cover=COVER, length=frames(300)))
    assert tag.version == (2, 3, 0)
    assert str(tag["TIT2"]) == "What is here ☂"
    assert str(tag["TPE1"]) == str(tag["TALB"]) == "voiceguide"
    assert str(tag["TCON"]) == "Meditation"
    assert str(tag["TDRC"]) == "2026-11-22"
    assert str(tag["TLAN"]) == "eng"
    assert str(tag["TLEN"]) == "300000"
    assert str(tag["COMM::eng"]) == "Five minutes."
    assert (tag["APIC:"].data, tag["APIC:"].mime, tag["APIC:"].type) == (COVER, "image/jpeg", 3)


def test_chapters_are_read_in_order() -> None:
    """Chapters have times in milliseconds, titles, and a table of contents in the session's order."""
    marks = (ChapterMark(Frames(0), "Arriving"), ChapterMark(frames(61.5), "Été ☀"))
    tag = read(id3_tag(META, marks, length=frames(300)))
    assert tag["CTOC:toc"].child_element_ids == ["ch0", "ch1"]
    chapters = [tag[f"CHAP:{name}"] for name in ("ch0", "ch1")]
    assert [(c.start_time, c.end_time) for c in chapters] == [(0, 61_500), (61_500, 300_000)]
    assert [str(c.sub_frames["TIT2"]) for c in chapters] == ["Arriving", "Été ☀"]


words = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=30)


@settings(deadline=None)
@given(words, st.lists(st.tuples(st.integers(0, frames(600)), words), max_size=8))
def test_size_is_known_before_the_times(title: str, marks: list[tuple[int, str]]) -> None:
    """The tag's size does not depend on where the chapters are, and its header counts every byte."""
    meta = Metadata(title)
    later = [ChapterMark(Frames(at), name) for at, name in sorted(marks)]
    zero = [ChapterMark(Frames(0), mark.title) for mark in later]
    tag = id3_tag(meta, later, length=frames(600))
    assert len(tag) == len(id3_tag(meta, zero, length=frames(600)))
    assert 10 + sum(byte << shift for byte, shift in zip(tag[6:10], (21, 14, 7, 0), strict=True)) == len(tag)


def test_partial_dates() -> None:
    """A date of a year only is a year."""
    assert str(read(id3_tag(Metadata("x", date="2026")))["TDRC"]) == "2026"


def test_more_chapters_than_the_table_counts() -> None:
    """Of three hundred chapters the first 255 are listed."""
    marks = [ChapterMark(frames(at), str(at)) for at in range(300)]
    assert len(read(id3_tag(META, marks, length=frames(300))).getall("CHAP")) == 255
