"""What holds of the file that a listener's memory is in."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from tests.listeners.test_contract import NOW, ONE_OF_EACH, Clock, phone
from tools.damage import KINDS as DAMAGES
from voiceguide.errors import StoreError
from voiceguide.listeners import (
    Favourite,
    Heard,
    ListenerFolder,
    MemoryListenerStores,
    Note,
    Put,
    Remove,
    Setting,
    SqliteListenerStore,
    Stamp,
)
from voiceguide.listeners.damage import set_aside
from voiceguide.listeners.folder import MOST_OPEN
from voiceguide.listeners.schema import MIGRATIONS

WORDS = "a secret of mine"
NOTE = Put(Note("n1", WORDS), phone(NOW))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "listeners" / "0.sqlite3"


def store_at(path: Path, clock: Clock | None = None) -> closing[SqliteListenerStore]:
    return closing(SqliteListenerStore(path, clock=clock or Clock()))


def files(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def writer(path: Path, device: str, what: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.listeners.writing", str(path), device, what]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def lines(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return [line.strip() for line in process.stdout]


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
        assert len(store.all(Heard)) == 120
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
            there = {each.record.id for each in store.all(Heard)}
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
        store.write(*(Put(Heard(str(number), "chair", 0, 0), phone(number)) for number in range(300)))
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


class TestAllListeners:
    def test_one_knows_nothing_of_the_other(self, tmp_path: Path) -> None:
        """Each listener has a memory of their own; who is removed leaves no file."""
        with closing(ListenerFolder(tmp_path / "listeners", clock=Clock())) as stores:
            stores.of("a1").write(NOTE)
            stores.of("b2").write(Put(Favourite("chair"), phone(NOW)))
            assert stores.ids() == ("a1", "b2")
            assert stores.of("b2").all(Note) == ()
            stores.remove("a1")
            assert stores.ids() == ("b2",)
        assert set(files(tmp_path)) == {"b2.sqlite3"}

    def test_in_memory_too(self) -> None:
        """The fake keeps them apart as well."""
        stores = MemoryListenerStores(Clock())
        stores.of("a1").write(NOTE)
        assert stores.of("b2").everything() == ()
        assert stores.ids() == ("a1",)
        stores.remove("a1")
        assert stores.of("a1").everything() == ()

    @pytest.mark.parametrize("listener", ["", "../up", "A", "a b", "x" * 41, "a.b"])
    def test_an_id_is_no_path(self, tmp_path: Path, listener: str) -> None:
        """An id that could leave the folder is refused, whoever asks."""
        with pytest.raises(ValueError, match="not the id of a listener"):
            ListenerFolder(tmp_path).of(listener)
        with pytest.raises(ValueError, match="not the id of a listener"):
            MemoryListenerStores().of(listener)

    def test_few_files_are_open(self, tmp_path: Path) -> None:
        """However many listeners there are, few files are open, and who is asked again is there."""
        with closing(ListenerFolder(tmp_path / "listeners", clock=Clock())) as stores:
            first = stores.of("l0")
            for number in range(MOST_OPEN + 6):
                stores.of(f"l{number}").write(Put(Favourite(str(number)), Stamp(1, "phone")))
            assert len(list((tmp_path / "listeners").glob("*-wal"))) <= MOST_OPEN
            assert [each.record for each in first.all(Favourite)] == [Favourite("0")]
            first.close()
