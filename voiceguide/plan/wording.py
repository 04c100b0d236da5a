"""The program's own spoken words: numbers, lengths, words of the breath, the check-in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal

from voiceguide.audio import RATE
from voiceguide.script.durations import LONGEST

BREATHE_IN: Final = "Breathe in."
HOLD: Final = "Hold."
BREATHE_OUT: Final = "And out."
WAIT: Final = "And wait."

CHECK_IN: Final[Mapping[Literal["before", "after"], str]] = {
    "before": (
        "Before we start, you might pick a number for how near things feel. "
        "Zero is far away. Ten is right here. No number is fine too."
    ),
    "after": (
        "You might pick that number again. Zero is far away, and ten is right here. "
        "Higher, lower, or just the same: each is fine."
    ),
}

# fmt: off
_ONES: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
# fmt: on
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number(value: int) -> str:
    """Return *value* in words, ``forty-two``; beyond 9,999, as digits."""
    if value < 0:
        return f"minus {number(-value)}"
    if value < 20:
        return _ONES[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    if value < 10_000:
        size, word = (100, "hundred") if value < 1000 else (1000, "thousand")
        whole, rest = divmod(value, size)
        joint = " and " if rest < 100 else " "
        return f"{number(whole)} {word}" + (f"{joint}{number(rest)}" if rest else "")
    return str(value)


def duration(frames: int) -> str:
    """Return *frames* as spoken words: ``forty seconds``, ``seven and a half minutes``, ``an hour``.

    Rounded to seconds under a minute, to half minutes under ten, to minutes above.
    """
    whole = round(frames / RATE)
    if whole < 60:
        return f"{number(whole)} second" + ("" if whole == 1 else "s")
    halves = round(whole / 30) if whole < 600 else 2 * round(whole / 60)
    if halves < 120:
        return _with_half(halves, "minute", "a")
    hours, minutes = divmod(halves // 2, 60)
    if minutes in (0, 30):
        return _with_half(2 * hours + minutes // 30, "hour", "an")
    return f"{_with_half(2 * hours, 'hour', 'an')} and {_with_half(2 * minutes, 'minute', 'a')}"


@cache
def duration_turns() -> tuple[int, ...]:
    """Return the lengths in frames at which the result of `duration` changes, up to the longest."""
    found, before = [], duration(0)
    for whole in range(1, LONGEST // RATE + 1):
        if whole > 61 and whole % 15 > 1:
            continue  # from a minute on it changes at quarters of a minute only
        said = duration(whole * RATE)
        if said != before:
            # Seconds are rounded half to even.
            found.append(whole * RATE - RATE // 2 + whole % 2)
            before = said
    return tuple(found)


def _with_half(halves: int, unit: str, article: str) -> str:
    whole, half = divmod(halves, 2)
    if whole == 1:
        return f"{article} {unit}" + (" and a half" if half else "")
    return f"{number(whole)}{' and a half' if half else ''} {unit}s"
