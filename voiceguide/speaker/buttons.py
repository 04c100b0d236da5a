"""Media keys and headset buttons on the speaker, which control all of it, not only the session that plays."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from voiceguide.errors import WishError
from voiceguide.playback import Command, Now, Player


class Remote(Protocol):
    """A display of a session that has buttons, such as the desktop's media controls."""

    def start(self) -> None:
        """Show the session; returns at once."""

    def close(self) -> None:
        """Hide the session."""


class Buttons:
    """A *player* as a `Remote` sees it; the commands of its buttons go to the speaker, by *send*.

    So Stop also holds back the queue. A command that arrives after the session has ended is ignored.
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
