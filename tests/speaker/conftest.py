from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.server.scripts import library
from voiceguide.audio import Block
from voiceguide.cli.offered import offers
from voiceguide.files.folders import stamp
from voiceguide.listeners import ListenerJournal, SqliteListenerStore
from voiceguide.playback import Players
from voiceguide.script.library import Library
from voiceguide.server.catalogue import Catalogue
from voiceguide.server.playable import PlayableScripts
from voiceguide.server.query import read_query
from voiceguide.server.sessions import Sessions
from voiceguide.server.warn_once import WarnOnce
from voiceguide.session import Studio
from voiceguide.speaker import QueueItem, Speaker, create_api
from voiceguide.speaker.buttons import Show
from voiceguide.speaker.kept_queue import KeptQueue
from voiceguide.speaker.queue_item import ground_item, queue_item
from voiceguide.speaker.schedule import read
from voiceguide.speaker.scheduler import Scheduler
from voiceguide.speaker.timetable import Timetable
from voiceguide.store import MemoryStore
from voiceguide.testing.outputs import FakeOutput
from voiceguide.voices.engine import Engine
from voiceguide.voices.engines.hum import HumEngine

T = TypeVar("T")

EVENING = datetime(2026, 11, 22, 21, 0, tzinfo=UTC).timestamp()
"""A Sunday."""


class Hands:
    """A clock that is put forward by hand."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class House:
    """A speaker of the small library, on a card that asks while somebody waits for something."""

    def __init__(self, folder: Path, *engines: Engine, show: Show | None = None, at: float = EVENING) -> None:
        scripts = folder / "scripts"
        self.library: Library = Library([scripts]) if scripts.exists() else library(scripts)
        self.studio = Studio(
            store=MemoryStore(),
            jobs=2,
            today=lambda: date(2026, 11, 22),
            engines=engines or (HumEngine(),),
            library=self.library,
        )
        self.catalogue = Catalogue(self.library)
        self.sessions = Sessions(self.studio, self.catalogue)
        self.card = FakeOutput()
        self.ticking, self.wall = Hands(0.0), Hands(at)
        self.heard: list[Block] = []
        self.store = SqliteListenerStore(folder / "listeners" / "0.sqlite3")
        self.journal = ListenerJournal(lambda: self.store, "speaker")
        ground = self.studio.script("ground-now")
        kept = KeptQueue(self.journal)
        waiting = tuple(
            kept.items(lambda script, asked, on: queue_item(self.sessions, script, asked, resume=on))
        )
        self.speaker = Speaker(
            Players(
                lambda item: self.sessions.get(item.script, item.asked).session,
                self.card,
                ground=ground,
                journal=self.journal,
                answers="buttons",
            ),
            ground=ground_item(self.sessions, ground),
            kept=kept,
            show=show,
            clock=self.ticking,
        )
        self.speaker.put_back(waiting)
        self.schedule = folder / "schedule.yaml"
        self.kept = folder / "planned.json"
        self.scheduler = Scheduler(
            self.speaker,
            Timetable(
                partial(
                    read,
                    self.schedule,
                    offers(PlayableScripts(self.catalogue, self.sessions, WarnOnce()).script),
                ),
                partial(stamp, self.schedule),
            ),
            partial(queue_item, self.sessions),
            kept=self.kept,
            now=self.wall,
            zone=UTC,
        )
        self._apps: list[Flask] = []

    def item(self, script: str = "chair", **wishes: str) -> QueueItem:
        return queue_item(self.sessions, script, read_query(wishes.items()))

    @property
    def playing(self) -> str:
        """The script that is heard, "" while none is."""
        playing = self.speaker.state.playing
        return playing.script if playing is not None else ""

    @property
    def status(self) -> str:
        return str(self.speaker.state.plain()["status"])

    def pull(self) -> None:
        """Have every open output ask for a fifth of a second."""
        opened = [output for output in self.card.outputs if not output.closed and output.active]
        assert len(opened) <= 1, "two sessions play at a time"
        for output in opened:
            self.heard.append(output.pull(9600))

    def until(self, true: Callable[[], T | None], seconds: float = 20.0) -> T:
        """Listen until something is *true*."""
        pause = threading.Event()
        for _ in range(int(seconds / 0.002)):
            found = true()
            if found:
                return found
            self.pull()
            pause.wait(0.002)
        raise AssertionError(f"it never became so; {self.speaker.state}")

    def until_playing(self, script: str) -> None:
        self.until(lambda: self.playing == script and self.status == "playing")

    def through(self) -> None:
        """Have what plays go on to its end."""
        before = self.speaker.state.playing
        self.until(lambda: self.speaker.state.playing is not before, 60.0)

    def tape(self) -> Block:
        return np.concatenate(self.heard)

    def app(self, **options: Any) -> Flask:
        return create_api(self.speaker, self.scheduler, self.sessions, **options)

    def client(self, **options: Any) -> FlaskClient:
        return self.app(**options).test_client()

    def close(self) -> None:
        self.scheduler.close()
        self.speaker.close()
        self.studio.close()
        self.journal.close()


MakeHouse = Callable[..., House]


@pytest.fixture
def house_of(tmp_path: Path) -> Iterator[MakeHouse]:
    """Makes houses, of which each voice is one's own."""
    made: list[House] = []

    def make(*engines: Engine, show: Show | None = None, at: float = EVENING) -> House:
        made.append(House(tmp_path, *engines, show=show, at=at))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def house(house_of: MakeHouse) -> House:
    """A house that hums."""
    return house_of()
