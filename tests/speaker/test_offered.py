"""A script that cannot be played is refused with its reason, and keeps no other from being played."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from tests.server.scripts import CHAIR
from tests.speaker.conftest import EVENING, House
from tests.waiting import until

HALF_HOUR = 1800.0

BROKEN = {
    "odd": CHAIR.replace("{sound: none}", "soft-rian"),
    "torn": "title: [",
    "short": "voiceguide: 1\ntitle: Short\nlength: 1m\nsteps:\n  - say: Hello.\n  - rest: 5s\n",
}

SCHEDULE = """voiceguide: 1
sessions:
  - {at: 21:30, script: odd}
  - {at: 21:30, script: torn}
  - {at: 21:30, script: short}
  - {at: 21:30, script: chair}
"""


@pytest.fixture(autouse=True)
def broken(house: House) -> Path:
    """Scripts that cannot be played, beside the others."""
    scripts = house.schedule.parent / "scripts"
    for name, text in BROKEN.items():
        (scripts / f"{name}.yaml").write_text(text)
    return scripts


@pytest.mark.parametrize(
    ("name", "said"), [("odd", "soft-rian"), ("torn", "torn.yaml:1"), ("short", "no length")]
)
@pytest.mark.parametrize("address", ["/play", "/queue", "/schedule"])
def test_it_is_refused_with_its_reason(house: House, address: str, name: str, said: str) -> None:
    """Whether now, next or at an hour: one sentence says why not, and nothing else changes."""
    at = {"at": "21:30"} if address == "/schedule" else {}
    answer = house.client().post(address, json={"script": name, **at})
    assert answer.status_code == 503
    assert said in answer.get_json()["error"]
    assert house.status == "idle"
    assert not house.scheduler.plain()["sessions"]


def test_the_others_of_a_schedule_play(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """Each session that cannot be played is told once, with its place, and those that can be play."""
    house.schedule.write_text(SCHEDULE)
    with caplog.at_level(logging.WARNING, "voiceguide"):
        house.scheduler.look()
        house.scheduler.look()
    told = house.scheduler.plain()
    assert [each["script"] for each in told["sessions"]] == ["chair"]
    assert re.findall(r"schedule\.yaml:(\d)", " ".join(told["problems"])) == ["3", "4", "5"]
    assert all(caplog.text.count(f"schedule.yaml:{line}:") == 1 for line in (3, 4, 5))
    house.wall.now = EVENING + HALF_HOUR
    house.scheduler.look()
    house.until_playing("chair")


def test_at_the_start_what_is_right_of_a_schedule_plays(house: House) -> None:
    """Where no earlier schedule can hold, a mistake in one session keeps no other from its hour."""
    house.schedule.write_text(SCHEDULE.replace("21:30, script: odd", "21:61, script: days"))
    house.scheduler.look()
    told = house.scheduler.plain()
    assert [each["script"] for each in told["sessions"]] == ["chair"]
    assert "21:61" in told["problems"][0]


def test_a_script_that_breaks_before_its_hour_is_told(house: House, broken: Path) -> None:
    """What could be played once, and cannot any more, is left out, and the next one plays."""
    house.schedule.write_text(SCHEDULE.replace("torn", "days"))
    house.scheduler.look()
    assert len(house.scheduler.plain()["sessions"]) == 2
    (broken / "days.yaml").write_text("title: [")

    def seen() -> bool:
        house.scheduler.look()
        return len(house.scheduler.plain()["sessions"]) == 1

    until(seen)
    house.wall.now = EVENING + HALF_HOUR
    house.scheduler.look()
    house.until_playing("chair")
