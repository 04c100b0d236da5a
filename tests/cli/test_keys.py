from __future__ import annotations

import os
import pty
import sys
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.waiting import until
from voiceguide.cli.keys import KEYS, NoKeys, Terminal, keyboard, names
from voiceguide.cli.view import HINTS
from voiceguide.playback import COMMANDS
from voiceguide.playback.prompts import PROMPTS


@dataclass
class Typist:
    """The far end of a terminal."""

    far: int
    near: int

    def type(self, text: str) -> None:
        os.write(self.far, text.encode())

    def hang_up(self) -> None:
        os.close(self.far)
        self.far = -1


@pytest.fixture
def typist(monkeypatch: pytest.MonkeyPatch) -> Iterator[Typist]:
    """A pseudo-terminal that is this process's standard input."""
    far, near = pty.openpty()
    made = Typist(far, near)
    with os.fdopen(near, "r", closefd=False) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield made
    os.close(near)
    if made.far >= 0:
        os.close(made.far)


def read(terminal: Terminal, count: int) -> list[str]:
    """Return the next *count* keys."""
    keys: list[str] = []

    def enough() -> bool:
        keys.extend(terminal.read(0.05))
        return len(keys) >= count

    until(enough)
    return keys


def test_every_key_asks_for_something_there_is() -> None:
    """Each key is a command of the player."""
    assert set(KEYS.values()) <= set(COMMANDS.values())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("s", ["s"]),
        ("\x1b[A\x1b[B\x1b[C\x1b[D", ["up", "down", "right", "left"]),
        ("\x1bOA\x1bOD", ["up", "left"]),
        ("\x1b[5~\x1b[6~", ["page up", "page down"]),
        ("n\x1b[Cq", ["n", "right", "q"]),
        ("\x1b[15~", []),
        ("\x1b[1;5Cs", ["s"]),
        ("\x1bOP\x1b[Z", []),
        ("\x1bQ", []),
        ("\x1b\x1b[A", ["up"]),
        ("\x1b", []),
        ("é ", ["é", " "]),
    ],
)
def test_what_a_terminal_sends(typed: str, expected: list[str]) -> None:
    """Arrows have names in both of a terminal's modes; other named keys, and Alt with a letter, are none."""
    assert list(names(typed)) == expected


def test_keys_come_without_enter(typist: Typist) -> None:
    """Through a real terminal every key is there as it is pressed, and is not written on the screen."""
    with keyboard() as keys:
        assert isinstance(keys, Terminal)
        for key in (" ", "s", "Q", "?", "+", ","):
            typist.type(key)
            assert read(keys, 1) == [key]
        typist.type("\x1b[A")
        assert read(keys, 1) == ["up"]
        assert not termios.tcgetattr(typist.near)[3] & (termios.ECHO | termios.ICANON)


def test_the_terminal_is_as_it_was(typist: Typist) -> None:
    """Afterwards the terminal is as before, after a mistake too."""
    before = termios.tcgetattr(typist.near)
    with pytest.raises(ZeroDivisionError), keyboard():
        raise ZeroDivisionError
    assert termios.tcgetattr(typist.near) == before


@pytest.mark.parametrize("cut", [1, 2])
def test_a_key_in_two_pieces_is_one(typist: Typist, cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An arrow whose bytes come one after another is no Escape and no capital A."""
    with keyboard() as keys:
        assert isinstance(keys, Terminal)
        pieces = iter(["\x1b[A"[:cut], "\x1b[A"[cut:]])
        typed = keys._typed

        def late(timeout: float) -> str:
            """The next piece is only sent when somebody looks for it."""
            piece = next(pieces, "")
            if piece:
                typist.type(piece)
            return typed(5.0 if piece else timeout)

        monkeypatch.setattr(keys, "_typed", late)
        assert read(keys, 1) == ["up"]


def test_escape_alone_is_no_key(typist: Typist) -> None:
    """Escape does nothing, and the key after it counts."""
    with keyboard() as keys:
        typist.type("\x1b")
        assert list(keys.read(5.0)) == []
        typist.type("s")
        assert list(keys.read(5.0)) == ["s"]


def test_a_terminal_that_goes_away(typist: Typist) -> None:
    """When the terminal is closed there are no more keys, and waiting for them is no work."""
    terminal = Terminal(typist.near)
    typist.hang_up()
    assert list(terminal.read(5.0)) == []
    work, start = time.process_time(), time.monotonic()
    assert list(terminal.read(0.3)) == []
    assert time.process_time() - work < 0.5 * (time.monotonic() - start)


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a pipe or a file nothing is read: it may be another program's."""
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        with keyboard() as keys:
            assert isinstance(keys, NoKeys)
            assert list(keys.read(0.0)) == []


def test_every_key_is_told_of() -> None:
    """Each key is on the screen, and each is read aloud."""
    shown = " ".join(HINTS).replace("1-9", "1 2 3 4 5 6 7 8 9").split()
    spoken = " ".join(PROMPTS["keys"].help).lower()
    aloud = {
        " ": "space", "left": "left arrow", "right": "right arrow", "up": "up arrow", "down": "down arrow",
        "+": "plus", "-": "minus", ",": "comma", ".": "full stop", "?": "",
        **dict.fromkeys("123456789", "a number"),
    }  # fmt: skip
    seen = {" ": "space", "left": "←", "right": "→", "up": "↑", "down": "↓"}
    for key in KEYS:
        if key in ("=", "page up", "page down"):  # other ways to press "+", "b" and "n"
            continue
        assert seen.get(key, key) in shown, key
        letter = f"capital {key.lower()}" if key.isupper() else f"{key}:"
        assert aloud.get(key, letter) in spoken, key
