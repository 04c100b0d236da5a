"""Records, stamps and a clock to test with."""

from __future__ import annotations

from voiceguide.audio import frames
from voiceguide.listeners import (
    Bookmark,
    CheckInAnswer,
    Favourite,
    Listening,
    Note,
    Place,
    PlayQueue,
    ProgramDay,
    Queued,
    Record,
    Setting,
    WriteStamp,
)
from voiceguide.plan.wishes import Wishes

DAY = 24 * 3_600_000
NOW = 20_000 * DAY
PLACE = Place(frames(300.0), "chair.yaml:3:5:say:0", 2, frames(9.0))
WISHES = Wishes(length=frames(600.0), voice="hum", options={"eyes": "closed"}, seed="2026-11-28", rungs=2)
ONE_OF_EACH: tuple[Record, ...] = (
    Bookmark("chair", "d1", PLACE, session="k1", wishes=WISHES, rung=2),
    Favourite("chair"),
    Listening("h1", "chair", NOW, 61_000),
    Setting("voice", "piper/joe", "chair"),
    ProgramDay("first-week", 2, NOW),
    CheckInAnswer("c1", "calm", 4, "chair", "after"),
    Note("n1", "it was\nquiet – and warm", "chair"),
    PlayQueue((Queued("chair", "length=7m"), Queued("days")), current=1, frame=48_000),
)


class Clock:
    """Tells the time that it is set to, in ms."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


def phone(at: int) -> WriteStamp:
    return WriteStamp(at, "phone")


def laptop(at: int) -> WriteStamp:
    return WriteStamp(at, "laptop")
