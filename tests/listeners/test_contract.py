"""What holds of every memory of a listener."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.listeners.samples import DAY, NOW, ONE_OF_EACH, PLACE, Clock, laptop, phone
from voiceguide.audio import frames
from voiceguide.errors import LimitError
from voiceguide.listeners import (
    KINDS,
    Bookmark,
    CheckInAnswer,
    Favourite,
    ListenerStore,
    Listening,
    MemoryListenerStore,
    Note,
    Place,
    PlayQueue,
    ProgramDay,
    Put,
    Queued,
    Record,
    Remove,
    Setting,
    SqliteListenerStore,
    WriteStamp,
    settings_of,
)
from voiceguide.listeners.limits import LIMITS, NOTE_BYTES
from voiceguide.plan.wishes import Wishes


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[ListenerStore]:
    made: ListenerStore = (
        MemoryListenerStore(clock)
        if request.param == "memory"
        else SqliteListenerStore(tmp_path / "listeners" / "0.sqlite3", clock=clock)
    )
    yield made
    made.close()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of each kind are the most."""
    for kind, limit in LIMITS.items():
        monkeypatch.setitem(LIMITS, kind, replace(limit, most=3))


@pytest.mark.parametrize("record", ONE_OF_EACH, ids=lambda record: type(record).__name__)
class TestEveryKind:
    def test_what_is_written_is_there(self, store: ListenerStore, record: Record) -> None:
        """A record is got again as it was, alone and among its kind, with who wrote it when."""
        assert store.write(Put(record, phone(NOW))) == (True,)
        kept = store.get(type(record), record.key)
        assert kept is not None
        assert (kept.record, kept.stamp) == (record, phone(NOW))
        assert store.all(type(record)) == (kept,) == store.everything()
        assert store.get(type(record), "other") is None

    def test_what_is_removed_stays_so(self, store: ListenerStore, record: Record) -> None:
        """After a removal an earlier write that comes late changes nothing, and a later one does."""
        gone = Remove(type(record), record.key, laptop(NOW - DAY))
        assert store.write(Put(record, phone(NOW - 3 * DAY)), gone) == (True, True)
        assert store.write(Put(record, phone(NOW - 2 * DAY))) == (False,)
        assert store.get(type(record), record.key) is None
        assert store.all(type(record)) == () == store.everything()
        assert store.write(Put(record, phone(NOW))) == (True,)
        assert store.get(type(record), record.key) is not None

    def test_a_removal_that_comes_first_holds(self, store: ListenerStore, record: Record) -> None:
        """A removal of what is not there yet is known when the earlier write comes."""
        store.write(Remove(type(record), record.key, laptop(NOW)))
        assert store.write(Put(record, phone(NOW - DAY))) == (False,)
        assert store.everything() == ()


class TestLastWriterWins:
    def test_by_time_whatever_comes_first(self, store: ListenerStore) -> None:
        """What a phone that was offline for a week brings late does not undo what was written meanwhile."""
        assert store.write(Put(Setting("level", "-20"), laptop(NOW - DAY))) == (True,)
        assert store.write(
            Put(Setting("level", "-30"), phone(NOW - 7 * DAY)),
            Put(Setting("length", "7m"), phone(NOW - 6 * DAY)),
        ) == (False, True)
        kept = [each.record for each in store.all(Setting)]
        assert settings_of(kept, "chair") == {"level": "-20", "length": "7m"}

    def test_by_device_in_the_same_moment(self, store: ListenerStore) -> None:
        """Of two writes at one time that of the device whose name is later wins, in either order."""
        for name, (first, second) in {"a": (laptop, phone), "b": (phone, laptop)}.items():
            for stamp in (first(NOW), second(NOW)):
                store.write(Put(Setting(name, stamp.device), stamp))
        assert {each.record.value for each in store.all(Setting)} == {"phone"}

    def test_the_same_again_changes_nothing(self, store: ListenerStore) -> None:
        """A write that is sent twice holds both times."""
        write = Put(Favourite("chair"), phone(NOW))
        assert store.write(write, write) == (True, True)
        assert store.write(write) == (True,)
        assert len(store.everything()) == 1

    def test_the_future_is_now(self, store: ListenerStore, clock: Clock) -> None:
        """A device whose clock is a year ahead does not win for a year, and its own order is kept."""
        ahead = NOW + 365 * DAY
        store.write(
            Put(Setting("voice", "second"), phone(ahead + 5)), Put(Setting("voice", "first"), phone(ahead))
        )
        kept = store.get(Setting, "voice/")
        assert kept is not None
        assert (kept.record.value, kept.stamp.at) == ("second", NOW)
        clock.now += 1
        assert store.write(Put(Setting("voice", "third"), laptop(clock.now))) == (True,)
        assert store.write(Put(Setting("voice", "late"), laptop(NOW - 1))) == (False,)

    def test_a_clock_that_was_set_right(self, store: ListenerStore, clock: Clock) -> None:
        """What was written while this clock was ahead gives way to what is written now, and not to older."""
        clock.now = NOW + 30 * DAY
        store.write(
            Put(Setting("voice", "ahead"), laptop(clock.now)), Put(Favourite("chair"), laptop(clock.now))
        )
        clock.now = NOW
        assert store.write(Put(Setting("voice", "old"), phone(NOW - DAY))) == (False,)
        assert store.write(Put(Setting("voice", "new"), laptop(NOW))) == (True,)
        assert store.write(Remove(Favourite, "chair", laptop(NOW))) == (True,)
        assert [each.record for each in store.everything()] == [Setting("voice", "new")]

    def test_threads_side_by_side(self, store: ListenerStore) -> None:
        """Threads that write at once lose nothing, and what is written last is there."""

        def many(device: str) -> None:
            for number in range(25):
                stamp = WriteStamp(number, device)
                store.write(Put(Favourite(f"{device}-{number}"), stamp), Put(Setting("voice", device), stamp))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(many, "abcd"))
        assert len(store.all(Favourite)) == 100
        assert [each.record for each in store.all(Setting)] == [Setting("voice", "d")]

    def test_the_newest_come_first(self, store: ListenerStore) -> None:
        """All of a kind come by the time they were written, the last first."""
        for at in (2, 3, 1):
            store.write(Put(Favourite(str(at)), phone(at)))
        assert [each.record.script for each in store.all(Favourite)] == ["3", "2", "1"]
        assert [each.record.script for each in store.all(Favourite, 2)] == ["3", "2"]

    def test_they_are_counted(self, store: ListenerStore) -> None:
        """Each kind is counted, without what was removed, and removed records take no place in a list."""
        store.write(*(Put(Favourite(str(number)), phone(number)) for number in range(3)))
        store.write(Remove(Favourite, "2", phone(9)))
        assert store.counts() == {kind: 2 if kind == "favourite" else 0 for kind in KINDS}
        assert [each.record.script for each in store.all(Favourite, 2)] == ["1", "0"]


class TestBookmarks:
    @pytest.fixture(autouse=True)
    def _left(self, store: ListenerStore) -> None:
        store.write(Put(ONE_OF_EACH[0], phone(NOW - DAY)))

    def test_another_length_finds_it(self, store: ListenerStore) -> None:
        """An exercise has one bookmark, whatever the wishes: it says line, wishes and rung."""
        left = store.left("chair", "d1")
        assert left == ONE_OF_EACH[0]
        shorter = replace(left, session="k2", wishes=Wishes(length=frames(300.0)))
        store.write(Put(shorter, phone(NOW)))
        assert store.left("chair", "d1") == shorter

    def test_an_edited_script_has_none(self, store: ListenerStore) -> None:
        """A bookmark in a script that was edited since is not given."""
        assert store.left("chair", "d2") is None
        assert store.left("days", "d2") is None

    def test_a_renamed_script_has_it(self, store: ListenerStore) -> None:
        """A script that has another name now finds its bookmark, with marks of the file's new name."""
        left = store.left("mine/stool", "d1")
        assert left is not None
        assert (left.script, left.place.line) == ("mine/stool", "stool.yaml:3:5:say:0")
        assert left.place.frame == PLACE.frame

    def test_a_mark_in_a_shared_block_keeps_its_file(self, store: ListenerStore) -> None:
        """A line that stands in another file than the script has the same mark when that is renamed."""
        inside = replace(PLACE, line="settle.yaml:3:5:say:0")
        store.write(Put(Bookmark("chair", "d1", inside), phone(NOW)))
        assert store.left("stool", "d1") == Bookmark("stool", "d1", inside)

    def test_heard_to_its_end_under_the_new_name(self, store: ListenerStore) -> None:
        """Once it is heard to its end, the place under the old name is not found either."""
        store.write(Remove(Bookmark, "stool", phone(NOW)))
        assert store.left("stool", "d1") is None
        assert store.left("chair", "d1") is not None

    def test_left_again_after_its_end(self, store: ListenerStore) -> None:
        """What was heard to its end under one name and left since under the other is found."""
        store.write(Remove(Bookmark, "stool", phone(NOW - 2 * DAY)))
        assert store.left("stool", "d1") is not None

    def test_an_edit_under_the_same_name_hides_nothing(self, store: ListenerStore) -> None:
        """Where another script has had the name since, the place in the one asked for is found."""
        store.write(Put(Bookmark("stool", "d2", PLACE), phone(NOW)))
        left = store.left("stool", "d1")
        assert left is not None
        assert left.digest == "d1"

    def test_the_last_of_two_names(self, store: ListenerStore) -> None:
        """Of the places under the old and the new name the last is given, for either."""
        later = Bookmark("stool", "d1", Place(1, "stool.yaml:1:1::0"))
        store.write(Put(later, phone(NOW)))
        assert store.left("stool", "d1") == later
        assert store.left("chair", "d1") == later.under("chair")


TOO_MUCH: dict[str, Record] = {
    "8001": Note("n", "é" * (NOTE_BYTES // 2) + "x"),
    "201": Favourite("x" * 201),
    "must not be empty": Favourite(""),
    "one line": Favourite("a\nb"),
    "an id has": Listening("a b", "chair", 0, 0),
    "milliseconds": Listening("a", "chair", 1 << 80, 0),
    "the year 9999": Listening("a", "chair", 253_370_764_800_001, 0),
    "must not contain": Setting("a/b", "c"),
    "value of a setting": Setting("a", "c" * 201),
    "200 sessions": PlayQueue((Queued("a"),) * 201),
    "`int` <= 10": CheckInAnswer("c", "calm", 11),
    "`int` >= 1": ProgramDay("week", 0, NOW),
    "`int` >= 0": Bookmark("chair", "d1", Place(-1, "")),
    "half a surrogate": Note("n", "\ud83d"),
    "100000 bytes": Bookmark("a", "d", PLACE, wishes=Wishes(options={"a": "b" * 100_000})),
}


class TestBounds:
    @pytest.mark.parametrize("said", TOO_MUCH)
    def test_what_is_too_long_is_refused(self, store: ListenerStore, said: str) -> None:
        """What is too long or malformed is refused in one sentence, and nothing of its batch is kept."""
        with pytest.raises(LimitError, match=said) as caught:
            store.write(Put(Favourite("chair"), phone(NOW)), Put(TOO_MUCH[said], phone(NOW)))
        assert "\n" not in str(caught.value)
        assert store.everything() == ()

    @pytest.mark.parametrize("key", ["a\nb", "x" * 401, "\ud83d"])
    def test_nothing_is_removed_under_no_key(self, store: ListenerStore, key: str) -> None:
        """A removal under what can be no key is refused."""
        with pytest.raises(LimitError, match="a key is one line"):
            store.write(Remove(Favourite, key, phone(NOW)))

    @pytest.mark.parametrize(
        "stamp", [WriteStamp(-1, "phone"), *(WriteStamp(1, name) for name in ("", "x" * 41, "a\n", "\ud83d"))]
    )
    def test_who_writes_says_when_and_where(self, store: ListenerStore, stamp: WriteStamp) -> None:
        """A write without a time or a device's name is refused."""
        with pytest.raises(LimitError):
            store.write(Put(Favourite("chair"), stamp))

    def test_a_note_of_the_most_bytes(self, store: ListenerStore) -> None:
        """A note of exactly the most bytes is kept."""
        store.write(Put(Note("n", "é" * (NOTE_BYTES // 2)), phone(NOW)))
        assert len(store.all(Note)) == 1

    def test_one_too_many_is_refused(self, store: ListenerStore, few: None) -> None:
        """Where there is no room for one more, it is refused with what to do; then there is room."""
        store.write(*(Put(Note(str(number), ""), phone(number)) for number in range(3)))
        with pytest.raises(LimitError, match="at most 3 notes are kept; remove some first"):
            store.write(Remove(Note, "9", phone(5)), Put(Note("3", ""), phone(5)))
        assert store.write(Put(Note("1", "changed"), phone(5))) == (True,)
        store.write(Remove(Note, "0", phone(6)), Put(Note("3", ""), phone(6)))
        assert {each.record.id for each in store.all(Note)} == {"1", "2", "3"}

    def test_of_what_machines_write_the_oldest_leave(self, store: ListenerStore, few: None) -> None:
        """Bookmarks and history are never refused: the oldest leave, and do not come back."""
        for at in (3, 1, 4, 5, 2):
            store.write(Put(Listening("edcba"[at - 1], "chair", 0, 0), phone(at)))
        assert [each.record.id for each in store.all(Listening)] == ["a", "b", "c"]
        assert store.write(Put(Listening("e", "chair", 0, 0), phone(1))) == (False,)
        assert len(store.all(Listening)) == 3

    def test_removals_are_bounded(self, store: ListenerStore, few: None) -> None:
        """Of many removals the oldest leave; what was written before them stays removed."""
        writes = [Put(Favourite(name), phone(10 * at)) for at, name in enumerate("edcba", 1)]
        for write in writes:
            store.write(write, Remove(Favourite, write.key, phone(write.stamp.at + 1)))
        assert not any(store.write(write)[0] for write in writes)
        assert store.write(Put(Favourite("e"), phone(22))) == (True,)
        assert store.write(Put(Favourite("d"), phone(21))) == (False,)


class TestForgetting:
    def test_everything_is_gone(self, store: ListenerStore, clock: Clock) -> None:
        """Nothing is left, and what was written before and comes late is not taken; what comes after is."""
        store.write(*(Put(record, phone(NOW)) for record in ONE_OF_EACH))
        store.forget()
        assert store.everything() == ()
        assert store.left("chair", "d1") is None
        assert store.write(Put(Favourite("late"), phone(NOW))) == (False,)
        clock.now += 1
        assert store.write(Put(Favourite("new"), phone(clock.now))) == (True,)
        assert [each.record for each in store.everything()] == [Favourite("new")]

    def test_what_was_heard_before_is_not_told_anew(self, store: ListenerStore, clock: Clock) -> None:
        """What plays on another device meanwhile does not bring back what it played before."""
        store.write(Put(Listening("h1", "chair", NOW - 60_000, 50_000), phone(NOW)))
        store.forget()
        clock.now += 30_000
        late = Listening("h1", "chair", NOW - 60_000, 90_000)
        assert store.write(Put(late, phone(clock.now))) == (False,)
        new = Listening("h2", "chair", clock.now - 5_000, 5_000)
        assert store.write(Put(new, phone(clock.now))) == (True,)
        assert [each.record for each in store.all(Listening)] == [new]

    def test_it_can_be_closed_and_used_again(self, store: ListenerStore) -> None:
        """Who closes it lets go of files, and what was written is there for who asks again."""
        store.write(Put(Favourite("chair"), phone(NOW)))
        store.close()
        store.close()
        assert len(store.all(Favourite)) == 1


def test_settings_of_one_exercise_go_first() -> None:
    """For an exercise its own settings stand before those for all; another's do not count."""
    given = [Setting("eyes", "open", "chair"), Setting("eyes", "closed"), Setting("length", "7m", "days")]
    assert settings_of(given, "chair") == {"eyes": "open"}
    assert settings_of(given, "days") == {"eyes": "closed", "length": "7m"}


def test_one_of_each_is_every_kind() -> None:
    """These tests look at every kind of record, and each kind is bounded."""
    assert [type(record) for record in ONE_OF_EACH] == list(KINDS.values())
    assert set(LIMITS) == set(KINDS)
