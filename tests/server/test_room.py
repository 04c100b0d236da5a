from __future__ import annotations

import os
from pathlib import Path

import pytest

from voiceguide.server.room import Full, Room

KEYS = ["a" * 64, "b" * 64, "c" * 64]


def file(folder: Path, number: int, size: int) -> Path:
    """Put a sealed file there that was used the later the higher its *number* is."""
    path = folder / f"{KEYS[number]}.{'0' * 64}.mp3"
    path.write_bytes(bytes(size))
    os.utime(path, (1000 * (number + 1), 1000))
    return path


def room(folder: Path, limit: int = 300) -> Room:
    return Room(limit, folder.iterdir)


def test_what_is_promised_is_not_promised_again(tmp_path: Path) -> None:
    """Promises add up, may grow while there is room, and are given back."""
    made = room(tmp_path)
    first, second = made.promise("a", 100), made.promise("b", 100)
    second.grow(200)
    with pytest.raises(Full):
        made.promise("c", 1)
    with pytest.raises(Full):
        first.grow(101)
    second.release()
    second.release()
    made.promise("c", 200)


def test_the_least_used_leave_for_what_is_promised(tmp_path: Path) -> None:
    """Files make room before a byte of what comes is written, and no more of them than have to."""
    first, second = file(tmp_path, 0, 100), file(tmp_path, 1, 100)
    made = room(tmp_path)
    made.promise("c", 150)
    assert (first.exists(), second.exists()) == (False, True)
    with pytest.raises(Full):
        made.promise("d", 151)
    assert second.exists()


def test_what_is_put_there_takes_the_place_of_its_promise(tmp_path: Path) -> None:
    """A finished file is counted once, by what it has, from the moment it has its name."""
    made = room(tmp_path)
    promise = made.promise("a", 200)
    promise.keep(lambda: file(tmp_path, 0, 120), 120)
    made.promise("b", 180)
    assert (tmp_path / f"{KEYS[0]}.{'0' * 64}.mp3").exists()


def test_what_is_pinned_has_its_room(tmp_path: Path) -> None:
    """It is held for it, made or not; its own making needs no more; and it leaves for nobody."""
    made, kept = room(tmp_path), file(tmp_path, 0, 100)
    made.pin(f"{KEYS[0]}.mp3", 100)
    other = made.promise("b", 200)
    with pytest.raises(Full):
        made.promise("c", 1)
    made.promise(f"{KEYS[0]}.mp3", 100)
    assert kept.exists()
    other.release()
    made.pin(f"{KEYS[1]}.mp3", 100)
    made.promise("c", 200)
    assert not kept.exists()


def test_what_is_pinned_fits_alone_whatever_the_limit(tmp_path: Path) -> None:
    """Under a limit that is too small for it, it is the one thing that is kept."""
    made, other = room(tmp_path, 10), file(tmp_path, 1, 5)
    made.pin(f"{KEYS[0]}.mp3", 100)
    made.promise(f"{KEYS[0]}.mp3", 100)
    assert not other.exists()
    with pytest.raises(Full):
        made.promise("b", 1)
