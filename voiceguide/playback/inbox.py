"""Commands that were sent and are not obeyed yet."""

from __future__ import annotations

import threading
from collections import deque

from voiceguide.playback.commands import Command, row_of


class Inbox:
    """A queue of commands, in order: any thread puts them in, one thread takes them out.

    Of several in a row of one type, only the last is kept if the table says that the `newest` counts.
    """

    def __init__(self) -> None:
        self._commands: deque[Command] = deque()
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self._commands)

    def put(self, command: Command) -> None:
        with self._lock:
            if row_of(command).newest and self._commands and type(self._commands[-1]) is type(command):
                self._commands.pop()
            self._commands.append(command)

    def take(self) -> Command | None:
        """Remove and return the next command, None if there is none."""
        with self._lock:
            return self._commands.popleft() if self._commands else None
