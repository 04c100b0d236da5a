"""Shows a session while it plays, on one calm screen or as plain lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

import click

from voiceguide.audio import clock
from voiceguide.cli.caught import caught

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

    from voiceguide.playback.now import Now, Status

_SAYS: Final[dict[Status, str]] = {
    "starting": "",
    "playing": "",
    "paused": "paused",
    "waiting": "one moment",
    "choosing": "you choose",
    "grounding": "on the ground",
    "lost": "no sound device",
    "stopping": "",
    "ended": "",
}
HINTS: Final = (
    "space pause   ← → line   ↑ ↓ volume   s stay   n next   b back   g ground me   q finish   ? help",
    "+ - ten minutes   , . 15 seconds   1-9 part   c sound   a A its level   v V voice   Q stop",
)


class View(Protocol):
    """A display of what is heard."""

    def show(self, now: Now) -> None:
        """Show *now*."""


class Plain:
    """A line for each chapter, each line spoken and each note: for pipes and screen readers."""

    def __init__(self) -> None:
        self._said: dict[str, str] = {}

    def show(self, now: Now) -> None:
        self._say("chapter", now.chapter, f"\n{now.chapter}, {clock(now.remaining)} left")
        self._say("words", now.words, now.words)
        self._say("note", now.note, f"({now.note})")
        if now.status != "waiting":
            self._say("state", _SAYS[now.status], f"({_SAYS[now.status]})")

    def _say(self, kind: str, text: str, line: str) -> None:
        if text and text != self._said.get(kind):
            click.echo(line)
        self._said[kind] = text


def screen(now: Now, width: int, height: int, warning: str = "") -> RenderableType:
    """Return *now* as one screen: chapter above, words in the middle, time below, then the notes and keys.

    In a small window the words give way first; the time stays to the last.
    """
    from rich.console import Group
    from rich.text import Text

    state = _SAYS[now.status]
    left = f"{clock(now.remaining)} left"
    time = Text(" \N{MIDDLE DOT} ".join(part for part in (left, state) if part), style="dim")
    room = height - 2  # after the time and a line of words
    parts: list[list[Text]] = []
    for text in (
        [Text(f"{now.title}   {now.chapter}".strip(), style="dim")],
        [Text(now.note, style="italic")],
        [Text(warning, style="italic")],
        [Text(hint, style="dim", no_wrap=True) for hint in HINTS],
    ):
        lines = [line for each in text for line in _lines(each, width)][: max(0, room)]
        room -= len(lines)
        parts.append(lines)
    head, *below = parts
    words = _lines(Text(now.words), width)
    most = max(0, min(1 + room, max(3, height - 8, len(words))))
    if len(words) > most > 0:
        words[most - 1].append("\N{HORIZONTAL ELLIPSIS}")
    above = (most - len(words[:most])) // 2
    middle = [Text()] * above + words[:most] + [Text()] * (most - above - len(words[:most]))
    shown = [*head, *middle, time, *(line for part in below for line in part)]
    for line in shown:
        line.truncate(width, overflow="ellipsis")
        line.align("center", width)
    return Group(*shown)


def _lines(text: Text, width: int) -> list[Text]:
    """Return *text* in lines of *width* columns; "" is one empty line, so that lines below stay in place."""
    from rich.console import Console

    if text.no_wrap:
        return [text]
    lines = list(text.wrap(Console(width=width), width)) or [text]
    for line in lines:
        line.rstrip()
    return lines


@contextmanager
def view(*, plain: bool) -> Iterator[View]:
    """Show what is played while the block runs: on one screen, or *plain*.

    Warnings are shown on the screen too; beside plain lines, they go to standard error as usual.
    """
    if plain:
        yield Plain()
        return
    from rich.console import Console
    from rich.live import Live

    console = Console()

    class Screen:
        def show(self, now: Now) -> None:
            live.update(screen(now, console.width, console.height, warnings.last), refresh=True)

    with caught() as warnings, Live(console=console, screen=True, auto_refresh=False) as live:
        yield Screen()
