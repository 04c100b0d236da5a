"""The journal of a listener: what players read and write."""

from __future__ import annotations

import logging
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.listeners.samples import NOW, Clock
from voiceguide.errors import StoreError
from voiceguide.listeners import (
    Bookmark,
    ListenerJournal,
    ListenerStore,
    Listening,
    MemoryListenerStore,
    Place,
    PlayQueue,
    PrivateJournal,
    Queued,
    SqliteListenerStore,
)
from voiceguide.listeners.device import device_name
from voiceguide.listeners.limits import check_device

LEFT = Bookmark("chair", "d1", Place(480_000, "chair.yaml:3:5:say:0"))
HEARD = Listening("a", "chair", NOW - 60_000, 30_000)


def test_what_is_written_is_read(path: Path) -> None:
    """What was just left is found, and what was finished is not; all is in the file once it is closed."""
    with closing(ListenerJournal(lambda: SqliteListenerStore(path), "laptop")) as journal:
        journal.leave(LEFT)
        assert journal.left("chair", "d1") == LEFT
        journal.finish("chair")
        assert journal.left("chair", "d1") is None
        journal.hear(HEARD)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    with closing(SqliteListenerStore(path)) as store:
        assert [(each.record, each.stamp.device) for each in store.everything()] == [(HEARD, "laptop")]


def test_nothing_is_opened_before_it_is_used() -> None:
    """A journal that nobody used opens no store, and one that was used opens it once."""
    opened: list[ListenerStore] = []

    def make() -> ListenerStore:
        opened.append(MemoryListenerStore(Clock()))
        return opened[-1]

    ListenerJournal(make, "laptop").close()
    assert not opened
    with closing(ListenerJournal(make, "laptop")) as journal:
        assert journal.left("chair", "d1") is None
        journal.leave(LEFT)
    assert len(opened) == 1


def test_where_nothing_can_be_kept_playing_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    """A store that cannot be used is one sentence in the log; nothing is found, and nothing raises."""

    def make() -> ListenerStore:
        raise StoreError("the disk is full; free some space")

    with closing(ListenerJournal(make, "laptop")) as journal:
        journal.leave(LEFT)
        journal.hear(HEARD)
        assert journal.left("chair", "d1") is None
    assert {each.getMessage() for each in caplog.records} == {"the disk is full; free some space"}


def test_a_private_one_only_reads() -> None:
    """It finds the place, and neither moves nor removes it."""
    store = MemoryListenerStore()
    with closing(ListenerJournal(lambda: store, "laptop")) as journal:
        journal.leave(LEFT)
        private = PrivateJournal(journal)
        assert private.left("chair", "d1") == LEFT
        private.leave(Bookmark("days", "d2", Place(1, "")))
        private.finish("chair")
        private.hear(HEARD)
        assert journal.left("chair", "d1") == LEFT
    assert [each.record for each in store.everything()] == [LEFT]


def test_the_queue_of_this_device() -> None:
    """A queue is found by the device that lined it up last; a private session changes none."""
    store = MemoryListenerStore()
    queue = PlayQueue((Queued("chair", "length=7m"),), frame=1)
    with (
        closing(ListenerJournal(lambda: store, "laptop:8766")) as here,
        closing(ListenerJournal(lambda: store, "laptop:8767")) as there,
    ):
        assert here.queue() is None
        here.line_up(queue)
        assert here.queue() == PrivateJournal(here).queue() == queue
        PrivateJournal(here).line_up(PlayQueue(()))
        assert here.queue() == queue
        assert there.queue() is None
        there.line_up(PlayQueue(()))
        assert there.queue() == PlayQueue(())
        assert here.queue() is None


@pytest.mark.parametrize("port", [None, 8766, 65535])
def test_a_device_has_a_name(port: int | None) -> None:
    """The name of this computer, and of a speaker on it, is one that stores take."""
    name = device_name(port)
    check_device(name)
    assert port is None or name.endswith(f":{port}")


@pytest.mark.parametrize("name", ["\udcff", "a\nb", "x" * 300, ""])
def test_a_name_that_no_store_takes(path: Path, name: str, caplog: pytest.LogCaptureFixture) -> None:
    """A script of a name that cannot be kept is not found and not kept, and says so once."""
    caplog.set_level(logging.WARNING)
    with closing(ListenerJournal(lambda: SqliteListenerStore(path), "laptop")) as journal:
        assert journal.left(name, "d1") is None
        journal.leave(Bookmark(name, "d1", Place(1, "")))
        journal.finish(name)
    with closing(SqliteListenerStore(path)) as store:
        assert store.everything() == ()


def test_playing_does_not_import_sqlite() -> None:
    """What `play` imports before the first sound has no database in it."""
    look = (
        "import sys; from voiceguide.cli.journals import id_of, journal_of; import voiceguide.cli.play, "
        "voiceguide.session.studio, voiceguide.playback.player, voiceguide.playback.device.card; "
        "journal_of(id_of(None)); print('sqlite3' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
