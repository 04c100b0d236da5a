"""What other programs read in the files made here."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import mutagen
import pytest

from tests.export.encoding.signal import minute, render
from tests.export.test_render import cover
from voiceguide.audio import Frames, frames
from voiceguide.export.encoding.meta import ChapterMark, Metadata
from voiceguide.export.render import write

TAGGED: Final = ("mp3", "m4a", "m4b", "opus", "flac")
LENGTH: Final = frames(12)
META: Final = Metadata(
    "Saying what is true ☂",
    "Five minutes.",
    "name-the-numbness",
    "en",
    "2026-11-22",
    narrator="piper/joe",
    series="The first week",
    part="3",
)
STARTS_MS: Final = (0, 1500, 2999, 6501, 9750)
"""Fractions of a second on both sides of a half."""

MARKS: Final = tuple(ChapterMark(frames(ms / 1000), f"Part {ms} ☂") for ms in STARTS_MS)

ffprobe = pytest.mark.skipif(not shutil.which("ffprobe"), reason="no ffprobe here")
opusinfo = pytest.mark.skipif(not shutil.which("opusinfo"), reason="no opusinfo here")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session in every kind of file that has tags."""
    made = tmp_path_factory.mktemp("made")
    for name in TAGGED:
        path = made / f"out.{name}"
        write(render(minute()[:LENGTH]), LENGTH, path, meta=META, chapters=MARKS, cover=cover(), jobs=1)
    return made


def said(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def probed(path: Path) -> Any:
    return json.loads(said("ffprobe", "-v", "error", "-show_chapters", "-show_format", "-of", "json", path))


def clock_ms(text: str) -> int:
    hours, minutes, whole, thousandths = map(int, re.split("[:.]", text))
    return ((hours * 60 + minutes) * 60 + whole) * 1000 + thousandths


@ffprobe
@pytest.mark.parametrize("name", TAGGED)
def test_ffprobe_finds_the_chapters_to_the_millisecond(folder: Path, name: str) -> None:
    """Each chapter begins where it was put, whatever the fraction of its second, and has its title."""
    found = probed(folder / f"out.{name}")["chapters"]
    assert [round(1000 * float(each["start_time"])) for each in found] == list(STARTS_MS)
    assert [each["tags"]["title"] for each in found] == [mark.title for mark in MARKS]


@pytest.mark.parametrize("name", TAGGED)
def test_mutagen_finds_the_chapters_to_the_millisecond(folder: Path, name: str) -> None:
    """Another reader finds them at the same places."""
    file: Any = mutagen.File(folder / f"out.{name}")
    if name == "mp3":
        starts = [chapter.start_time for chapter in file.tags.getall("CHAP")]
    elif name in ("m4a", "m4b"):
        starts = [round(1000 * chapter.start) for chapter in file.chapters]
    else:
        starts = [clock_ms(file[f"chapter{number:03}"][0]) for number in range(len(MARKS))]
    assert starts == list(STARTS_MS)


@opusinfo
def test_opusinfo_finds_the_chapters_to_the_millisecond(folder: Path) -> None:
    """So does the reader of those who made Opus, and it has no complaint."""
    text = said("opusinfo", folder / "out.opus")
    assert [clock_ms(at) for at in re.findall(r"CHAPTER\d{3}=(\S+)", text)] == list(STARTS_MS)
    assert "WARNING" not in text


def test_eyed3_finds_the_chapters_to_the_millisecond(folder: Path) -> None:
    """And a reader of ID3 alone."""
    eyed3: Any = pytest.importorskip("eyed3")
    tag = eyed3.load(folder / "out.mp3").tag
    assert sorted(chapter.times.start for chapter in tag.chapters) == list(STARTS_MS)
    assert tag.title == META.title


@pytest.mark.parametrize("name", TAGGED)
def test_tinytag_finds_words_and_picture(folder: Path, name: str) -> None:
    """Title, artist, genre and cover are found by one reader in all kinds of file."""
    tinytag: Any = pytest.importorskip("tinytag")
    tag = tinytag.TinyTag.get(folder / f"out.{name}", image=True)
    assert (tag.title, tag.artist, tag.genre) == (META.title, "voiceguide", "Meditation")
    assert tag.images.front_cover is not None
    assert tag.images.front_cover.data == cover()
    assert tag.duration == pytest.approx(12, abs=0.05)


@ffprobe
def test_an_audiobook_is_a_book_of_its_own(folder: Path) -> None:
    """As audiobook servers ask ffprobe: the album is the title, the composer reads, the series is told."""
    tags = probed(folder / "out.m4b")["format"]["tags"]
    assert tags["title"] == tags["album"] == META.title
    assert tags["artist"] == tags["album_artist"] == "voiceguide"
    assert (tags["composer"], tags["series"], tags["series-part"]) == ("piper/joe", "The first week", "3")
    assert "lyrics" not in tags


def test_mutagen_finds_the_series(folder: Path) -> None:
    """The series stands where other programs put theirs, and only in books."""
    book: Any = mutagen.File(folder / "out.m4b")
    assert book["----:com.apple.iTunes:series"] == [b"The first week"]
    assert book["----:com.apple.iTunes:series-part"] == [b"3"]
    assert "\xa9lyr" not in book
    assert not [key for key in mutagen.File(folder / "out.m4a") if "series" in key]


def test_flac_keeps_the_checksum_of_its_samples(folder: Path) -> None:
    """The first block has length and MD5 sum of the samples, as decoders check them."""
    import hashlib

    import soundfile

    info: Any = mutagen.File(folder / "out.flac").info
    samples, _ = soundfile.read(folder / "out.flac", dtype="int16")
    assert info.total_samples == len(samples) == LENGTH
    assert info.md5_signature == int(hashlib.md5(samples.astype("<i2").tobytes()).hexdigest(), 16)


@pytest.mark.slow
@pytest.mark.parametrize("name", TAGGED)
def test_a_long_session_has_room_for_all(tmp_path: Path, name: str) -> None:
    """A hundred chapters, long words and no cover are read as they were written."""
    marks = [ChapterMark(Frames(n * 4800), f"Part {n} " + "x" * 200) for n in range(100)]
    path = tmp_path / f"out.{name}"
    write(render(minute()[:LENGTH]), LENGTH, path, meta=META, chapters=marks, jobs=1)
    file: Any = mutagen.File(path)
    if name == "mp3":
        titles = [str(chapter.sub_frames["TIT2"]) for chapter in file.tags.getall("CHAP")]
    elif name in ("m4a", "m4b"):
        titles = [chapter.title for chapter in file.chapters]
    else:
        titles = [file[f"chapter{number:03}name"][0] for number in range(100)]
    assert titles == [mark.title for mark in marks]
