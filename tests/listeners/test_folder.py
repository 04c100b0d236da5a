"""The stores of all listeners."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.listeners.processes import NOTE, files
from tests.listeners.samples import NOW, Clock, phone
from voiceguide.errors import StoreError
from voiceguide.listeners import (
    NAMELESS,
    Favourite,
    ListenerFolder,
    MemoryListenerStores,
    Note,
    Put,
    Roster,
    WriteStamp,
    granting,
)
from voiceguide.listeners.folder import MOST_OPEN


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
                stores.of(f"l{number}").write(Put(Favourite(str(number)), WriteStamp(1, "phone")))
            assert len(list((tmp_path / "listeners").glob("*-wal"))) <= MOST_OPEN
            assert [each.record for each in first.all(Favourite)] == [Favourite("0")]
            first.close()

    def test_who_is_removed_stays_removed(self, tmp_path: Path) -> None:
        """What a program still writes of a removed listener is refused, and makes no file."""
        folder = tmp_path / "listeners"
        roster = Roster(folder)
        anna, here = roster.add("Anna"), ListenerFolder(folder, known=roster.knows)
        with closing(here), closing(ListenerFolder(folder, known=roster.knows)) as elsewhere:
            store = here.of(anna.id)
            store.write(NOTE)
            granting.remove(roster, elsewhere, anna.id)
            assert store.everything() == ()
            for again in (store, here.of(anna.id), elsewhere.of(anna.id)):
                with pytest.raises(StoreError, match="a listener who was removed"):
                    again.write(NOTE)
            assert here.of(NAMELESS).write(NOTE) == (True,)
        assert [path.name for path in folder.glob("*.sqlite3*")] == ["0.sqlite3"]

    def test_damaged_files_go_too(self, tmp_path: Path) -> None:
        """With a listener go the damaged files that were set aside, also if no new one was begun."""
        with closing(ListenerFolder(tmp_path / "listeners")) as stores:
            stores.of("a1").write(NOTE)
            stores.close()
            (tmp_path / "listeners" / "a1.sqlite3").rename(tmp_path / "listeners" / "a1.sqlite3.damaged-1")
            stores.remove("a1")
        assert files(tmp_path) == {}

    def test_reading_makes_no_file(self, tmp_path: Path) -> None:
        """Who only reads leaves no trace, not even an empty file."""
        with closing(ListenerFolder(tmp_path / "listeners")) as stores:
            store = stores.of("a1")
            assert store.left("chair", "d") is None
            assert store.get(Favourite, "chair") is None
            assert store.everything() == store.all(Favourite) == ()
            assert not any(store.counts().values())
        assert list(tmp_path.iterdir()) == []
