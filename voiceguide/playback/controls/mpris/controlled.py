"""What a remote needs of a player."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceguide.playback import Command, Now


class Controlled(Protocol):
    """What of a `Player` is used here; each method may be called from any thread, and returns at once."""

    @property
    def now(self) -> Now:
        """What is heard."""

    def do(self, command: Command) -> None:
        """Have *command* obeyed."""

    def watch(self, watcher: Callable[[Now], None]) -> None:
        """Call *watcher* with every new `Now`."""
