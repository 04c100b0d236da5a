"""Keys of the terminal, one at a time, without Enter."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol

KEYS: Final[Mapping[str, str]] = {
    " ": "toggle",
    "left": "line back",
    "right": "line on",
    "up": "louder",
    "down": "softer",
    "s": "stay",
    "n": "next",
    "b": "back",
    "g": "ground",
    "q": "finish",
    "Q": "stop",
    "?": "help",
}
"""What each key asks of the player."""

_ARROWS: Final = {"A": "up", "B": "down", "C": "right", "D": "left"}
_WINDOWS_ARROWS: Final = {"H": "up", "P": "down", "M": "right", "K": "left"}


class Keys(Protocol):
    """Where keys come from."""

    def read(self, timeout: float) -> Iterator[str]:
        """Yield the keys pressed within *timeout* seconds, at least waiting so long for the first."""


class NoKeys:
    """There is no keyboard: input is a pipe or a file."""

    def read(self, timeout: float) -> Iterator[str]:
        return iter(())


class Terminal:
    """Keys of a terminal that is in cbreak mode, on file descriptor *fd*."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def read(self, timeout: float) -> Iterator[str]:
        if select.select([self._fd], [], [], timeout)[0]:
            yield from names(os.read(self._fd, 64).decode(errors="ignore"))


class Console:
    """Keys of a Windows console."""

    def read(self, timeout: float) -> Iterator[str]:
        import msvcrt  # Windows only
        import time

        end = time.monotonic() + timeout
        while time.monotonic() < end:
            while msvcrt.kbhit():  # type: ignore[attr-defined,unused-ignore]
                key = msvcrt.getwch()  # type: ignore[attr-defined,unused-ignore]
                if key in "\x00\xe0":
                    key = _WINDOWS_ARROWS.get(msvcrt.getwch(), "")  # type: ignore[attr-defined,unused-ignore]
                yield key
            time.sleep(0.02)


def names(typed: str) -> Iterator[str]:
    """Yield the name of each key in what a terminal sends: ``up`` for an arrow, the letter for a letter."""
    place = 0
    while place < len(typed):
        arrow = _ARROWS.get(typed[place + 2 : place + 3])
        if typed[place : place + 2] in ("\x1b[", "\x1bO") and arrow is not None:
            yield arrow
            place += 3
        else:
            yield typed[place]
            place += 1


@contextmanager
def keyboard() -> Iterator[Keys]:
    """Read keys as they are pressed while the block runs; afterwards the terminal is as it was."""
    if not sys.stdin.isatty():
        yield NoKeys()
        return
    if sys.platform == "win32":
        yield Console()
        return
    import termios
    import tty

    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    try:
        tty.setcbreak(fd)
        yield Terminal(fd)
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)
