"""Durations as they are written."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.audio import Frames, frames
from voiceguide.script.durations import LONGEST, duration, written


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90.0),
        ("1m30s", 90.0),
        ("10m", 600.0),
        ("1h", 3600.0),
        ("0.5s", 0.5),
        ("1m 30s", 90.0),
        ("8h", 28800.0),
    ],
)
def test_a_duration_is_read(text: str, seconds: float) -> None:
    """Hours, minutes and seconds add up."""
    assert duration(text) == frames(seconds)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("12 potatoes", "write 12s, 1m30s or 10m"),
        ("90", "write 90s for seconds"),
        ("12:30", "write 12m30s"),
        ("-3s", "not negative"),
        ("0s", "no time at all"),
        ("9h", "longer than 8 hours"),
        ("8h1s", "longer than 8 hours"),
        ("9" * 400 + "s", "longer than 8 hours"),
        ("nan", "is not a duration"),
        (".nan", "is not a duration"),
        ("nans", "is not a duration"),
        ("infs", "is not a duration"),
        (".inf", "is not a duration"),
        ("1e3s", "is not a duration"),
        ("٣s", "is not a duration"),
        ("30s1m", "is not a duration"),
        ("", "is not a duration"),
        (" ", "is not a duration"),
    ],
)
def test_a_wrong_duration_is_refused_with_advice(text: str, advice: str) -> None:
    """What is no duration is refused with a sentence on what to write."""
    with pytest.raises(ValueError, match=re.escape(advice)):
        duration(text)


@given(st.integers(1, LONGEST))
def test_a_duration_survives_being_written(length: int) -> None:
    """Any length written down is read back to the frame."""
    assert duration(written(length)) == Frames(length)


@given(st.text(max_size=20))
def test_any_text_is_a_duration_or_refused(text: str) -> None:
    """No text gives a duration out of range, or anything but a sentence."""
    found = 1
    with contextlib.suppress(ValueError):
        found = duration(text)
    assert 0 < found <= LONGEST
