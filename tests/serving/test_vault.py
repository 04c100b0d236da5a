from __future__ import annotations

import os
from pathlib import Path

import pytest

from voiceguide.errors import StoreError
from voiceguide.serving.vault import Vault


def name(number: int) -> str:
    return f"{number:064x}.mp3"


def put(vault: Vault, number: int, size: int = 100) -> Path:
    part = vault.part("mp3")
    part.path.write_bytes(bytes(size))
    return vault.keep(part, name(number))


def test_a_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    """What is being written is found by nobody; what is kept is found as it was written."""
    vault = Vault(tmp_path)
    part = vault.part("mp3")
    part.path.write_bytes(b"whole")
    assert vault.find(name(1)) is None
    vault.keep(part, name(1))
    found = vault.find(name(1))
    assert found is not None
    assert found.read_bytes() == b"whole"
    assert not part.path.exists()


def test_the_first_whole_file_of_a_name_stays(tmp_path: Path) -> None:
    """Two processes that make the same do no harm."""
    vault = Vault(tmp_path)
    first = put(vault, 1, 5)
    put(vault, 1, 7)
    assert first.stat().st_size == 5
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [name(1)]


def test_the_least_used_leave_when_there_is_no_room(tmp_path: Path) -> None:
    """Beyond its limit the vault lets go of what was not used for longest, never of what is pinned."""
    times = iter(range(1_000_000, 9_000_000, 1000))
    vault = Vault(tmp_path, limit=300, now=lambda: float(next(times)))
    vault.pin(name(1))
    for number in (1, 2, 3):
        path = put(vault, number)
        os.utime(path, (1000 * number, 1000))
    vault.find(name(2))
    put(vault, 4)
    assert [number for number in (1, 2, 3, 4) if vault.find(name(number))] == [1, 2, 4]


def test_use_leaves_the_time_of_making_alone(tmp_path: Path) -> None:
    """Last use is the access time: Last-Modified does not move."""
    vault = Vault(tmp_path)
    path = put(vault, 1)
    os.utime(path, (1000, 2000))
    vault.find(name(1))
    assert path.stat().st_mtime == 2000
    assert path.stat().st_atime > 1000


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    """The next start finds whole files only; parts that somebody still writes are left alone."""
    kept, living = put(Vault(tmp_path), 1), Vault(tmp_path).part("mp3")
    (tmp_path / f".mp3.{'0' * 16}.voiceguide-part").touch()
    Vault(tmp_path)
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {kept, living.path}
    living.drop()


@pytest.mark.parametrize("wrong", ["../x.mp3", "x", "", "0" * 64, "0" * 64 + ".mp3/..", "A" * 64 + ".mp3"])
def test_only_names_of_sessions_are_names(tmp_path: Path, wrong: str) -> None:
    """No name leads out of the folder."""
    with pytest.raises(ValueError, match="name"):
        Vault(tmp_path).find(wrong)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """A file in the folder's place is an error of ours, in a sentence."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match="cannot be kept"):
        Vault(tmp_path / "taken").part("mp3")


def test_a_file_of_another_size_is_no_file(tmp_path: Path) -> None:
    """What an older program kept under a name, other than it should be, is let go of."""
    vault = Vault(tmp_path)
    put(vault, 1, 100)
    assert vault.find(name(1), 100) is not None
    assert vault.find(name(1), 101) is None
    assert vault.find(name(1)) is None
