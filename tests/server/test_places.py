"""Where an exercise goes on, for clients that know an address and seconds."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.server.conftest import MakeService
from tests.server.scripts import library
from voiceguide.audio import frames, seconds
from voiceguide.errors import WishError
from voiceguide.listeners import Bookmark, MemoryListenerStore, Place, Put, Remove, WriteStamp
from voiceguide.plan.items import SpeechCue
from voiceguide.plan.wishes import Wishes
from voiceguide.playback.resuming import BEFORE_LINE, EARLIER
from voiceguide.server.query import Asked, read_query
from voiceguide.server.service import Service
from voiceguide.session import Studio
from voiceguide.store import MemoryStore


@pytest.fixture
def store() -> MemoryListenerStore:
    return MemoryListenerStore()


@pytest.fixture
def service(service_of: MakeService) -> Service:
    return service_of()


def asked(**given: str) -> Asked:
    return read_query(given.items())


def leave(service: Service, store: MemoryListenerStore, after: float, at: int = 1, **given: str) -> None:
    """Have the chair left *after* seconds of the session *given*."""
    made = service.places.bookmark("chair", asked(**given), after)
    assert made is not None
    store.write(Put(made, WriteStamp(at, "phone")))


def lines(service: Service, **given: str) -> dict[str, float]:
    """Return when each line of the chair begins, in seconds, once all are spoken."""
    cues = service.sessions.get("chair", asked(**given)).session.cues()
    return {cue.line.text: seconds(cue.start) for cue in cues if isinstance(cue, SpeechCue)}


def goes_on(service: Service, store: MemoryListenerStore, script: str = "chair", **given: str) -> float:
    found = service.places.going_on(store, service.sessions.get(script, asked(**given)))
    assert found is not None
    return found.seconds


FLOOR = "And the floor."


@pytest.mark.parametrize("other", [{}, {"length": "3m"}, {"ambience": "soft-rain"}, {"eyes": "closed"}])
def test_a_line_is_gone_back_to(service: Service, store: MemoryListenerStore, other: dict[str, str]) -> None:
    """A session goes on just before the line that was left, at any length, sound and with any option."""
    leave(service, store, lines(service, length="2m")[FLOOR] + seconds(EARLIER) + 1, length="2m")
    line = lines(service, **other)[FLOOR]
    assert goes_on(service, store, **other) == pytest.approx(line - seconds(BEFORE_LINE), abs=0.01)


def test_what_is_spoken_counts(service: Service, store: MemoryListenerStore) -> None:
    """Before anything is spoken, lines are estimated; once they are spoken, the second is exact."""
    leave(service, store, 35.0, length="2m")
    (kept,) = store.all(Bookmark)
    first = goes_on(service, store)
    exact = lines(service)[FLOOR] - seconds(BEFORE_LINE)
    assert first == pytest.approx(exact, abs=3.0)
    assert goes_on(service, store) == pytest.approx(exact, abs=0.01)
    assert kept.record.place.line.startswith("chair.yaml:")


def test_the_beginning_is_no_place(service: Service) -> None:
    """Who leaves before the first word has not left anything to go on from."""
    assert service.places.bookmark("chair", asked(), 0.5) is None


def test_what_cannot_be_is_refused(service: Service) -> None:
    """A place past the end, or on a rung that is not there, is refused with a sentence."""
    with pytest.raises(WishError, match="lasts 60 seconds"):
        service.places.bookmark("chair", asked(), 75.0)
    with pytest.raises(WishError, match="no rung 1"):
        service.places.bookmark("chair", asked(), 30.0, rung=1)
    with pytest.raises(WishError, match="no rung 3"):
        service.places.bookmark("two-rungs", asked(), 30.0, rung=3)


def test_the_place_is_that_of_playing_here(service: Service) -> None:
    """The bookmark of a page and that of `play` say the same of the same session."""
    made = service.places.bookmark("chair", asked(length="2m", eyes="closed"), 40.0)
    session = service.sessions.get("chair", asked(length="2m", eyes="closed")).session
    assert made is not None
    assert (made.session, made.digest) == (session.place_key, session.script.digest)
    again = service.studio.session(session.script, made.wishes)
    assert again.place_key == session.place_key


def test_a_rung_is_remembered(service: Service, store: MemoryListenerStore) -> None:
    """A ladder that was left in a part goes on in that part, and says on which rung."""
    part = asked(part="rung-2", rungs="2", length="2m")
    made = service.places.bookmark("two-rungs", part, 4.0, rung=2)
    assert made is not None
    store.write(Put(made, WriteStamp(1, "phone")))
    there = service.places.going_on(store, service.sessions.get("two-rungs", part))
    other = service.places.going_on(store, service.sessions.get("two-rungs", asked(part="rung-1")))
    whole = service.places.going_on(store, service.sessions.get("two-rungs", asked()))
    assert there is not None
    assert other is not None
    assert whole is not None
    assert (there.rung, other.rung, whole.rung) == (2, 2, 2)
    assert other.seconds == 0.0
    assert there.query == "length=2m&voice=hum%2Flow&rungs=2"


def test_a_renamed_exercise_is_found(
    service_of: MakeService, tmp_path: Path, store: MemoryListenerStore
) -> None:
    """A place points to an exercise whatever its file is called; one that was rewritten is not."""
    service = service_of()
    leave(service, store, 30.0)
    before = goes_on(service, store)
    folder = tmp_path / "scripts"
    (folder / "chair.yaml").rename(folder / "seat.yaml")
    renamed = service_of()
    assert [each.script for each in renamed.places.all(store)] == ["seat"]
    assert goes_on(renamed, store, "seat") == pytest.approx(before, abs=3.0)
    (folder / "seat.yaml").write_text((folder / "seat.yaml").read_text().replace("That is all", "The end"))
    rewritten = service_of()
    assert rewritten.places.all(store) == ()
    assert rewritten.places.going_on(store, rewritten.sessions.get("seat", asked())) is None


def test_a_place_that_was_heard_to_its_end_under_a_new_name(
    service_of: MakeService, tmp_path: Path, store: MemoryListenerStore
) -> None:
    """Who has finished an exercise since it was renamed is not asked to go on with it."""
    leave(service_of(), store, 30.0)
    (tmp_path / "scripts" / "chair.yaml").rename(tmp_path / "scripts" / "seat.yaml")
    store.write(Remove(Bookmark, "seat", WriteStamp(2, "laptop")))
    assert service_of().places.all(store) == ()


class TestList:
    def test_the_latest_is_first(self, service: Service, store: MemoryListenerStore) -> None:
        """Each exercise has one place, where it was left last, with the query that plays it again."""
        leave(service, store, 20.0, at=1)
        leave(service, store, 40.0, at=3, length="2m", eyes="closed")
        days = service.places.bookmark("days", asked(), 18.0)
        assert days is not None
        store.write(Put(days, WriteStamp(2, "laptop")))
        first, second = service.places.all(store)
        assert (first.script, first.title, first.seconds) == ("chair", "Back to the chair", 40.0)
        assert (first.at, first.device) == (3, "phone")
        assert first.query == "length=2m&voice=hum%2Flow&eyes=closed"
        assert (second.script, second.query) == ("days", "voice=hum%2Flow&seed=2026-11-22&eyes=open")

    def test_a_voice_that_is_not_here(self, tmp_path: Path, store: MemoryListenerStore) -> None:
        """A place left with a voice of another computer goes on with the usual one, and so do odd wishes."""
        studio = Studio(store=MemoryStore(), jobs=1, library=library(tmp_path / "scripts"))
        with studio, closing(Service(studio, tmp_path / "cache")) as service:
            self._odd(service, store)

    def _odd(self, service: Service, store: MemoryListenerStore) -> None:
        digest = service.catalogue.script("chair").digest
        for number, wishes in enumerate((Wishes(voice="nobody/anna"), Wishes(seed="no\nseed" * 9))):
            odd = Bookmark("chair", digest, Place(frames(20.0), "chair.yaml:99:1:say:0"), "k", wishes)
            store.write(Put(odd, WriteStamp(number, "phone")))
            (place,) = service.places.all(store)
            assert place.query == ""
            assert goes_on(service, store, voice="hum") >= 0.0
