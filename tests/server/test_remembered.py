"""What a listener's records say for the pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.conftest import MakeService
from tests.server.scripts import library
from voiceguide.errors import EngineError
from voiceguide.library.programs import Program, Sitting
from voiceguide.listeners import (
    Favourite,
    Listening,
    MemoryListenerStore,
    ProgramDay,
    Put,
    Record,
    Setting,
    WriteStamp,
)
from voiceguide.script.model import Where
from voiceguide.server.catalogue import Catalogue
from voiceguide.server.remembered import favourites, heard_lately, next_day, remembered
from voiceguide.server.service import Service
from voiceguide.voices.clips import Casting
from voiceguide.voices.engines.hum import HumEngine


def kept(*records: Record) -> MemoryListenerStore:
    """Return a store of *records*, written one after another."""
    store = MemoryListenerStore()
    store.write(*(Put(record, WriteStamp(at, "phone")) for at, record in enumerate(records)))
    return store


@pytest.fixture
def service(service_of: MakeService) -> Service:
    return service_of()


def settings(service: Service, script: str, *given: Setting) -> dict[str, str]:
    return remembered(kept(*given), service.catalogue.script(script), service.studio.cast)


class TestSettings:
    def test_those_of_the_exercise_come_first(self, service: Service) -> None:
        """What was chosen for one exercise counts there, and what was chosen for all everywhere else."""
        both = Setting("length", "2m"), Setting("length", "3m", "chair"), Setting("eyes", "closed")
        assert settings(service, "chair", *both) == {"length": "3m", "eyes": "closed"}
        assert settings(service, "days", *both) == {"length": "2m", "eyes": "closed"}

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("length", "20m"),
            ("length", "soon"),
            ("eyes", "crossed"),
            ("hands", "open"),
            ("ambience", "thunder"),
            ("level", "loud"),
            ("rungs", "2"),
            ("seed", "tomorrow"),
            ("part", "rung-1"),
            ("bitrate", "128"),
            ("download", "1"),
        ],
    )
    def test_what_an_exercise_does_not_offer_is_left_out(
        self, service: Service, name: str, value: str
    ) -> None:
        """A setting for all never makes an exercise unplayable that cannot do it."""
        assert settings(service, "chair", Setting(name, value)) == {}

    def test_a_voice_that_is_not_here(self, tmp_path: Path) -> None:
        """A voice of another computer is left out, and so is one that speaks another language."""
        spanish = Setting("voice", "espanol"), Setting("voice", "hum/low", "days")
        scripts = Catalogue(library(tmp_path / "scripts"))

        def cast(voice: str, language: str) -> tuple[Casting, ...]:
            if voice == "nobody":
                raise EngineError("there is no such voice")
            return (Casting(HumEngine(), voice, "es" if voice == "espanol" else "en"),)

        for settings, name in ((spanish, "chair"), ((Setting("voice", "nobody"),), "chair")):
            assert remembered(kept(*settings), scripts.script(name), cast) == {}
        assert remembered(kept(*spanish), scripts.script("days"), cast) == {"voice": "hum/low"}

    def test_what_it_offers(self, service: Service) -> None:
        """Voice, sound, level, rungs, name and loudness are remembered as they are written in an address."""
        given = {
            "voice": "hum",
            "ambience": "soft-rain",
            "level": "-20",
            "rungs": "2",
            "name": "Anna",
            "loudness": "podcast",
        }
        made = [Setting(name, value) for name, value in given.items()]
        assert settings(service, "two-rungs", *made) == given
        assert settings(service, "two-rungs", Setting("ambience", "none")) == {"ambience": "none"}


def test_favourites_and_history() -> None:
    """Both are told with the latest first."""
    store = kept(Favourite("a"), Favourite("b"), Listening("2", "b", 200, 9), Listening("1", "a", 100, 9))
    assert favourites(store) == ("b", "a")
    assert [heard.id for heard in heard_lately(store, 5)] == ["2", "1"]
    assert len(heard_lately(store, 1)) == 1


@pytest.mark.parametrize(
    ("heard", "day"),
    [
        ([], None),
        ([1], 2),
        ([1, 1], 2),
        ([2], 4),
        ([1, 4], 5),
        ([4, 1], 5),
        ([1, 2, 4, 5], None),
        ([1, 2, 4, 5, 1], 2),
    ],
)
def test_the_day_that_is_next(heard: list[int], day: int | None) -> None:
    """Days left out are not counted, hearing one again changes nothing, and who begins again is led on."""
    sittings = tuple(Sitting(day, "chair", None, "", Where("", 1, 1, "")) for day in (1, 2, 2, 4, 5))
    store = MemoryListenerStore()
    for at, each in enumerate(heard):
        store.write(Put(ProgramDay("week", each, at), WriteStamp(at, "phone")))
    store.write(Put(ProgramDay("other", 5, 99), WriteStamp(99, "phone")))
    assert next_day(store, Program("week", "A week", "", sittings)) == day
