"""Hours of the day, in any zone, at any time of the year."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceguide.speaker.weekly import DAYS, WeeklyTime, days, time_of_day

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia")

times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
weeks = st.sets(st.integers(0, 6), min_size=1).map(frozenset)
moments = st.floats(
    datetime(2009, 1, 1, tzinfo=UTC).timestamp(), datetime(2032, 1, 1, tzinfo=UTC).timestamp()
)


def berlin(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).timestamp()


@settings(deadline=None)
@given(times, weeks, moments, st.sampled_from(ZONES))
def test_the_next_time_is_later_on_a_day_of_its_own_and_shows_that_hour(
    at: time, on: frozenset[int], now: float, zone_name: str
) -> None:
    """It is after now, within eight days and a bit, and what the clock shows then is the hour, or, where
    summer time leaves that out, at most a day later."""
    zone = ZoneInfo(zone_name)
    found = WeeklyTime(at, on).after(now, zone)
    assert now < found <= now + 8 * 86_400 + 7200
    shown = datetime.fromtimestamp(found, zone)
    if (shown.time(), shown.weekday() in on) != (at, True):
        behind = [datetime.combine(shown.date() - timedelta(back), at, zone) for back in (0, 1)]
        assert any(each.timestamp() == found and each.weekday() in on for each in behind)
        missing = [each for each in behind if each.astimezone(UTC).astimezone(zone).time() != each.time()]
        skipped = [each for each in behind if each.astimezone(UTC).astimezone(zone).date() != each.date()]
        assert missing or skipped


@settings(deadline=None)
@given(times, weeks, moments, st.sampled_from(ZONES))
def test_no_time_is_left_out_and_none_comes_twice(
    at: time, on: frozenset[int], now: float, zone_name: str
) -> None:
    """Going from each time to the next meets every day of its own once; nothing lies between."""
    zone, each = ZoneInfo(zone_name), WeeklyTime(at, on)
    first = each.after(now, zone)
    second = each.after(first, zone)
    assert second > first
    assert each.after((first + second) / 2, zone) == second
    assert each.after(first - 1.0, zone) == first
    if len(on) == 7 and zone_name != "Pacific/Apia":  # which once went without a Friday
        assert 22 * 3600 <= second - first <= 26 * 3600


def test_summer_time() -> None:
    """An hour that is left out comes once, an hour later; one that comes twice counts the first time."""
    half_past_two = WeeklyTime(time(2, 30))
    spring = half_past_two.after(berlin("2026-03-29 00:00"), BERLIN)
    assert datetime.fromtimestamp(spring, BERLIN).isoformat() == "2026-03-29T03:30:00+02:00"
    assert half_past_two.after(spring, BERLIN) == berlin("2026-03-30 02:30")
    autumn = half_past_two.after(berlin("2026-10-25 00:00"), BERLIN)
    assert datetime.fromtimestamp(autumn, BERLIN).isoformat() == "2026-10-25T02:30:00+02:00"
    assert half_past_two.after(autumn, BERLIN) == berlin("2026-10-26 02:30")
    evening = WeeklyTime(time(21, 30))
    assert evening.after(berlin("2026-10-24 22:00"), BERLIN) == berlin("2026-10-25 21:30")


def test_an_hour_that_comes_twice_is_shown_twice() -> None:
    """What is wanted once comes when the clock next shows its hour, in the second pass of an hour too."""
    half_past_two = WeeklyTime(time(2, 30))
    first = berlin("2026-10-25 02:30")
    assert half_past_two.shown(first - 1200.0, BERLIN) == first
    second = datetime(2026, 10, 25, 2, 10, fold=1, tzinfo=BERLIN).timestamp()
    assert half_past_two.shown(second, BERLIN) == second + 1200.0 == first + 3600.0
    assert half_past_two.shown(second + 1200.0, BERLIN) == berlin("2026-10-26 02:30")
    spring = berlin("2026-03-29 00:00")
    assert half_past_two.shown(spring, BERLIN) == half_past_two.after(spring, BERLIN)


def test_days_of_the_week() -> None:
    """Only the days that are named count; today counts until the hour has come."""
    weekdays = WeeklyTime(time(7, 15), days(["weekdays"]))
    friday = berlin("2026-11-20 07:14")
    assert weekdays.after(friday, BERLIN) == berlin("2026-11-20 07:15")
    assert weekdays.after(friday + 60.0, BERLIN) == berlin("2026-11-23 07:15")


@pytest.mark.parametrize("text", ["21:30", "7:05", "00:00", "23:59"])
def test_hours_as_people_write_them(text: str) -> None:
    """Hours and minutes, with or without a nought in front."""
    hours, minutes = text.split(":")
    assert time_of_day(text) == time(int(hours), int(minutes))


@pytest.mark.parametrize("text", ["", "24:00", "12:60", "9pm", "21.30", "-1:00", "٢١:٣٠", "21:30:00", "1290"])
def test_other_hours_are_refused(text: str) -> None:
    """What is no time of day is refused with what to write instead."""
    with pytest.raises(ValueError, match="21:30"):
        time_of_day(text)


def test_names_of_days() -> None:
    """Short, long, in groups, in any letters; nonsense and nothing are refused."""
    assert days(["Mon", " sunday "]) == {0, 6}
    assert days(["weekends", "wed"]) == {2, 5, 6}
    assert days(["daily"]) == set(range(len(DAYS)))
    for wrong in (["monkey"], [""], [], ["mon", "8"]):
        with pytest.raises(ValueError, match="day"):
            days(wrong)
