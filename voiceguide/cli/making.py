"""`render` and `plan`: making a recording of a session, and showing its timeline."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from voiceguide.audio import clock
from voiceguide.cli.options import tell_length, wished, wishes
from voiceguide.errors import DeviceMissing, WishError
from voiceguide.export import recording
from voiceguide.export.file import size_text, write_whole
from voiceguide.export.sidecars import SIDECARS
from voiceguide.export.text.table import table, table_json
from voiceguide.plan.fit import told
from voiceguide.plan.strays import refuse_strays
from voiceguide.session.session import Session
from voiceguide.session.studio import Studio

if TYPE_CHECKING:
    from voiceguide.playback import Player

_LOOK_SECONDS: Final = 0.2


@click.command()
@click.argument("script")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to: its ending (mp3, m4a, m4b, opus, flac, wav) says what to make. Default: SCRIPT.mp3 here.",
)
@wishes
@click.option("--jobs", type=click.IntRange(1, 64), help="Lines spoken and segments encoded side by side.")
@click.option(
    "--bitrate", type=click.IntRange(32, 512), metavar="KBPS", help="In kbit/s. Default: 128 for mp3."
)
@click.option(
    "--with",
    "sides",
    metavar="KIND[,KIND]",
    default="",
    help=f"Files to write beside it: {', '.join(SIDECARS)}.",
)
@click.option(
    "--strict", is_flag=True, help="Write nothing where lines take so long that an exact rest cannot be kept."
)
@click.option("--play", is_flag=True, help="Play it when it is ready, where there is a sound device.")
def render(script: str, output: Path | None, jobs: int | None, bitrate: int | None, **given: Any) -> None:
    """Make a recording of SCRIPT: a name from `voiceguide list`, or a path.

    Where lines take so long that an exact rest cannot be kept it says so, and exits with 3.
    """
    sides, play, strict = _sides(given.pop("sides")), given.pop("play"), given.pop("strict")
    with Studio(jobs=jobs) as studio:
        session = studio.session(script, wished(given))
        session.telling.silent = True  # everything is reported at the end
        tell_length(session)
        target = output or Path(f"{session.script.name}.mp3")
        with _progress(f"{session.script.title}, {clock(session.length)}") as report:
            rate = bitrate and bitrate * 1000
            recording.render(session, target, bitrate=rate, sides=sides, progress=report, strict=strict)
        size = size_text(target.stat().st_size)
        click.echo(f"{target}: {clock(session.length)}, {size}, spoken by {session.voice}")
        if play:
            _play(session, target)
        refuse_strays(session.cues(), session.voice)


@click.command()
@click.argument("script")
@wishes
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option(
    "--plot", type=click.Path(path_type=Path, dir_okay=False), help="Write a picture of it (SVG) here."
)
def plan(script: str, as_json: bool, plot: Path | None, **given: Any) -> None:
    """Show what happens when in SCRIPT, as estimated: nothing is spoken."""
    with Studio() as studio:
        session = studio.session(script, wished(given))
        cues = session.planned()
        if plot is not None:
            write_whole(plot, SIDECARS["plot"].write(session, cues).encode())
            click.echo(f"{plot}: the timeline of {session.script.name}", err=True)
        rows = table(cues)
        if as_json:
            click.echo(table_json(rows, length=session.length), nl=False)
        elif plot is None:
            click.echo(
                f"{session.script.title}, {clock(session.length)}, spoken by {session.voice} (estimated)"
            )
            click.echo(f"It can last {told(session.lengths(), session.length)}.\n")
            for row in rows:
                length = f"{row.length / 48_000:6.1f}s" if row.length else ""
                click.echo(f"{clock(row.start):>7} {length:>8}  {row.kind:<9} {row.text}".rstrip())


def _sides(text: str) -> list[str]:
    names = [name for name in text.replace(",", " ").split() if name]
    for name in names:
        if name not in SIDECARS:
            raise WishError(f'"{name}" is no file to go with it; --with takes {", ".join(SIDECARS)}')
    return names


@contextmanager
def _progress(title: str) -> Iterator[Callable[[float], None] | None]:
    """Show a bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.logging import RichHandler
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    root = logging.getLogger()
    plain, root.handlers = root.handlers, [RichHandler(console=console, show_time=False, show_path=False)]
    try:
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(title, total=1.0)
            yield lambda part: bar.update(task, completed=part)
    finally:
        root.handlers = plain


def _play(session: Session, target: Path) -> None:
    from voiceguide.playback import Player
    from voiceguide.playback.commands import Stop
    from voiceguide.playback.device.card import Card

    player = Player(session, Card(latency=0.3))
    with closing(player):
        try:
            player.open()
        except DeviceMissing as missing:
            click.echo(f"It cannot be played from here: {missing}.")
            click.echo(f"To listen, open {target} in any player, for example: mpv {target}")
            return
        click.echo("Playing; press Ctrl-C to stop.")
        try:
            _until_over(player)
        except KeyboardInterrupt:
            player.do(Stop())
            _until_over(player)
            click.echo("Stopped. Take your time.")
    if player.failure is not None:
        raise player.failure


def _until_over(player: Player) -> None:
    """Wait for the end, and print the player's notes meanwhile."""
    told = ""
    while not player.wait(_LOOK_SECONDS):
        told, before = player.now.note, told
        if told and told != before:
            click.echo(told)


commands = (render, plan)
