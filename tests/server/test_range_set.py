from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from voiceguide.server.ranges import RangeSet

SIZE = 60

stretches = st.lists(st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).map(sorted))


@given(stretches)
def test_it_knows_of_every_byte_what_a_list_of_bytes_knows(pairs: list[list[int]]) -> None:
    """Stretches in any order, overlapping or touching, are there exactly where they were added."""
    made, there = RangeSet(SIZE), [False] * SIZE
    for start, stop in pairs:
        made.add(start, stop)
        there[start:stop] = [True] * (stop - start)
    assert made.total == sum(there)
    assert made.whole == all(there)
    for at in range(SIZE):
        gap = next((place for place in range(at, SIZE) if not there[place]), SIZE)
        begun = next((place for place in range(at, SIZE) if there[place]), SIZE)
        assert made.until(at) == gap
        assert made.next(at) == begun
