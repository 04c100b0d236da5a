from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import pytest

from tests.export.encoding.signal import minute, render
from tests.export.test_render import LENGTH, MARKS, META, cover, decode, make
from voiceguide.audio import Block, Frames
from voiceguide.errors import SinkError
from voiceguide.export.containers import ContainerInfo
from voiceguide.export.encoding.codecs import codec
from voiceguide.export.growing import GROWING, grow
from voiceguide.files import PartFile


def grown(path: Path, known: ContainerInfo, settled: ContainerInfo) -> bytes:
    """Return what somebody read who had it open while it grew, and became *path*."""
    part, row = PartFile(path.parent, path.name), codec(path.suffix[1:])
    with part.path.open("rb") as reader:
        grow(render(minute()[:LENGTH]), part, row, known, lambda: settled, jobs=2)
        part.become(path)
        return reader.read()


def sheet(name: str, chapters: bool = True) -> ContainerInfo:
    return ContainerInfo(LENGTH, codec(name).check(None), META, MARKS if chapters else (), cover())


@pytest.mark.parametrize("name", [*GROWING, "mp3"])
def test_what_has_grown_is_what_is_written_at_once(tmp_path: Path, name: str) -> None:
    """The whole file has the chapters that came to be, and is byte for byte that of a render."""
    path, other = tmp_path / f"grown.{name}", make(tmp_path / f"rendered.{name}")
    grown(path, sheet(name, chapters=False), sheet(name))
    assert path.read_bytes() == other.read_bytes()
    assert [each.name for each in tmp_path.iterdir() if each.suffix not in (f".{name}",)] == []


@pytest.mark.parametrize("name", GROWING)
def test_who_reads_along_hears_the_same(tmp_path: Path, name: str) -> None:
    """Every sample of the session is in the bytes that were read while the file grew, and in their order."""
    path, along = tmp_path / f"grown.{name}", tmp_path / f"along.{name}"
    along.write_bytes(grown(path, sheet(name), sheet(name)))
    heard, whole = decode(along), decode(path)
    assert np.array_equal(heard[:LENGTH], whole[:LENGTH])


@pytest.mark.parametrize("name", ["m4a", "m4b"])
def test_mp4_plays_before_it_is_whole(tmp_path: Path, name: str) -> None:
    """Of a session of twenty seconds, half of the bytes are enough to hear eight."""
    along = tmp_path / f"along.{name}"
    data = grown(tmp_path / f"grown.{name}", sheet(name), sheet(name))
    along.write_bytes(data[: len(data) // 2])
    heard = 0
    with av.open(str(along)) as container, suppress(av.error.InvalidDataError):  # where it was cut
        for frame in container.decode(audio=0):
            heard += frame.samples
    assert heard > 8 * 48_000


@pytest.mark.parametrize("name", GROWING)
def test_failure_leaves_only_what_had_grown(tmp_path: Path, name: str) -> None:
    """When it breaks off nothing lies beside the file that grew, and nothing took its place."""

    def failing(start: Frames, count: int) -> Block:
        raise OSError(28, "No space left on device")

    part = PartFile(tmp_path, name)
    with pytest.raises(SinkError, match="the disk is full"):
        grow(failing, part, codec(name), sheet(name), lambda: sheet(name), jobs=2)
    assert list(tmp_path.iterdir()) == [part.path]
    part.drop()
