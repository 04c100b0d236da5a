"""What controls need of a player. Every method may be called from any thread, and returns at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceguide.playback.commands import Command
from voiceguide.playback.now import Now


class Controlled(Protocol):
    """The part of a `Player` that a control reads, and sends its commands to."""

    @property
    def now(self) -> Now:
        """What is heard."""

    def do(self, command: Command) -> None:
        """Send *command* to the player."""


class Watched(Controlled, Protocol):
    """The part of a `Player` that a display shows as it changes."""

    def watch(self, watcher: Callable[[Now], None]) -> None:
        """Call *watcher* with every new `Now`, on the player's thread: it must not wait."""
