from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.playback.stages import Begin, Time
from tests.playback.stages import Stage as Played
from voiceguide.audio import Block, frames
from voiceguide.listeners import ListenerJournal, MemoryListenerStore
from voiceguide.listeners.store import R
from voiceguide.plan.wishes import Wishes
from voiceguide.playback import Player
from voiceguide.playback.commands import named
from voiceguide.playback.director import Director
from voiceguide.playback.obeying import obey
from voiceguide.playback.prompts import PROMPTS
from voiceguide.playback.stage import Stage
from voiceguide.playback.take import Take
from voiceguide.session import Session, Studio
from voiceguide.store import MemoryStore
from voiceguide.testing.outputs import FakeOutput
from voiceguide.voices.engines.hum import HumEngine

SCRIPT = """voiceguide: 1
title: Back to the chair
summary: A few minutes of noticing.
technique: grounding-chair
language: en
intensity: gentle
contains: []
length: {default: 2m, least: 40s, most: 10m}
ambience: {sound: soft-rain, level: -20 dB}
steps:
  - say: Notice your feet. [3s] Both of them.
  - rest: 4s
  - say: And the floor.
  - section: The chair
    steps:
      - rest: ~12s
      - say: Let the chair do some of the work.
      - rest: ~20s
      - say: It has nothing else to do.
        if: {length: ">=4m"}
      - rest: ~30s
        if: {length: ">=4m"}
  - section: Breath
    steps:
      - breathe: {in: 4s, out: 6s, rounds: 2, guide: tones}
      - rest: 5s
  - section: Coming back
    steps:
      - say: Look around.
      - rest: ~8s
      - say: That is all.
"""

LADDER = """voiceguide: 1
title: A small ladder
summary: Two rungs.
technique: feeling-ladder
language: en
intensity: steady
contains: [memories]
length: {default: 3m, least: 1m, most: 10m}
ambience: {sound: none}
steps:
  - say: This is a ladder.
  - rest: 3s
  - ladder:
      ground: blocks/floor
      rungs:
        - title: The first
          steps:
            - say: A warm cup.
            - rest: ~4s
          stay: ~20s
        - title: The second
          steps:
            - say: A place you liked.
            - rest: ~4s
          stay: ~20s
  - section: Coming back
    steps:
      - say: That was today's ladder.
      - rest: ~4s
"""

FLOOR = """voiceguide: 1
title: The floor
steps:
  - say: Feel the floor.
  - rest: ~4s
"""


@pytest.fixture
def studio() -> Iterator[Studio]:
    """A studio that hums and forgets."""
    with Studio(
        store=MemoryStore(), jobs=2, today=lambda: date(2026, 11, 22), engines=(HumEngine(),)
    ) as made:
        yield made


Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a script, with the block that it uses beside it."""

    def make(text: str) -> Path:
        (tmp_path / "blocks").mkdir(exist_ok=True)
        (tmp_path / "blocks" / "floor.yaml").write_text(FLOOR)
        path = tmp_path / "script.yaml"
        path.write_text(text)
        return path

    return make


class Hand:
    """A director and an ear: it pulls what a card would, a block after another."""

    def __init__(self, session: Session, studio: Studio) -> None:
        self.session = session
        self.director = Director(session, PROMPTS["keys"], ground=studio.script("ground-now"))
        self.heard: list[Block] = []

    def do(self, command: str) -> None:
        """Do what is called so, as a player does."""
        obey(named(command), self.director)

    @property
    def stage(self) -> Stage:
        return self.director.stage

    @property
    def read(self) -> int:
        return self.director.feeder.ring.read

    def listen(self, seconds: float, block: int = 4800) -> Block:
        """Return the next *seconds*; everything is spoken in time."""
        stop = self.read + frames(seconds)
        first = len(self.heard)
        while self.read < stop and not self.director.over:
            for take in self.director.takes:
                settled(take)
            while self.director.feeder.fill():
                pass
            self.director.tick(self.read)
            out = np.empty((min(block, stop - self.read), 2), np.float32)
            self.director.feeder.ring.fill(out)
            self.heard.append(out)
        return np.concatenate(self.heard[first:]) if len(self.heard) > first else np.zeros((0, 2), np.float32)

    def tape(self) -> Block:
        return np.concatenate(self.heard)

    def words(self) -> str:
        return self.director.now(self.read).words

    def until(self, words: str, limit: float = 120.0) -> float:
        """Listen until *words* begin; return how many seconds that took."""
        start = self.read
        while words not in self.words():
            late = self.director.over or self.read - start > frames(limit)
            assert not late, f'"{words}" is not heard; now "{self.words()}"'
            self.listen(0.05)
        return (self.read - start) / 48_000


def settled(take: Take) -> None:
    """Have *take* spoken to its end."""
    take.begin(0, first=False)
    assert take.ready(take.length, 20.0)
    assert take.failure is None


MakeHand = Callable[..., Hand]


@pytest.fixture
def hand(studio: Studio, write: Write) -> Iterator[MakeHand]:
    """Makes players by hand of `SCRIPT`, or another."""
    made: list[Hand] = []

    def make(text: str = SCRIPT, length: float | None = None, **wishes: object) -> Hand:
        lasting = None if length is None else frames(length)
        session = studio.session(write(text), Wishes(length=lasting, **wishes))  # type: ignore[arg-type]
        made.append(Hand(session, studio))
        return made[-1]

    yield make
    for each in made:
        each.director.close()


class Kept:
    """A listener's journal, and what is in it."""

    def __init__(self) -> None:
        self.store = MemoryListenerStore()
        self.journal = ListenerJournal(lambda: self.store, "laptop")

    def all(self, kind: type[R]) -> tuple[R, ...]:
        """Return what is kept of *kind*, the latest first, once it is written."""
        assert self.journal._behind.flush(20.0)
        return tuple(each.record for each in self.store.all(kind))


@pytest.fixture
def kept() -> Iterator[Kept]:
    made = Kept()
    yield made
    made.journal.close()


@pytest.fixture
def begin(studio: Studio, write: Write) -> Iterator[Begin]:
    """Begins to play `SCRIPT`, or another, for a minute and a half."""
    stages: list[Played] = []
    usual = studio

    def make(
        text: str = SCRIPT,
        studio: Studio = usual,
        output: FakeOutput | None = None,
        wishes: Wishes = Wishes(length=frames(90.0)),  # noqa: B008  frozen
        **options: Any,
    ) -> Played:
        card = FakeOutput() if output is None else output
        time = Time()
        session = studio.session(write(text), wishes)
        player = Player(session, card, ground=studio.script("ground-now"), clock=time, **options)
        stages.append(Played(player, card, time))
        player.open()
        return stages[-1]

    yield make
    for stage in stages:
        stage.player.close()
