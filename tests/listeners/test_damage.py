"""Files that are damaged, replaced or taken away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.listeners.processes import NOTE, files, store_at
from tests.listeners.samples import NOW, phone
from tools.damage import KINDS as DAMAGES
from voiceguide.errors import StoreError
from voiceguide.listeners import (
    Favourite,
    Listening,
    Note,
    Put,
)
from voiceguide.listeners.damage import set_aside


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"no database at all, whatever the name of the file says" * 20,
        lambda data: data[:-5000],
        lambda data: data[:4096] + Random(1).randbytes(len(data) - 4096),
        lambda data: data[:1000] + b"\0" * (len(data) - 1000),
        lambda data: data[: 5 * 4096] + b"\0" * 4096 + data[6 * 4096 :],
    ],
    ids=["other", "torn", "scrambled", "zeros", "page"],
)
def test_a_damaged_file_is_set_aside(
    path: Path, damage: Callable[[bytes], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    """A damaged file keeps its bytes under another name, which is told once; memory begins anew."""
    with store_at(path) as store:
        store.write(*(Put(Listening(str(number), "chair", 0, 0), phone(number)) for number in range(300)))
    bytes_before = damage(path.read_bytes())
    path.write_bytes(bytes_before)
    for _ in range(2):
        with store_at(path) as store:
            store.get(Note, "n1")
            store.write(NOTE)
            assert [each.record for each in store.everything()] == [NOTE.record]
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}, which has a listener's records, was damaged; it is kept as 0.sqlite3.damaged-1, "
        "and a new file begun"
    ]
    assert files(path.parent)["0.sqlite3.damaged-1"] == bytes_before


def test_damage_while_it_is_open(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A file that is damaged while two have it open is set aside by one; both go on with the new one."""
    with store_at(path) as store:  # more than a connection holds in memory
        store.write(*(Put(Note(str(number), "word " * 1500), phone(NOW)) for number in range(200)))
    with store_at(path) as one, store_at(path) as other:
        for store in (one, other):
            assert len(store.everything()) == 200
        with path.open("r+b") as file:
            file.write(b"\xff" * path.stat().st_size)
        for store in (one, other):
            assert store.everything() == ()
        one.write(Put(Favourite("one"), phone(NOW)))
        other.write(Put(Favourite("other"), phone(NOW)))
        for store in (one, other):
            assert {each.record.script for each in store.all(Favourite)} == {"one", "other"}
    assert len(caplog.records) == 1


def test_a_file_that_is_taken_away(path: Path) -> None:
    """Where the file is removed by hand while it is open, its log too or not, memory begins anew."""
    with store_at(path) as store:
        for number, names in enumerate((("",), ("", "-wal", "-shm"))):
            store.write(Put(Favourite(str(number)), phone(NOW)))
            for suffix in names:
                path.with_name(path.name + suffix).unlink()
        store.write(NOTE)
        assert [each.record for each in store.everything()] == [NOTE.record]


def test_what_another_set_aside_is_left_alone(path: Path) -> None:
    """Where the file is not the damaged one any more, since another process was faster, it stays."""
    with store_at(path) as store:
        store.write(NOTE)
    assert set_aside(path, lambda: False) is None
    assert path.exists()
    assert set_aside(path, lambda: True) == path.with_name("0.sqlite3.damaged-1")


def test_few_damaged_files_are_kept(path: Path) -> None:
    """A disk that damages again and again does not fill up with what was set aside."""
    for number in range(6):
        with store_at(path) as store:
            store.write(Put(Favourite("chair"), phone(NOW)))
        path.write_bytes(b"damaged %d" % number * 100)
    with store_at(path) as store:
        store.forget()
        assert set(files(path.parent)) == {"0.sqlite3", "0.sqlite3-wal", "0.sqlite3-shm", ".lock"}
    for number in range(6):
        path.write_bytes(b"damaged %d" % number * 100)
        with store_at(path) as store:
            store.everything()
    assert sum("damaged" in name for name in files(path.parent)) == 3


@pytest.mark.parametrize("kind", DAMAGES, ids=lambda kind: str(kind.__name__))
def test_whatever_lies_there(tmp_path: Path, kind: Callable[[Path, Random], None]) -> None:
    """Whatever takes the file's place, memory works, or one sentence says why not."""
    path = tmp_path / "clips" / "00" / "0.sqlite3"  # where what does the damage looks for another
    for each in (path, path.with_name("1.sqlite3")):
        with store_at(each) as store:
            store.write(NOTE)
    kind(path, Random(1))
    with store_at(path) as store:
        said = ""
        try:
            store.write(Put(Favourite("chair"), phone(NOW)))
        except StoreError as error:
            said = str(error)
        else:
            assert [each.record.script for each in store.all(Favourite)] == ["chair"]
    assert not said or said.startswith(f"{path}, which has a listener's records, cannot be used: ")
    assert "\n" not in said
