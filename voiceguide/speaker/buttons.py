"""Media keys and headset buttons on the speaker: they mean the speaker, not only what it plays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from voiceguide.errors import WishError
from voiceguide.playback import Command, Now, Player


class Remote(Protocol):
    """Where a session is seen, and has buttons."""

    def start(self) -> None:
        """Show it; returns at once."""

    def close(self) -> None:
        """Show it no more."""


class Buttons:
    """A *player* whose buttons ask the whole speaker, by *send*: a stop is silence, whatever is queued.

    A command that comes after the session has ended is ignored.
    """

    def __init__(self, player: Player, send: Callable[[Command], None]) -> None:
        self._player = player
        self._send = send

    @property
    def now(self) -> Now:
        return self._player.now

    def watch(self, watcher: Callable[[Now], None]) -> None:
        self._player.watch(watcher)

    def do(self, command: Command) -> None:
        with suppress(WishError):
            self._send(command)


Show = Callable[[Buttons], Remote]
