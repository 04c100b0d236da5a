from __future__ import annotations

import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import mutagen
import numpy as np
import pytest
from PIL import Image

from tests.export.encoding.signal import minute, render
from voiceguide.audio import Block, Frames, frames, seconds
from voiceguide.errors import SinkError
from voiceguide.export.encoding.codecs import CODECS
from voiceguide.export.encoding.grid import SEGMENT
from voiceguide.export.encoding.meta import ChapterMark, Metadata
from voiceguide.export.encoding.mp3 import Mp3Layout
from voiceguide.export.id3 import id3_tag
from voiceguide.export.render import write

LENGTH = Frames(2 * SEGMENT - 777)
META = Metadata("Saying what is true ☂", "Five minutes.", "name-the-numbness", "en", "2026-11-22")
MARKS = (ChapterMark(Frames(0), "Arriving"), ChapterMark(frames(6), "What is here ☂"))


def cover() -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 64), (30, 28, 26)).save(file, "JPEG")
    return file.getvalue()


def make(path: Path, **more: Any) -> Path:
    write(render(minute()[:LENGTH]), LENGTH, path, meta=META, chapters=MARKS, cover=cover(), jobs=2, **more)
    return path


def decode(path: Path) -> Block:
    import av

    container: Any
    with av.open(str(path)) as container:
        heard = [frame.to_ndarray() for frame in container.decode(audio=0)]
        scale = 32768 if heard[0].dtype == np.int16 else 1
        rows = [array if len(array) == 2 else array.reshape(-1, 2).T for array in heard]
    return (np.concatenate(rows, axis=1).T / scale).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize("name", CODECS)
def test_files_are_the_same_every_time(tmp_path: Path, name: str) -> None:
    """The same session gives the same bytes, with one job or two, and nothing else is left in the folder."""
    one = make(tmp_path / f"one.{name}")
    two = tmp_path / f"two.{name}"
    write(render(minute()[:LENGTH]), LENGTH, two, meta=META, chapters=MARKS, cover=cover(), jobs=1)
    assert one.read_bytes() == two.read_bytes()
    assert sorted(tmp_path.iterdir()) == [one, two]


@pytest.mark.parametrize("name", ["mp3", "opus", "flac", "wav"])
def test_decoded_length_is_exact(tmp_path: Path, name: str) -> None:
    """What a decoder gives has the session's length, to the frame."""
    assert len(decode(make(tmp_path / f"out.{name}"))) == LENGTH


@pytest.mark.parametrize("name", ["m4a", "m4b"])
def test_mp4_states_the_exact_length(tmp_path: Path, name: str) -> None:
    """The edit list leaves out the priming and ends on the session's last frame."""
    data = make(tmp_path / f"out.{name}").read_bytes()
    at = data.index(b"elst")
    entries, lasting, begin = (int.from_bytes(data[at + n : at + n + 4], "big") for n in (8, 12, 16))
    assert (entries, lasting, begin) == (1, LENGTH, 1024)
    assert 0 <= len(decode(tmp_path / f"out.{name}")) - LENGTH < 1024


def test_lossless_files_hold_the_samples(tmp_path: Path) -> None:
    """FLAC and WAV hold the same 16 bits, within dither of what was mixed."""
    flac, wav = decode(make(tmp_path / "out.flac")), decode(make(tmp_path / "out.wav"))
    assert np.array_equal(flac, wav)
    assert np.abs(flac - minute()[:LENGTH]).max() <= 2 / 32768


def test_mp3_size_is_known_beforehand(tmp_path: Path) -> None:
    """The file is as long as its tag and its layout say."""
    path = make(tmp_path / "out.mp3", bitrate=160_000)
    tag = id3_tag(META, MARKS, cover(), LENGTH)
    assert path.stat().st_size == len(tag) + Mp3Layout(LENGTH, 160_000).total_bytes


@pytest.mark.parametrize("name", ["m4a", "m4b"])
def test_mp4_tags(tmp_path: Path, name: str) -> None:
    """MP4 files have title, chapters, picture, and an audiobook the media kind of one."""
    file: Any = mutagen.File(make(tmp_path / f"out.{name}"))
    assert file["\xa9nam"] == [META.title]
    assert file["\xa9cmt"] == [META.summary]
    assert file["stik"] == [2 if name == "m4b" else 1]
    assert bytes(file["covr"][0]) == cover()
    assert [(chapter.start, chapter.title) for chapter in file.chapters] == [
        (seconds(mark.start), mark.title) for mark in MARKS
    ]
    assert (tmp_path / f"out.{name}").read_bytes()[8:12] == (b"M4B " if name == "m4b" else b"M4A ")


@pytest.mark.parametrize("name", ["opus", "flac"])
def test_vorbis_comments(tmp_path: Path, name: str) -> None:
    """Opus and FLAC files have title, summary, chapters and picture."""
    from mutagen.flac import Picture

    file: Any = mutagen.File(make(tmp_path / f"out.{name}"))
    assert file["title"] == [META.title]
    assert file["description"] == [META.summary]
    assert (file["chapter001"], file["chapter001name"]) == (["00:00:06.000"], ["What is here ☂"])
    if name == "flac":
        picture = file.pictures[0]
    else:
        import base64

        picture = Picture(base64.b64decode(file["metadata_block_picture"][0]))
    assert (picture.data, picture.width, picture.type) == (cover(), 64, 3)


@pytest.mark.parametrize("name", ["m4a", "opus"])
def test_players_find_the_chapters(tmp_path: Path, name: str) -> None:
    """ffmpeg's readers find the chapters where they were put."""
    import av

    with av.open(str(make(tmp_path / f"out.{name}"))) as container:
        found: Any = container.chapters()
    starts = [float(chapter["start"] * chapter["time_base"]) for chapter in found]
    assert starts == pytest.approx([0, 6], abs=0.001)
    assert [chapter["metadata"]["title"] for chapter in found] == [mark.title for mark in MARKS]


def test_progress_ends_at_one(tmp_path: Path) -> None:
    """Progress grows to exactly 1."""
    told: list[float] = []
    make(tmp_path / "out.mp3", progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1


@pytest.mark.parametrize("name", CODECS)
@pytest.mark.parametrize("failure", [SinkError, KeyboardInterrupt])
def test_failure_leaves_nothing(tmp_path: Path, name: str, failure: type[BaseException]) -> None:
    """When a session fails in the middle, there is no file and no thread of ours."""
    before = threading.active_count()

    def mix(start: Frames, count: int) -> Block:
        if start > SEGMENT:
            raise failure
        return minute()[start : start + count]

    with pytest.raises(failure):
        write(mix, LENGTH, tmp_path / f"out.{name}", meta=META, jobs=2)
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == before


def test_interrupt_in_the_caller(tmp_path: Path) -> None:
    """Ctrl-C, which reaches the calling thread, leaves no file."""

    def interrupt(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "out.mp3", progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_folder_with_a_colon(tmp_path: Path) -> None:
    """A folder whose name looks like a protocol is a folder."""
    folder = tmp_path / "http:"
    folder.mkdir()
    assert make(folder / "out.m4a").exists()


def test_without_chapters_and_cover(tmp_path: Path) -> None:
    """A session may have no chapters and no picture, and be shorter than a packet."""
    for name in CODECS:
        path = tmp_path / f"out.{name}"
        write(render(minute()[:100]), Frames(100), path, meta=Metadata("Short"), jobs=1)
        assert path.stat().st_size > 0
