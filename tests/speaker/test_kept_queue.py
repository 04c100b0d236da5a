"""The queue, which outlives the program."""

from __future__ import annotations

import pytest

from tests.speaker.conftest import House, MakeHouse
from voiceguide.listeners import Bookmark, PlayQueue, Put, Queued, WriteStamp, now_ms
from voiceguide.server.query import Asked
from voiceguide.speaker.kept_queue import BEGUN


def waiting(house: House) -> list[str]:
    return [each.script for each in house.speaker.state.queue]


def kept(house: House) -> PlayQueue:
    """Return the queue among the listener's records, once it is written."""
    assert house.journal._behind.flush(20.0)
    found = house.store.get(PlayQueue, "")
    return PlayQueue(()) if found is None else found.record


def test_it_waits_after_a_restart(house_of: MakeHouse) -> None:
    """What waited when the program ended waits in the next one; nothing sounds before somebody asks."""
    house = house_of()
    house.speaker.play(house.item("days"))
    house.until_playing("days")
    house.speaker.add(house.item("chair", length="2m", eyes="closed"))
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    house.close()
    again = house_of()
    assert waiting(again) == ["chair"]
    (item,) = again.speaker.state.queue
    assert item.asked.query == "length=2m&eyes=closed"
    assert not again.speaker.busy
    again.speaker.resume()
    again.until_playing("chair")
    assert waiting(again) == []


def test_what_was_playing_goes_on(house_of: MakeHouse) -> None:
    """A session that was interrupted by the end of the program is first, and goes on where it was left."""
    house = house_of()
    house.speaker.play(house.item("chair", length="2m"))
    house.until_playing("chair")
    house.speaker.add(house.item("days"))
    house.until(lambda: house.speaker.state.now.position > 48_000 * 30)
    house.close()
    assert house.store.all(Bookmark)
    again = house_of()
    assert waiting(again) == ["chair", "days"]
    assert [each.resume for each in again.speaker.state.queue] == [True, False]
    again.speaker.resume()
    again.until_playing("chair")
    assert again.speaker.state.now.position > 48_000 * 5


def test_what_is_over_is_kept_no_more(house: House) -> None:
    """Once nothing plays or waits, the record is empty; the grounding session is never in it."""
    house.speaker.play(house.item("chair"))
    house.until_playing("chair")
    house.until(lambda: kept(house) == PlayQueue((Queued("chair"),), frame=BEGUN))
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    house.until(lambda: kept(house) == PlayQueue(()))
    house.speaker.ground()
    house.until_playing("ground-now")
    house.speaker.stop()
    house.until(lambda: house.status == "idle")
    assert kept(house) == PlayQueue(())


def test_the_queue_of_another_device(house_of: MakeHouse) -> None:
    """A queue that another device has lined up is neither played here nor changed while nothing is asked."""
    house = house_of()
    theirs = PlayQueue((Queued("chair"),), frame=BEGUN)
    house.store.write(Put(theirs, WriteStamp(now_ms(), "phone")))
    house.close()
    again = house_of()
    assert waiting(again) == []
    assert kept(again) == theirs


def test_what_cannot_be_played_any_more(house_of: MakeHouse, caplog: pytest.LogCaptureFixture) -> None:
    """A session whose exercise is gone, or that makes no sense, is left out, and the others wait."""
    house = house_of()
    odd = (Queued("gone"), Queued("chair", "length=9h"), Queued("chair", "length="), Queued("days"))
    house.journal.line_up(PlayQueue(odd))
    house.close()
    again = house_of()
    assert waiting(again) == ["chair", "days"]
    assert again.speaker.state.queue[0].asked == Asked()
    assert len([each for each in caplog.records if "left out" in each.getMessage()]) == 2
