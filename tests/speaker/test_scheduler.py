"""The schedule's file, and what is played of it: the clock on the wall is put forward by hand."""

from __future__ import annotations

import logging
import os
import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.server.scripts import library
from tests.speaker.conftest import EVENING, House
from tests.waiting import until
from voiceguide.cli.offered import offers
from voiceguide.errors import BusyError, ScriptError
from voiceguide.files.folders import shipped
from voiceguide.script.library import Library, script_of
from voiceguide.speaker.schedule import ScheduleItem, load
from voiceguide.speaker.scheduler import LATE_SECONDS, MOST_ONCE
from voiceguide.speaker.upcoming import DEVICE_SECONDS

GOOD = """voiceguide: 1
sessions:
  - at: 21:30
    script: chair
    length: 2m
    level: -20 dB
    options: {eyes: closed}
  - at: "7:15"
    days: [mon, tue, wed, thu, fri]
    script: days
  - {at: 8:00, days: "sat, sun", script: ground-now}
"""
TWO = "voiceguide: 1\nsessions:\n" + "".join(
    f"  - {{at: 21:30, script: {name}, length: 40s}}\n" for name in ("days", "chair")
)
HALF_HOUR = 1800.0


@pytest.fixture
def scripts(tmp_path: Path) -> Library:
    return library(tmp_path / "scripts")


def read(tmp_path: Path, scripts: Library, text: str) -> tuple[ScheduleItem, ...]:
    path = tmp_path / "schedule.yaml"
    path.write_text(text)
    return load(path, offers(partial(script_of, scripts)))


def test_a_schedule_is_read(tmp_path: Path, scripts: Library) -> None:
    """Hours, days and wishes come out as they were written; 21:30 is a time, and no number of seconds."""
    evening, morning, late = read(tmp_path, scripts, GOOD)
    assert (str(evening.when), evening.script) == ("21:30", "chair")
    assert evening.asked.query == "length=2m&level=-20&eyes=closed"
    assert evening.when.days == frozenset(range(7))
    assert morning.when.days == {0, 1, 2, 3, 4}
    assert late.when.days == {5, 6}


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("  - {at: 25:00, script: chair}", "3:10: sessions[0].at:"),
        ("  - {script: chair}", "3:5: sessions[0].at:"),
        ("  - {at: 21:30}", "3:5: sessions[0].script:"),
        ("  - {at: 21:30, script: chari}", '3:25: sessions[0].script: there is no script "chari"'),
        ("  - {at: 21:30, script: chair, length: 9h}", "3:40: sessions[0].length:"),
        ("  - {at: 21:30, script: chair, length: 6m}", "3:25: sessions[0].script:"),
        ("  - {at: 21:30, script: chair, days: [moon]}", "3:38: sessions[0].days:"),
        ("  - {at: 21:30, script: chair, days: {a: b}}", "3:38: sessions[0].days:"),
        ("  - {at: 21:30, script: chair, lenght: 2m}", 'did you mean "length"'),
        ("  - {at: 21:30, script: chair, options: {eyes: crossed}}", "sessions[0].script:"),
        ("  - {at: 21:30, script: chair, options: closed}", "3:41: sessions[0].options:"),
        ("  - {at: 21:30, script: chair, options: {length: 2m}}", "sessions[0].options.length:"),
        ("  - {at: 21:30, script: chair, bitrate: 128}", "sessions[0].bitrate: unknown key"),
        ("  []", "sessions"),
        ("  - 21:30 chair", "3:5: sessions[0]:"),
        ("  - {at: *now, script: chair}", "alias"),
    ],
)
def test_what_is_wrong_has_its_place(tmp_path: Path, scripts: Library, line: str, place: str) -> None:
    """Every problem names file, line, column and field, and never more than is needed to mend it."""
    with pytest.raises(ScriptError) as failure:
        read(tmp_path, scripts, f"voiceguide: 1\nsessions:\n{line}\n")
    assert place in str(failure.value)
    assert "schedule.yaml:" in str(failure.value)


def test_all_problems_are_told_at_once(tmp_path: Path, scripts: Library) -> None:
    """A file with three mistakes is told about all three."""
    text = "voiceguide: 1\nsessions:\n  - {at: 99, script: chair}\n  - {at: 9:00, script: x, seed: a b}\n"
    with pytest.raises(ScriptError) as failure:
        read(tmp_path, scripts, text)
    assert len(failure.value.problems) == 3


def test_its_hour_comes(house: House) -> None:
    """At its hour it plays, as long as was asked; before and after that minute nothing does."""
    house.schedule.write_text(GOOD)
    house.wall.now = EVENING + HALF_HOUR - 1.0
    house.scheduler.look()
    assert house.status == "idle"
    house.wall.now += 1.0
    house.scheduler.look()
    house.until_playing("chair")
    assert house.speaker.state.playing is not None
    assert house.speaker.state.playing.asked.query == "length=2m&level=-20&eyes=closed"
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    house.wall.now += 1.0
    house.scheduler.look()
    assert not house.speaker.busy


def test_every_day_again_on_its_own_days(house: House) -> None:
    """Over a week of looks, each session begins on its days, once a day."""
    house.schedule.write_text(GOOD)
    house.scheduler.look()
    begun = []
    for _ in range(7 * 24 * 12):
        house.wall.now += 300.0
        house.scheduler.look()
        playing = house.speaker.state.playing
        if playing is not None:
            begun.append((f"{datetime.fromtimestamp(house.wall.now, UTC):%a %H:%M}", playing.script))
            house.speaker.stop()
            house.until(lambda: house.status == "idle")
    mornings = [(f"{day} 07:15", "days") for day in ("Mon", "Tue", "Wed", "Thu", "Fri")]
    weekend = [(f"{day} 08:00", "ground-now") for day in ("Sat", "Sun")]
    evenings = [(f"{day} 21:30", "chair") for day in ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")]
    assert sorted(begun) == sorted(mornings + weekend + evenings)


def test_a_missed_hour_is_skipped(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A computer that slept over the hour does not play it hours later; a few minutes late it still does."""
    house.schedule.write_text(GOOD)
    house.scheduler.look()
    house.wall.now = EVENING + HALF_HOUR + LATE_SECONDS + 1.0
    with caplog.at_level(logging.WARNING, "voiceguide"):
        house.scheduler.look()
    assert not house.speaker.busy
    assert "skipped" in caplog.text
    house.wall.now = EVENING + 86_400 + HALF_HOUR - 600.0
    house.scheduler.look()
    house.wall.now += 600.0 + LATE_SECONDS - 1.0
    house.scheduler.look()
    house.until_playing("chair")


def test_months_of_sleep_are_no_work(house: House) -> None:
    """After a year asleep nothing of that year is played."""
    house.schedule.write_text(GOOD)
    house.scheduler.look()
    house.wall.now += 365 * 86_400
    house.scheduler.look()
    assert not house.speaker.busy


def test_a_clock_put_back_plays_nothing_twice(house: House) -> None:
    """A clock that is set right by a minute does not play the same hour again."""
    house.schedule.write_text(GOOD)
    house.scheduler.look()
    house.wall.now = EVENING + HALF_HOUR + 1.0
    house.scheduler.look()
    house.until_playing("chair")
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    for step in (-60.0, 30.0, 40.0):
        house.wall.now += step
        house.scheduler.look()
        assert not house.speaker.busy
    house.wall.now -= 3 * 86_400  # days off, and set right: the coming evening counts
    house.scheduler.look()
    house.wall.now = EVENING - 2 * 86_400 + HALF_HOUR
    house.scheduler.look()
    house.until_playing("chair")


def test_who_is_listening_is_not_broken_off(house: House) -> None:
    """A session that plays is heard out, the scheduled one is next; too late, it is left out."""
    house.schedule.write_text(GOOD)
    house.scheduler.look()
    house.speaker.play(house.item("two-rungs", length="1m"))
    house.until(lambda: house.status != "starting" and house.playing == "two-rungs")
    house.speaker.add(house.item("days"))
    house.wall.now = EVENING + HALF_HOUR + 1.0
    house.scheduler.look()
    assert [each.script for each in house.speaker.state.queue] == ["chair", "days"]
    house.wall.now += LATE_SECONDS
    house.speaker.skip()
    house.until_playing("days")


def test_what_is_paused_gives_way(house: House) -> None:
    """A session that somebody left paused does not keep the evening's from playing."""
    house.schedule.write_text(GOOD)
    house.scheduler.look()
    house.speaker.play(house.item("days"))
    house.until_playing("days")
    house.speaker.do("pause")
    house.until(lambda: house.status == "paused")
    house.wall.now = EVENING + HALF_HOUR
    house.scheduler.look()
    house.until_playing("chair")


def test_two_at_the_same_hour_follow_each_other(house: House) -> None:
    """Both are played, in the order of the file."""
    text = "voiceguide: 1\nsessions:\n" + "".join(
        f"  - {{at: 21:30, script: {name}, length: 40s}}\n" for name in ("days", "chair", "ground-now")
    )
    house.schedule.write_text(text)
    house.scheduler.look()
    house.wall.now = EVENING + HALF_HOUR
    house.scheduler.look()
    for name in ("days", "chair", "ground-now"):
        house.until_playing(name)
        house.through()


def test_after_two_at_the_same_hour_a_stopped_queue_still_rests(house: House) -> None:
    """Both are played; what somebody stopped before that waits to be asked for."""
    house.schedule.write_text(TWO)
    house.scheduler.look()
    house.speaker.play(house.item("two-rungs"))
    house.speaker.add(house.item("ground-now"))
    house.until(lambda: house.playing == "two-rungs")
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    house.wall.now = EVENING + HALF_HOUR
    house.scheduler.look()
    for name in ("days", "chair"):
        house.until_playing(name)
        house.through()
    house.until(lambda: house.status == "idle")
    assert not house.speaker.busy
    assert [each.script for each in house.speaker.state.queue] == ["ground-now"]
    house.speaker.resume()
    house.until_playing("ground-now")


def test_without_a_device_it_is_tried_again_for_a_while(house: House) -> None:
    """A session of the schedule plays as soon as there is a device, if that is not too late."""
    house.schedule.write_text(TWO)
    house.scheduler.look()
    house.card.missing = True
    house.wall.now = EVENING + HALF_HOUR
    house.scheduler.look()
    house.until(lambda: house.speaker.state.note)
    assert [each.script for each in house.speaker.state.queue] == ["days", "chair"]
    house.card.missing = False
    house.ticking.now += DEVICE_SECONDS
    house.until_playing("days")
    house.wall.now += LATE_SECONDS + 1.0
    house.through()
    house.until(lambda: house.status == "idle" and not house.speaker.state.queue)


def test_the_file_is_read_again_when_it_changes(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """A new file counts at the next look; a broken one is told, and the one before holds; none is nothing."""
    house.scheduler.look()
    assert house.scheduler.plain() == {"sessions": [], "problems": []}
    house.schedule.write_text(GOOD)
    house.scheduler.look()
    assert [each["script"] for each in house.scheduler.plain()["sessions"]] == ["chair", "days", "ground-now"]
    house.schedule.write_text(GOOD.replace("21:30", "21:61"))
    with caplog.at_level(logging.WARNING, "voiceguide"):
        house.scheduler.look()
        house.scheduler.look()
    assert caplog.text.count("schedule.yaml:3:") == 1
    told = house.scheduler.plain()
    assert len(told["sessions"]) == 3
    assert "21:61" in told["problems"][0]
    house.schedule.write_text(GOOD.replace("21:30", "21:40"))
    os.utime(house.schedule, ns=(1, 1))
    house.scheduler.look()
    assert house.scheduler.plain()["problems"] == []
    assert house.scheduler.plain()["sessions"][0]["when"] == "2026-11-22T21:40+00:00"
    house.schedule.unlink()
    house.scheduler.look()
    assert house.scheduler.plain()["sessions"] == []


def test_a_script_that_comes_later_mends_the_schedule(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """What names a script that is not there yet plays once it is; till then that is told once."""
    script = house.schedule.parent / "scripts" / "chair.yaml"
    text = script.read_text()
    script.unlink()
    house.schedule.write_text(GOOD)
    with caplog.at_level(logging.WARNING, "voiceguide"):
        house.scheduler.look()
        house.scheduler.look()
    assert caplog.text.count('there is no exercise called "chair"') == 1
    script.write_text(text)

    def mended() -> bool:
        house.scheduler.look()
        return not house.scheduler.plain()["problems"]

    until(mended)
    assert len(house.scheduler.plain()["sessions"]) == 3


@pytest.mark.parametrize("kind", ["bytes", "folder", "absent"])
def test_a_schedule_that_cannot_be_read_is_told_once(tmp_path: Path, scripts: Library, kind: str) -> None:
    """Of a file without a word that can be read only that is said."""
    path = tmp_path / "schedule.yaml"
    if kind == "bytes":
        path.write_bytes(b"voiceguide: 1\n\xff\xfe")
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(ScriptError) as failure:
        load(path, offers(partial(script_of, scripts)))
    assert len(failure.value.problems) == 1


def test_a_script_that_is_gone_is_told(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Where the exercise cannot be had any more at its hour, the log says so, and the next one plays."""
    house.schedule.write_text(GOOD.replace("7:15", "21:30").replace("days: [mon, tue, wed, thu, fri]", ""))
    house.scheduler.look()
    (house.schedule.parent / "scripts" / "chair.yaml").unlink()
    house.catalogue._looked = -1e9  # the catalogue looks every two seconds
    house.wall.now = EVENING + HALF_HOUR
    with caplog.at_level(logging.WARNING, "voiceguide"):
        house.scheduler.look()
    assert 'there is no exercise called "chair"' in caplog.text
    house.until_playing("days")


def test_once_is_once(house: House) -> None:
    """What was asked for once plays at its hour, and on no other day; there is a bound to how many wait."""
    house.scheduler.once("21:30", house.item("days"))
    for hours in range(48):
        house.wall.now = EVENING + timedelta(hours=hours, minutes=30).total_seconds()
        house.scheduler.look()
        if hours == 0:
            house.until_playing("days")
            house.speaker.stop()
            house.until(lambda: house.status == "idle")
        assert not house.speaker.busy
    for _ in range(MOST_ONCE):
        house.scheduler.once("6:00", house.item("days"))
    with pytest.raises(BusyError):
        house.scheduler.once("6:00", house.item("days"))


def test_it_looks_by_itself(house: House) -> None:
    """Once started it needs nobody to have it look."""
    house.scheduler.once("21:00", house.item("days"))
    house.wall.now += 86_400.0
    house.scheduler.start()
    until(lambda: house.speaker.busy)
    house.until_playing("days")


def test_the_schedule_in_the_documents_is_one(tmp_path: Path) -> None:
    """The example that readers will copy can be read, with the scripts that ship."""
    documents = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
    (example,) = re.findall(
        r"^```yaml\n(voiceguide: 1\nsessions:.*?)^```", documents.read_text(), re.M | re.S
    )
    assert len(read(tmp_path, Library([shipped("scripts")]), example)) == 2
