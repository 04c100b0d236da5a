"""What holds of the file that a listener's memory is in."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from tests.listeners.processes import NOTE, WORDS, begin, files, lines, store_at, writer
from tests.listeners.samples import NOW, ONE_OF_EACH, Clock, phone
from voiceguide.errors import StoreError
from voiceguide.listeners import (
    Favourite,
    Listening,
    Note,
    Put,
    Setting,
    SqliteListenerStore,
)
from voiceguide.listeners.schema import MIGRATIONS


@pytest.mark.skipif(os.name != "posix", reason="files have no mode here")
def test_only_its_owner_can_read_it(path: Path) -> None:
    """Folder, file and logs are their owner's alone, also where they were open to others before."""
    path.parent.mkdir(parents=True, mode=0o755)
    path.touch(0o644)
    with store_at(path) as store:
        store.write(NOTE)
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
        assert modes == {"0.sqlite3": 0o600, "0.sqlite3-wal": 0o600, "0.sqlite3-shm": 0o600}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_closing_leaves_one_file(path: Path) -> None:
    """After closing all is in the one file, which can be copied."""
    with store_at(path) as store:
        store.write(NOTE)
    assert set(files(path.parent)) == {"0.sqlite3"}
    with store_at(path) as store:
        assert [each.record for each in store.all(Note)] == [Note("n1", WORDS)]


def test_two_processes_at_once(path: Path) -> None:
    """Two processes that write side by side, into a file that is not there yet, lose nothing."""
    both = [writer(path, "laptop", "60"), writer(path, "phone", "60")]
    for process in both:
        begin(process)
    for process in both:
        assert len(lines(process)) == 61
        assert process.wait() == 0
        process.__exit__(None, None, None)
    with store_at(path) as store:
        assert len(store.all(Listening)) == 120
        voice = store.get(Setting, "voice/")
        assert voice is not None
        assert voice.record.value == "phone-59"


def test_kill_9_amid_writes(path: Path) -> None:
    """Whatever was said to be written is there after kill -9, the file is whole, and each batch is whole."""
    for round_, device in enumerate(("a", "b")):
        with writer(path, device, "0") as process:
            begin(process)
            assert process.stdout is not None
            done = [line.strip() for line in islice(process.stdout, 1, 30 + 17 * round_)]
            process.kill()
            done += lines(process)
            assert process.wait() == -signal.SIGKILL
        with store_at(path) as store:
            there = {each.record.id for each in store.all(Listening)}
            assert {f"{device}-{number}" for number in done} <= there
            voice = store.get(Setting, f"voice/{device}")
            last = max(int(name.split("-")[1]) for name in there if name.startswith(device))
            assert voice is not None
            assert voice.record.value == f"{device}-{last}"
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_full_disk(path: Path) -> None:
    """A disk that is full is one sentence, nothing of before is lost, and there is room again after that."""
    with writer(path, "laptop", "full") as process:
        ready, *done, said = lines(process)
        assert process.wait() == 0
    assert ready == "ready"
    assert "the disk is full" in said
    assert len(done) > 5
    with store_at(path) as store:
        there = {each.record.id: each.record.text for each in store.all(Note)}
    assert there == {number: f"{number} " + "word " * 1000 for number in done} | {
        "after": "there is room again"
    }


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_files_of_earlier_versions(path: Path, version: int) -> None:
    """A file of every earlier version, an empty one too, is brought up to date with all that is in it."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                connection.execute(statement)
        if version:
            connection.execute(
                "INSERT INTO kept (kind, key, at, device, said, value) VALUES (?, ?, ?, ?, ?, ?)",
                ("favourite", "chair", NOW, "phone", NOW, '{"kind":"favourite","script":"chair"}'),
            )
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()
    with store_at(path) as store:
        there = [each.record for each in store.all(Favourite)]
        assert there == ([Favourite("chair")] if version else [])
        store.write(*(Put(record, phone(NOW)) for record in ONE_OF_EACH))
        assert store.left("stool", "d1") is not None
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_a_file_of_a_later_version(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What a later program has written is left as it is, and one sentence says so."""
    with store_at(path) as store:
        store.write(NOTE)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with (
        store_at(path) as store,
        pytest.raises(StoreError, match="a later version of voiceguide has written"),
    ):
        store.everything()
    assert caplog.records == []
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_a_record_that_a_later_version_wrote(path: Path) -> None:
    """A row that makes no sense is as good as none, and hides no other."""
    with store_at(path) as store:
        store.write(NOTE, Put(Favourite("chair"), phone(NOW)))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE kept SET value = '{}' WHERE kind = 'note'")
            connection.execute(
                "INSERT INTO kept SELECT 'new', key, at, device, said, value, digest FROM kept"
            )
            connection.commit()
        assert store.get(Note, "n1") is None
        assert [each.record for each in store.everything()] == [Favourite("chair")]


def test_who_writes_for_long_is_told_of(path: Path) -> None:
    """Where another process writes and does not end, one sentence says so, and what is there can be read."""
    with closing(SqliteListenerStore(path, clock=Clock(), busy_seconds=0.05)) as store:
        store.write(NOTE)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError, match="another program has been writing to it"):
                store.write(NOTE)
            assert len(store.all(Note)) == 1
            other.execute("ROLLBACK")
        assert store.write(NOTE) == (True,)


def test_many_that_wait_for_another_program_wait_together(path: Path) -> None:
    """While another process writes, many writes give up after the time of one, not one after the other."""

    def give_up(store: SqliteListenerStore) -> float:
        begun = time.monotonic()
        with pytest.raises(StoreError, match="another program has been writing to it"):
            store.write(NOTE)
        return time.monotonic() - begun

    with closing(SqliteListenerStore(path, clock=Clock(), busy_seconds=0.5)) as store:
        store.write(NOTE)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            alone = give_up(store)
            with ThreadPoolExecutor(8) as threads:
                begun = time.monotonic()
                assert len(list(threads.map(give_up, [store] * 32))) == 32
                # Whoever comes as others give up waits once more, and none of these alone.
                assert time.monotonic() - begun < 12 * alone
            other.execute("ROLLBACK")
        assert store.write(NOTE) == (True,)
