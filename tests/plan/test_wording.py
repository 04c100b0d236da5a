"""Numbers and lengths as they are said."""

from __future__ import annotations

import pytest

from voiceguide.audio import frames
from voiceguide.plan.wording import duration, number


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (40, "forty"),
        (42, "forty-two"),
        (100, "one hundred"),
        (101, "one hundred and one"),
        (999, "nine hundred and ninety-nine"),
        (1000, "one thousand"),
        (1100, "one thousand one hundred"),
        (9999, "nine thousand nine hundred and ninety-nine"),
        (10_000, "10000"),
        (-3, "minus three"),
    ],
)
def test_number(value: int, words: str) -> None:
    """Numbers are said in words while that is short enough to follow."""
    assert number(value) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "one second"),
        (45, "forty-five seconds"),
        (60, "a minute"),
        (90, "a minute and a half"),
        (420, "seven minutes"),
        (433, "seven minutes"),
        (450, "seven and a half minutes"),
        (600, "ten minutes"),
        (645, "eleven minutes"),
        (3599, "an hour"),
        (3600, "an hour"),
        (3660, "an hour and a minute"),
        (3900, "an hour and five minutes"),
        (5400, "an hour and a half"),
        (7200, "two hours"),
        (9000, "two and a half hours"),
        (28_800, "eight hours"),
    ],
)
def test_duration(seconds: int, words: str) -> None:
    """A length is said as a person would say it."""
    assert duration(frames(seconds)) == words
