from __future__ import annotations

import os
from pathlib import Path

import pytest

from voiceguide.files.quota import Full, Quota


def file(folder: Path, number: int, size: int) -> Path:
    """Put a file there that was used the later the higher its *number* is."""
    path = folder / f"{number}.mp3"
    path.write_bytes(bytes(size))
    os.utime(path, (1000 * (number + 1), 1000))
    return path


def quota(folder: Path, limit: int = 300) -> Quota:
    return Quota(limit, folder.iterdir)


def test_what_is_reserved_is_not_reserved_again(tmp_path: Path) -> None:
    """Reservations add up, may grow while there is room, and are given back."""
    made = quota(tmp_path)
    first, second = made.reserve("a", 100), made.reserve("b", 100)
    second.grow(200)
    with pytest.raises(Full):
        made.reserve("c", 1)
    with pytest.raises(Full):
        first.grow(101)
    second.release()
    second.release()
    made.reserve("c", 200)


def test_the_least_used_leave_for_what_is_reserved(tmp_path: Path) -> None:
    """Files make room before a byte of what comes is written, and no more of them than have to."""
    first, second = file(tmp_path, 0, 100), file(tmp_path, 1, 100)
    made = quota(tmp_path)
    made.reserve("c", 150)
    assert (first.exists(), second.exists()) == (False, True)
    with pytest.raises(Full):
        made.reserve("d", 151)
    assert second.exists()


def test_what_is_put_there_takes_the_place_of_its_reservation(tmp_path: Path) -> None:
    """A finished file is counted once, by what it has, from the moment it has its name."""
    made = quota(tmp_path)
    reserved = made.reserve("a", 200)
    reserved.keep(lambda: file(tmp_path, 0, 120), 120)
    made.reserve("b", 180)
    assert (tmp_path / "0.mp3").exists()


def test_what_is_pinned_has_its_quota(tmp_path: Path) -> None:
    """It is held for it, made or not; its own making needs no more; and it leaves for nobody."""
    made, kept = quota(tmp_path), file(tmp_path, 0, 100)
    made.pin("0.mp3", 100)
    other = made.reserve("b", 200)
    with pytest.raises(Full):
        made.reserve("c", 1)
    made.reserve("0.mp3", 100)
    assert kept.exists()
    other.release()
    made.pin("1.mp3", 100)
    made.reserve("c", 200)
    assert not kept.exists()


def test_what_is_pinned_fits_alone_whatever_the_limit(tmp_path: Path) -> None:
    """Under a limit that is too small for it, it is the one thing that is kept."""
    made, other = quota(tmp_path, 10), file(tmp_path, 1, 5)
    made.pin("0.mp3", 100)
    made.reserve("0.mp3", 100)
    assert not other.exists()
    with pytest.raises(Full):
        made.reserve("b", 1)


def test_where_one_leaves_the_spare_part_is_freed(tmp_path: Path) -> None:
    """Files that were not reserved make those leave that were used least, a part of the limit at once."""
    made = Quota(300, tmp_path.iterdir, spare=0.5)
    files = [file(tmp_path, number, 75) for number in range(4)]
    made.added(300)
    assert all(each.exists() for each in files)
    files.append(file(tmp_path, 4, 75))
    made.added(75)
    assert [each.exists() for each in files] == [False, False, False, True, True]


def test_what_another_process_puts_there_is_counted_in_time(tmp_path: Path) -> None:
    """A count is trusted for a while, and then made again."""
    clock = [0.0]
    made = Quota(300, tmp_path.iterdir, trusted=10.0, now=lambda: clock[0])
    made.added(0)
    others = [file(tmp_path, number, 200) for number in range(2)]
    made.added(0)
    assert all(each.exists() for each in others)
    clock[0] = 10.0
    made.added(0)
    assert [each.exists() for each in others] == [False, True]


def test_what_is_pinned_was_never_counted_with_the_others(tmp_path: Path) -> None:
    """Where the pinned file is removed, as a damaged one is, its bytes are still held for it alone."""
    made = quota(tmp_path, 301)
    files = [file(tmp_path, number, 100) for number in range(3)]
    made.pin(files[0].name, 100)
    made.reserve("a", 1).release()
    made.remove(files[0])
    made.reserve("b", 101)
    assert [each.exists() for each in files] == [False, False, True]
