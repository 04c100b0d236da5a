from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.listeners.samples import NOW, Clock, phone
from voiceguide.listeners import (
    Favourite,
    MemoryListenerStore,
    Note,
    Put,
    Remove,
    Setting,
    SqliteListenerStore,
    WritesBehind,
)


@pytest.fixture
def store(path: Path) -> Iterator[SqliteListenerStore]:
    with closing(SqliteListenerStore(path, clock=Clock())) as made:
        made.write(Remove(Favourite, "none", phone(0)))  # which makes the file
        yield made


def test_who_writes_does_not_wait(path: Path, store: SqliteListenerStore) -> None:
    """While another process holds the file, writing returns; of one key only the last is written then."""
    behind = WritesBehind(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for number in range(50):
            behind.write(Put(Setting("voice", str(number)), phone(NOW - 100 + number)))
        behind.write(Put(Favourite("chair"), phone(NOW)))
        behind.write(Remove(Favourite, "chair", phone(NOW + 1)))
        assert not behind.flush(0.01)
        other.execute("ROLLBACK")
    assert behind.close()
    assert [each.record for each in store.everything()] == [Setting("voice", "49")]


def test_what_cannot_be_written_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """A write that is refused is one sentence in the log, however often; the next ones are done."""
    store = MemoryListenerStore(Clock())
    behind = WritesBehind(store)
    for number in range(3):
        behind.write(Put(Note(str(number), "x" * 9000), phone(NOW)))
    behind.write(Put(Favourite("chair"), phone(NOW)))
    assert behind.close()
    assert [each.record for each in store.everything()] == [Favourite("chair")]
    assert [each.getMessage() for each in caplog.records] == ["a note can have 8000 bytes; this one has 9000"]


def test_after_closing_nothing_is_taken() -> None:
    """Closing one that never wrote is done at once, and what comes then is not written."""
    store = MemoryListenerStore(Clock())
    behind = WritesBehind(store)
    assert behind.close()
    behind.write(Put(Favourite("chair"), phone(NOW)))
    assert behind.flush(0)
    assert store.everything() == ()
