"""The same writes make the same memory, in whatever order they come."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.listeners.samples import NOW, Clock
from voiceguide.listeners import (
    Bookmark,
    Favourite,
    ListenerStore,
    Listening,
    MemoryListenerStore,
    Note,
    Place,
    Put,
    Record,
    Remove,
    Setting,
    SqliteListenerStore,
    Write,
    WriteStamp,
)
from voiceguide.listeners.limits import LIMITS

FEW = {kind: replace(limit, most=3) for kind, limit in LIMITS.items()}

_names = st.sampled_from("abcde")
_stamps = st.builds(
    WriteStamp,
    st.one_of(st.integers(0, 6), st.sampled_from([NOW - 1, NOW, NOW + 1, NOW + 10**9])),
    st.sampled_from(["laptop", "phone"]),
)
_records: st.SearchStrategy[Record] = st.one_of(
    st.builds(Favourite, _names),
    st.builds(Note, _names, st.sampled_from(["", "one", "two"])),
    st.builds(Setting, _names, st.sampled_from(["1", "2"])),
    st.builds(Listening, _names, st.just("chair"), st.just(0), st.integers(0, 2)),
    st.builds(
        Bookmark, _names, st.sampled_from(["d1", "d2"]), st.builds(Place, st.integers(0, 2), st.just("m"))
    ),
)
_writes: st.SearchStrategy[Write] = st.one_of(
    st.builds(Put, _records, _stamps),
    st.builds(lambda record, stamp: Remove(type(record), record.key, stamp), _records, _stamps),
)
_of_machines = _writes.filter(
    lambda write: (type(write.record) if isinstance(write, Put) else write.kind) in (Listening, Bookmark)
)


def memory_of(store: ListenerStore, writes: list[Write]) -> tuple[object, ...]:
    """Return what *store* holds after *writes*, and what it finds."""
    for write in writes:
        store.write(write)
    found = [store.left(script, digest) for script in "abcde" for digest in ("d1", "d2")]
    return (store.everything(), *found)


@given(
    st.lists(_writes, max_size=12).flatmap(lambda writes: st.tuples(st.just(writes), st.permutations(writes)))
)
def test_any_order_makes_the_same_memory(both: tuple[list[Write], list[Write]]) -> None:
    """Puts and removals of several devices, in any order, some from the future, end in one state."""
    one, other = (memory_of(MemoryListenerStore(Clock()), writes) for writes in both)
    assert one == other


@given(st.data())
def test_any_order_beyond_the_bounds(data: st.DataObject) -> None:
    """Where more is written than is kept, the same is left, in whatever order it came."""
    writes = data.draw(st.lists(_of_machines, max_size=14))
    with pytest.MonkeyPatch.context() as patch:
        for kind, limit in FEW.items():
            patch.setitem(LIMITS, kind, limit)
        one, other = (
            memory_of(MemoryListenerStore(Clock()), each)
            for each in (writes, data.draw(st.permutations(writes)))
        )
    assert one == other


@settings(max_examples=25)
@given(st.lists(_writes, max_size=12))
def test_the_file_and_the_fake_hold_the_same(writes: list[Write]) -> None:
    """The file has what the fake has, whether writes come alone or together, and when it is opened again."""
    expected = memory_of(MemoryListenerStore(Clock()), writes)
    with TemporaryDirectory() as folder:
        store = SqliteListenerStore(Path(folder) / "0.sqlite3", clock=Clock())
        assert memory_of(store, writes) == expected
        store.close()
        assert memory_of(store, []) == expected
        store.close()
        batch = SqliteListenerStore(Path(folder) / "1.sqlite3", clock=Clock())
        batch.write(*writes)
        assert memory_of(batch, []) == expected
        batch.close()
