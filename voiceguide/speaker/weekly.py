"""Times of day on days of the week, and their next occurrences in local time. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from msgspec import Struct

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
GROUPS: Final = {"daily": DAYS, "weekdays": DAYS[:5], "weekends": DAYS[5:]}

_NAMES: Final = frozenset(
    [*DAYS, "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
)
_HOUR: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_WEEK: Final = 8
"""Days to look ahead: a week and a day, as summer time may skip the hour on one of them."""


class WeeklyTime(Struct, frozen=True):
    """A time of day, on some days of the week: 0 is Monday."""

    at: time
    days: frozenset[int] = frozenset(range(7))

    def __str__(self) -> str:
        return f"{self.at:%H:%M}"

    def moment(self, day: date, zone: tzinfo | None) -> float:
        """Return this time on *day*, in seconds since 1970.

        An hour that summer time skips comes as much later as the clock was put forward. Of an hour that
        occurs twice, the first is meant.
        """
        return datetime.combine(day, self.at, zone).timestamp()

    def after(self, moment: float, zone: tzinfo | None = None) -> float:
        """Return the first such time after *moment*, in seconds since 1970; *zone* None: this computer's."""
        today = datetime.fromtimestamp(moment, zone).date()
        # From yesterday: an hour skipped around midnight may occur only today.
        for ahead in range(-1, _WEEK + 1):
            day = today + timedelta(ahead)
            if day.weekday() in self.days and (found := self.moment(day, zone)) > moment:
                return found
        raise AssertionError("no day of the week is left")  # there is always one: `days` is never empty

    def shown(self, moment: float, zone: tzinfo | None = None) -> float:
        """As `after`, but an hour that occurs twice counts both times."""
        found = self.after(moment, zone)
        today = datetime.fromtimestamp(moment, zone).date()
        for day in (today, today + timedelta(1)):
            again = datetime.combine(day, self.at, zone).replace(fold=1).timestamp()
            there = datetime.fromtimestamp(again, zone)
            if moment < again < found and there.time() == self.at and there.weekday() in self.days:
                return again
        return found


def time_of_day(text: str) -> time:
    """Return the time of day that *text* says, such as ``21:30``.

    Raises:
        ValueError: with a sentence that says what to write instead.
    """
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        raise ValueError(f'"{text[:20]}" is not a time of day; write it as 21:30, from 0:00 to 23:59')
    return time(int(found[1]), int(found[2]))


def days(words: Iterable[str]) -> frozenset[int]:
    """Return the days of the week that *words* name: ``mon``, ``Monday``, ``weekdays``, ``daily``.

    Raises:
        ValueError: with a sentence that says what to write instead.
    """
    found: set[int] = set()
    for word in words:
        plain = word.strip().lower()
        group = GROUPS.get(plain, (plain[:3],) if plain in _NAMES else ())
        if not group:
            raise ValueError(f'"{word[:20]}" is not a day; write mon, tue and so on, weekdays or weekends')
        found.update(DAYS.index(each) for each in group)
    if not found:
        raise ValueError("no day is named; write mon, tue and so on, or leave days out for every day")
    return frozenset(found)
