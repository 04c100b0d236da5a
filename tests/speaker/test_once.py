"""What was asked for once outlives the speaker that was asked."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.speaker.conftest import EVENING, House, MakeHouse
from voiceguide.speaker.scheduler import LATE_SECONDS

HALF_HOUR = 1800.0
ROW = '{"moment": %s, "script": "days", "title": "", "length": 1, "asked": "length=%s", "resume": false}'


def test_a_speaker_started_anew_knows_what_was_asked_for(house_of: MakeHouse) -> None:
    """A session that was asked for plays at its hour, as it was wished, though by another speaker."""
    first = house_of()
    first.scheduler.once("21:30", first.item("chair", length="2m", eyes="closed"))
    first.close()
    second = house_of()
    assert second.scheduler.plain() == first.scheduler.plain()
    second.wall.now += HALF_HOUR
    second.scheduler.look()
    second.until_playing("chair")
    assert second.speaker.state.playing is not None
    assert second.speaker.state.playing.asked.query == "length=2m&eyes=closed"
    second.close()
    assert not house_of().scheduler.plain()["sessions"]


def test_what_was_missed_is_not_made_up_for(house_of: MakeHouse, caplog: pytest.LogCaptureFixture) -> None:
    """An hour that went by while no speaker ran is skipped, and said; nothing of it is left."""
    first = house_of()
    first.scheduler.once("21:30", first.item("days"))
    first.close()
    second = house_of()
    second.wall.now = EVENING + HALF_HOUR + LATE_SECONDS + 1.0
    with caplog.at_level(logging.WARNING, "voiceguide"):
        second.scheduler.look()
    assert '"days" is skipped' in caplog.text
    assert not second.speaker.busy
    assert not second.kept.exists()


@pytest.mark.parametrize("damage", ["", "[", "{}", "[" * 100_000])
def test_a_damaged_file_stops_nothing(
    house_of: MakeHouse, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    """A file that cannot be read is said to be lost, and put aside; the speaker runs, and is asked anew."""
    (tmp_path / "planned.json").write_text(damage)
    with caplog.at_level(logging.WARNING, "voiceguide"):
        house = house_of()
    assert "planned.json cannot be read" in caplog.text
    assert (tmp_path / "planned.json.damaged").read_text() == damage
    house.scheduler.once("21:30", house.item("days"))
    assert len(house_of().scheduler.plain()["sessions"]) == 1


@pytest.mark.parametrize(
    "damage", ["7", '{"moment": "soon"}', ROW % ("1e300", "1m"), ROW % ("-1", "1m"), ROW % ("1.0", "never")]
)
def test_a_session_that_cannot_be_read_costs_no_other(
    house_of: MakeHouse, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    """One that a later version wrote, or somebody by hand, is said to be lost; the others play."""
    later = EVENING + HALF_HOUR
    (tmp_path / "planned.json").write_text(f"[{ROW % (later, '1m')}, {damage}, {ROW % (later, '2m')}]")
    with caplog.at_level(logging.WARNING, "voiceguide"):
        sessions = house_of().scheduler.plain()["sessions"]
    assert [session["asked"] for session in sessions] == ["length=1m", "length=2m"]
    assert caplog.text.count("is lost") == 1


def test_what_waits_for_its_turn_is_kept(house_of: MakeHouse) -> None:
    """A session whose hour came while another played waits; a speaker started anew plays it."""
    first = house_of()
    first.scheduler.once("21:30", first.item("days"))
    first.speaker.play(first.item("chair"))
    first.until_playing("chair")
    first.wall.now += HALF_HOUR
    first.scheduler.look()
    first.scheduler.look()
    assert [item.script for item in first.speaker.state.queue] == ["days"]
    first.close()
    second = house_of()
    second.wall.now = first.wall.now + 60.0
    second.scheduler.look()
    second.until_playing("days")
    second.scheduler.look()
    assert not second.kept.exists()


def test_what_has_just_begun_is_not_kept(house_of: MakeHouse) -> None:
    """A session that waited for its turn, and has had it when the speaker ends, is not played again."""
    first = house_of()
    first.scheduler.once("21:30", first.item("days"))
    first.speaker.play(first.item("chair"))
    first.until_playing("chair")
    first.wall.now += HALF_HOUR
    first.scheduler.look()
    first.speaker.skip()
    first.until_playing("days")
    first.close()
    assert not first.kept.exists()


def test_what_waits_for_a_device_is_kept(house_of: MakeHouse) -> None:
    """A session whose hour came while there was no sound device is not lost where the speaker starts anew."""
    first = house_of()
    first.card.missing = True
    first.scheduler.once("21:30", first.item("days"))
    first.wall.now += HALF_HOUR
    first.scheduler.look()
    first.until(lambda: first.speaker.state.queue)
    first.scheduler.look()
    first.close()
    second = house_of(at=first.wall.now + 60.0)
    second.scheduler.look()
    second.until_playing("days")
    second.scheduler.look()
    assert not second.kept.exists()


def test_what_cannot_be_taken_back_is_said(house_of: MakeHouse, caplog: pytest.LogCaptureFixture) -> None:
    """Where the file cannot be removed, who asks to forget all learns that the next speaker will not."""
    house = house_of()
    house.scheduler.once("21:30", house.item("days"))
    house.kept.unlink()
    house.kept.mkdir()
    with caplog.at_level(logging.WARNING, "voiceguide"):
        house.scheduler.clear()
    assert "is not forgotten by the next speaker" in caplog.text


def test_where_nothing_can_be_kept_it_is_said(house_of: MakeHouse, caplog: pytest.LogCaptureFixture) -> None:
    """A session is played all the same; a warning says that this speaker alone knows of it."""
    house = house_of()
    house.kept.mkdir()
    with caplog.at_level(logging.WARNING, "voiceguide"):
        house.scheduler.once("21:30", house.item("days"))
    assert "is forgotten when the speaker ends" in caplog.text
    house.wall.now += HALF_HOUR
    house.scheduler.look()
    house.until_playing("days")


def daily(house: House) -> None:
    house.schedule.write_text("voiceguide: 1\nsessions:\n  - {at: 21:30, script: days}\n")
    house.wall.now = EVENING + HALF_HOUR - 60.0


def test_a_daily_hour_while_no_speaker_ran_is_made_up_for(house_of: MakeHouse) -> None:
    """A speaker that is started anew a little after the hour plays it; one that is too late does not."""
    first = house_of()
    daily(first)
    first.scheduler.look()
    first.close()
    second = house_of(at=EVENING + HALF_HOUR + 60.0)
    second.scheduler.look()
    second.until_playing("days")
    second.close()
    third = house_of(at=EVENING + 86_400 + HALF_HOUR + LATE_SECONDS + 1.0)
    third.scheduler.look()
    assert not third.speaker.busy


@pytest.mark.parametrize("ends", [True, False])
def test_nothing_is_played_twice(house_of: MakeHouse, ends: bool) -> None:
    """What was played before the speaker ended, or crashed, is not played again."""
    first = house_of()
    daily(first)
    first.wall.now += 61.0
    first.scheduler.look()
    first.until_playing("days")
    if ends:
        first.close()
    second = house_of(at=first.wall.now + 60.0)
    second.scheduler.look()
    assert not second.speaker.busy


def test_where_nothing_can_be_noted_nothing_is_made_up_for(house_of: MakeHouse, tmp_path: Path) -> None:
    """Without a note of what was played, a speaker that is started again and again plays nothing twice."""
    (tmp_path / "planned.seen").mkdir()
    daily(house_of())
    house = house_of(at=EVENING + HALF_HOUR + 60.0)
    house.scheduler.look()
    assert not house.speaker.busy
