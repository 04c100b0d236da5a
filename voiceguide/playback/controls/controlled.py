"""What controls need of a player. Every method may be called from any thread, and returns at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceguide.playback.commands import Command
from voiceguide.playback.now import Now


class Controlled(Protocol):
    """What of a `Player` a control looks at, and sends its commands to."""

    @property
    def now(self) -> Now:
        """What is heard."""

    def do(self, command: Command) -> None:
        """Have *command* obeyed."""


class Watched(Controlled, Protocol):
    """What of a `Player` is shown as it changes."""

    def watch(self, watcher: Callable[[Now], None]) -> None:
        """Call *watcher* with every new `Now`, on the player's thread: it must not wait."""
