"""A player with its thread, on a card that asks when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np

from voiceguide.audio import Block
from voiceguide.playback import Now, Player
from voiceguide.playback.feeder import Feeder
from voiceguide.testing.outputs import FakeOutput

PATIENCE = 20.0


class Time:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Stage:
    """A player on a card by hand, its news, and what the card was given."""

    def __init__(self, player: Player, card: FakeOutput, time: Time) -> None:
        self.player = player
        self.card = card
        self.time = time
        self.news: list[Now] = []
        self.heard: list[Block] = []
        self.looks = 0
        self._changed = threading.Condition()
        self._tick = player._director.tick
        player._director.tick = self._looked  # type: ignore[method-assign]  # counted
        player.watch(self._note)

    def _note(self, now: Now) -> None:
        with self._changed:
            self.news.append(now)
            self._changed.notify_all()

    def pull(self, seconds: float) -> None:
        """Have the newest output ask for *seconds*, never for what is not ready."""
        output, feeder = self.card.outputs[-1], self.player._director.feeder
        self.until(lambda: self.player.now.status != "starting" or self.player.wait(0.0))
        for _ in range(round(seconds * 10)):
            self.until(lambda: self.player.wait(0.0) or _ready(feeder))
            self.heard.append(output.pull(4800))
        self.look()

    def pull_until(self, true: Callable[[Now], bool]) -> None:
        """Pull a little at a time, until what is heard is so."""
        for _ in range(200):
            self.pull(0.1)
            if true(self.player.now):
                return
        raise AssertionError(f"it never became so; {self.player.now}, {self.player.failure}")

    def look(self) -> None:
        """Have the player look round, and tell: the third look from now begins when the second has told."""
        due = self.looks + 3
        while self.looks < due and self.player.now.status != "lost" and not self.player.wait(0.0):
            before = self.looks
            self.player._woken.set()
            self.until(
                lambda: (
                    self.looks > before  # noqa: B023
                    or self.player.now.status == "lost"
                    or self.player.wait(0.0)
                )
            )

    def _looked(self, heard: int) -> None:
        self._tick(heard)
        self.looks += 1

    def until(self, true: Callable[[], bool]) -> None:
        """Wait until something is *true*."""
        with self._changed:
            for _ in range(2000):
                if true():
                    return
                self._changed.wait(PATIENCE / 2000)
        raise AssertionError(f"it never became so; {self.player.now}, {self.player.failure}")

    def tape(self) -> Block:
        return np.concatenate(self.heard)


def _ready(feeder: Feeder) -> bool:
    return not feeder.waiting and feeder.ring.ready - feeder.ring.read >= 4800


Begin = Callable[..., Stage]
"""Begins to play a script on a card by hand; other options than `text` and `studio` are the player's."""
