"""Keys of the terminal, one at a time, without Enter."""

from __future__ import annotations

import os
import re
import select
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Protocol

from voiceguide.playback.commands import ROWS, Command

KEYS: Final[Mapping[str, Command]] = {key: row.command for row in ROWS for key in row.keys}
"""The command of each key."""

_SENT: Final = re.compile(
    r"\x1b(?:\[|O)(?P<arrow>[ABCD])"
    r"|\x1b\[(?P<page>[56])~"
    r"|\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|[^\x1b[O]?)"  # any other named key, or a letter with Alt: ignored
    r"|(?P<letter>.)",
    re.DOTALL,
)
_CUT: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|O)?\Z")
_REST_SECONDS: Final = 0.03
"""The rest of a key's bytes arrives within this time; if nothing does, it was the Escape key."""

_NAMED: Final = {"A": "up", "B": "down", "C": "right", "D": "left", "5": "page up", "6": "page down"}
_WINDOWS: Final = {"H": "up", "P": "down", "M": "right", "K": "left", "I": "page up", "Q": "page down"}


class Keys(Protocol):
    """A source of keys."""

    def read(self, timeout: float) -> Iterator[str]:
        """Wait at most *timeout* seconds, and yield the keys pressed."""


class NoKeys:
    """There is no keyboard: input is a pipe or a file."""

    def read(self, timeout: float) -> Iterator[str]:
        return iter(())


class Terminal:
    """Keys of a terminal that is in cbreak mode, on file descriptor *fd*."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._gone = False

    def read(self, timeout: float) -> Iterator[str]:
        typed = self._typed(timeout)
        while _CUT.search(typed) and (more := self._typed(_REST_SECONDS)):
            typed += more
        yield from names(typed)

    def _typed(self, timeout: float) -> str:
        if not select.select([] if self._gone else [self._fd], [], [], timeout)[0]:
            return ""
        try:
            typed = os.read(self._fd, 64)
        except OSError:
            typed = b""
        self._gone = not typed  # the terminal was closed: what plays goes on, without keys
        return typed.decode(errors="ignore")


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
                    key = _WINDOWS.get(msvcrt.getwch(), "")  # type: ignore[attr-defined,unused-ignore]
                yield key
            time.sleep(0.02)


def names(typed: str) -> Iterator[str]:
    """Yield the name of each key in what a terminal sends: ``up`` for an arrow, the letter for a letter."""
    for sent in _SENT.finditer(typed):
        named = sent["arrow"] or sent["page"]
        if named or sent["letter"]:
            yield _NAMED[named] if named else sent["letter"]


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
