from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.export.encoding.signal import minute, render
from voiceguide.audio import Frames, frames
from voiceguide.export.encoding.grid import SEGMENT, pieces, pull, segments, span


@given(st.integers(1, frames(8 * 3600)))
def test_segments_cover_the_session_once(length: int) -> None:
    """Segments follow each other without gap or overlap, and end with the session."""
    spans = [span(k, Frames(length)) for k in range(segments(Frames(length)))]
    assert spans[0][0] == 0
    assert all(a[0] + a[1] == b[0] for a, b in pairwise(spans))
    assert spans[-1][0] + spans[-1][1] == length
    assert all(count == SEGMENT for _, count in spans[:-1])


@pytest.mark.parametrize("segment", [-1, 1])
def test_only_the_segments_of_the_session_exist(segment: int) -> None:
    """A segment before the first or after the last is an error."""
    with pytest.raises(IndexError):
        span(segment, Frames(SEGMENT))


@settings(deadline=None)
@given(st.integers(1, 5000), st.integers(0, 6000), st.integers(0, 3000))
def test_after_the_end_there_is_silence(length: int, start: int, count: int) -> None:
    """Frames beyond the session are zeros, and the mix is never asked for them."""
    block = minute()[:length]
    made = pull(render(block), Frames(length), start, count)
    inside = block[start : start + count]
    assert made.shape == (count, 2)
    assert np.array_equal(made[: len(inside)], inside)
    assert not made[len(inside) :].any()


@settings(deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000), st.integers(1, 700))
def test_pieces_are_the_stretch(start: int, count: int, size: int) -> None:
    """Pieces joined are the stretch asked for, each no longer than asked."""
    made = list(pieces(render(minute()), frames(60), start, start + count, size))
    assert all(len(piece) <= size for piece in made)
    assert np.array_equal(np.concatenate([np.zeros((0, 2)), *made]), minute()[start : start + count])
