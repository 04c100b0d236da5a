"""Wishes of which only the newest counts: a slider asks faster than anybody can hear."""

from __future__ import annotations

import threading
from collections.abc import Callable

from voiceguide.playback.controls.mpris.plays import Plays
from voiceguide.playback.director import Director

Wish = Callable[[Director], object]


class Latest:
    """Asks *player*; of the wishes of a kind that it has not come to yet, only the last is met."""

    def __init__(self, player: Plays) -> None:
        self._player = player
        self._wishes: dict[str, Wish] = {}
        self._lock = threading.Lock()

    def ask(self, kind: str, wish: Wish) -> None:
        with self._lock:
            waiting = kind in self._wishes
            self._wishes[kind] = wish
        if not waiting:
            self._player.ask(lambda director: self._next(kind)(director))

    def _next(self, kind: str) -> Wish:
        with self._lock:
            return self._wishes.pop(kind)
