"""What buttons are shown for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceguide.playback import Now
from voiceguide.playback.director import Director


class Plays(Protocol):
    """What of a `Player` is used here; each method may be called from any thread, and returns at once."""

    @property
    def now(self) -> Now:
        """What is heard."""

    def do(self, command: str) -> None:
        """Do what one of `player.COMMANDS` says."""

    def ask(self, wish: Callable[[Director], object]) -> None:
        """Have *wish* done with the director."""

    def watch(self, watcher: Callable[[Now], None]) -> None:
        """Call *watcher* with every new `Now`."""
