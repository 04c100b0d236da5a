"""What is left in files after records are deleted: nothing."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.listeners.processes import NOTE, WORDS, files, lines, store_at, writer
from tests.listeners.samples import NOW, Clock, phone
from voiceguide.errors import StoreError
from voiceguide.listeners import (
    Favourite,
    Note,
    Put,
    Remove,
    SqliteListenerStore,
)


def test_forgetting_leaves_no_word_in_any_file(path: Path) -> None:
    """After forgetting no file has a word of what was there, set aside or open elsewhere, nor its name."""
    path.parent.mkdir(parents=True)
    path.write_bytes(b"damaged " + WORDS.encode() * 100)
    with store_at(path) as store, store_at(path) as other:
        notes = (Put(Note(str(number), f"{WORDS} {number} " * 100), phone(NOW)) for number in range(50))
        store.write(*notes, Put(Favourite("secret-chair"), phone(NOW)))
        other.write(Remove(Favourite, "secret-chair", phone(NOW + 1)), Put(Note("0", WORDS), phone(NOW + 1)))
        found = [name for name, data in files(path.parent).items() if WORDS.encode() in data]
        assert {"0.sqlite3-wal", "0.sqlite3.damaged-1"} <= set(found)
        store.forget()
        for data in files(path.parent).values():
            assert b"secret" not in data
        assert path.stat().st_size < 50_000
        assert other.everything() == ()
    assert all(b"secret" not in data for data in files(path.parent).values())


def test_a_note_that_is_removed_is_in_no_file(path: Path) -> None:
    """The words of a note that is removed are gone from the file and from its log at once."""
    with store_at(path) as store:
        long = [Put(Note(f"m{number}", WORDS * 400), phone(NOW)) for number in range(9)]
        store.write(NOTE, *long, Put(Note("n2", "stays"), phone(NOW)))
        store.write(*(Remove(Note, write.key, phone(NOW + 1)) for write in long))
        store.write(Remove(Note, "n1", phone(NOW + 1)))
        there = b"".join(files(path.parent).values())
        assert WORDS.encode() not in there
        assert b"stays" in there


def test_forgetting_beside_a_reader(path: Path) -> None:
    """Where another program holds on to what was there, one sentence says what to do, and then it is gone."""
    with closing(SqliteListenerStore(path, clock=Clock(), busy_seconds=0.05)) as store:
        store.write(NOTE)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN")
            assert other.execute("SELECT count(*) FROM kept").fetchone() == (1,)
            with pytest.raises(StoreError):
                store.forget()
            assert store.everything() == ()
        store.forget()
        assert all(WORDS.encode() not in data for data in files(path.parent).values())


def test_what_kept_it_from_forgetting_is_over(path: Path) -> None:
    """What could not be wiped out is as soon as the file is opened again, also after kill -9."""
    with writer(path, "laptop", "forget") as process:
        assert lines(process) == ["ready", "killed amid forgetting"]
        assert process.wait() == -signal.SIGKILL
    aside = path.with_name("0.sqlite3.damaged-1")
    aside.write_bytes(WORDS.encode())
    found = [name for name, data in files(path.parent).items() if WORDS.encode() in data]
    assert {"0.sqlite3-wal", aside.name} == set(found)
    with store_at(path) as store:
        assert store.everything() == ()
        assert all(WORDS.encode() not in data for data in files(path.parent).values())
        aside.touch()
    with store_at(path) as store:
        assert store.everything() == ()
    assert aside.exists()
