"""What was asked for once outlives the speaker that was asked."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tests.speaker.conftest import EVENING, MakeHouse
from voiceguide.speaker.planned import FILE
from voiceguide.speaker.planner import LATE_SECONDS

HALF_HOUR = 1800.0


def test_a_speaker_started_anew_knows_what_was_asked_for(house_of: MakeHouse) -> None:
    """A session that was asked for plays at its hour, as it was wished, though by another speaker."""
    first = house_of()
    first.planner.once("21:30", first.entry("chair", length="2m", eyes="closed"))
    first.close()
    second = house_of()
    assert second.planner.plain() == first.planner.plain()
    second.wall.now += HALF_HOUR
    second.planner.look()
    second.until_playing("chair")
    assert second.speaker.state.entry is not None
    assert second.speaker.state.entry.asked.query == "length=2m&eyes=closed"
    second.close()
    assert not house_of().planner.plain()["sessions"]


def test_what_was_missed_is_not_made_up_for(house_of: MakeHouse, caplog: pytest.LogCaptureFixture) -> None:
    """An hour that went by while no speaker ran is skipped, and said; nothing of it is left."""
    first = house_of()
    first.planner.once("21:30", first.entry("days"))
    first.close()
    second = house_of()
    second.wall.now = EVENING + HALF_HOUR + LATE_SECONDS + 1.0
    with caplog.at_level(logging.WARNING, "voiceguide"):
        second.planner.look()
    assert '"days" is skipped' in caplog.text
    assert not second.speaker.busy
    assert not second.schedule.with_name(FILE).exists()


@pytest.mark.parametrize(
    "damage", ["", "[", "{}", '[{"moment": "soon"}]', '[{"moment": 1, "script": "days", "title": "", '
    '"length": 1, "asked": "length=never", "resume": false}]'],
)  # fmt: skip
def test_a_damaged_file_stops_nothing(
    house_of: MakeHouse, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    """A file that cannot be read is said to be lost, and the speaker runs, and is asked anew."""
    (tmp_path / FILE).write_text(damage)
    with caplog.at_level(logging.WARNING, "voiceguide"):
        house = house_of()
    assert f"{FILE} cannot be read" in caplog.text
    house.planner.once("21:30", house.entry("days"))
    assert len(house_of().planner.plain()["sessions"]) == 1


def test_where_nothing_can_be_kept_it_is_said(house_of: MakeHouse, caplog: pytest.LogCaptureFixture) -> None:
    """A session is played all the same; a warning says that this speaker alone knows of it."""
    house = house_of()
    house.schedule.with_name(FILE).mkdir()
    with caplog.at_level(logging.WARNING, "voiceguide"):
        house.planner.once("21:30", house.entry("days"))
    assert "is forgotten when the speaker ends" in caplog.text
    house.wall.now += HALF_HOUR
    house.planner.look()
    house.until_playing("days")
