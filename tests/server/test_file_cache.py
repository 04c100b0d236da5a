from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tools.damage import KINDS, swapped
from voiceguide.errors import StoreError
from voiceguide.server.file_cache import FileCache


def name(number: int) -> str:
    return f"{number:064x}.mp3"


def put(cache: FileCache, number: int, size: int = 100) -> Path:
    draft = cache.begin(name(number), size)
    draft.part.path.write_bytes(bytes([number]) * size)
    return draft.keep(name(number))


def test_a_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    """What is being written is found by nobody; what is kept is found as it was written."""
    cache = FileCache(tmp_path)
    draft = cache.begin(name(1), 5)
    draft.part.path.write_bytes(b"whole")
    assert cache.find(name(1)) is None
    draft.keep(name(1))
    found = cache.find(name(1))
    assert found is not None
    assert found.read_bytes() == b"whole"
    assert not draft.part.path.exists()


def test_the_first_whole_file_of_a_name_stays(tmp_path: Path) -> None:
    """Two processes that make the same do no harm."""
    cache = FileCache(tmp_path)
    first = put(cache, 1, 5)
    put(cache, 1, 7)
    assert first.stat().st_size == 5
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [first]


def test_the_least_used_leave_when_there_is_no_room(tmp_path: Path) -> None:
    """Beyond its limit the cache lets go of what was not used for longest, never of what is pinned."""
    times = iter(range(1_000_000, 9_000_000, 1000))
    cache = FileCache(tmp_path, limit=300, now=lambda: float(next(times)))
    cache.pin(name(1), 100)
    for number in (1, 2, 3):
        path = put(cache, number)
        os.utime(path, (1000 * number, 1000))
    cache.find(name(2))
    put(cache, 4)
    assert [number for number in (1, 2, 3, 4) if cache.find(name(number))] == [1, 2, 4]


def test_use_leaves_the_time_of_making_alone(tmp_path: Path) -> None:
    """Last use is the access time: Last-Modified does not move."""
    cache = FileCache(tmp_path)
    path = put(cache, 1)
    os.utime(path, (1000, 2000))
    cache.find(name(1))
    assert path.stat().st_mtime == 2000
    assert path.stat().st_atime > 1000


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    """The next start finds whole files only; parts that somebody still writes are left alone."""
    kept, living = put(FileCache(tmp_path), 1), FileCache(tmp_path).begin(name(2), 0)
    (tmp_path / f".mp3.{'0' * 16}.voiceguide-part").touch()
    FileCache(tmp_path)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {kept, living.part.path}
    living.drop()


@pytest.mark.parametrize("wrong", ["../x.mp3", "x", "", "0" * 64, "0" * 64 + ".mp3/..", "A" * 64 + ".mp3"])
def test_only_names_of_sessions_are_names(tmp_path: Path, wrong: str) -> None:
    """No name leads out of the folder."""
    with pytest.raises(ValueError, match="name"):
        FileCache(tmp_path).find(wrong)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file in the folder's place is an error of ours, in a sentence."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match="cannot be kept"):
        FileCache(tmp_path / "taken").begin(name(1), 0)


def test_a_file_of_another_size_is_no_file(tmp_path: Path) -> None:
    """What an older program kept under a name, other than it should be, is let go of."""
    cache = FileCache(tmp_path)
    put(cache, 1, 100)
    assert cache.find(name(1), 100) is not None
    assert cache.find(name(1), 101) is None
    assert cache.find(name(1)) is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.__name__))
@pytest.mark.parametrize("looked", ["before", "never"])
def test_what_is_damaged_is_not_there_and_can_be_made_anew(
    tmp_path: Path, kind: Callable[[Path, Random], None], looked: str
) -> None:
    """Whatever is done to a file, looked at before or never: nobody gets it, and it is mended."""
    cache = FileCache(tmp_path / "sessions")
    path = put(cache, 1, 5000)
    other = put(cache, 2, 5000)
    if looked == "never":
        cache = FileCache(cache.folder)
    else:
        assert cache.find(name(1)) == path
        assert cache.find(name(1)) == path
    kind(path, Random(1))
    assert cache.known(name(1)) is None
    assert cache.open(name(1)) is None
    assert cache.find(name(1)) is None
    mended = put(cache, 1, 5000)
    assert mended.read_bytes() == b"\1" * 5000
    assert cache.find(name(1)) == mended
    if kind is not swapped:
        assert cache.find(name(2)) == other


def test_a_file_is_read_through_once(tmp_path: Path) -> None:
    """Looked at when it is first opened, it is not again until it has changed."""
    cache = FileCache(tmp_path)
    path = put(cache, 1)
    assert cache.find(name(1)) == path
    handle = cache.open(name(1))
    assert handle is not None
    with handle:
        assert handle.tell() == 0
    path.touch()
    assert cache.known(name(1)) is None
    assert cache.find(name(1)) == path
    assert cache.known(name(1)) == path


def test_what_is_not_sealed_is_nothing(tmp_path: Path) -> None:
    """A file that an older version kept is let go of, however whole it may be."""
    place = tmp_path / "00"
    place.mkdir()
    (place / name(1)).write_bytes(bytes(100))
    assert FileCache(tmp_path).find(name(1)) is None
    assert list(place.iterdir()) == []


def test_two_that_were_made_at_once_are_one_file(tmp_path: Path) -> None:
    """Of two whole files of a name, which two processes made, the one that was found is found again."""
    first, second = FileCache(tmp_path), FileCache(tmp_path)
    drafts = [first.begin(name(1), 2), second.begin(name(1), 2)]
    drafts[0].part.path.write_bytes(b"ab")
    drafts[1].part.path.write_bytes(b"cd")
    kept = drafts[0].keep(name(1))
    assert drafts[1].keep(name(1)) == kept
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
