"""`program` and `support`: programs of several days, and support lines."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from voiceguide.audio import Frames, clock
from voiceguide.errors import LengthError, ScriptError
from voiceguide.export.encoding.codecs import CODECS
from voiceguide.export.file import explained
from voiceguide.export.recording import render
from voiceguide.export.sidecars import SIDECARS
from voiceguide.files.folders import shipped, user_data
from voiceguide.library.programs import FOLDER, Program, Programs, Sitting
from voiceguide.library.support import BEFORE, Region, load
from voiceguide.plan.wishes import Wishes
from voiceguide.script.library import Find
from voiceguide.server.playable import playable
from voiceguide.session.session import Session
from voiceguide.session.studio import Studio

log = logging.getLogger("voiceguide")


@click.command()
@click.argument("name", required=False)
@click.option(
    "--render",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Make all its sessions, as files in DIR; those there already are kept.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(tuple(CODECS)),
    default="mp3",
    help="What to make of them. As m4b they are the parts of a series, for audiobook players. Default: mp3.",
)
@click.option("--voice", metavar="ENGINE[/NAME]", help="Who speaks. Default: the best.")
@click.option("--name", "listener", help="What to call you, in scripts that do.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Lines spoken and segments encoded side by side.")
def program(
    name: str | None,
    folder: Path | None,
    kind: str,
    voice: str | None,
    listener: str | None,
    jobs: int | None,
) -> None:
    """Show the program NAME, a script a day and why; or list all programs. No day left out is counted."""
    with Studio(jobs=jobs) as studio:
        programs = Programs([user_data() / "scripts" / FOLDER, shipped("scripts") / FOLDER], studio.library)
        find = playable(studio).script
        if name is None:
            _list(programs, find)
            return
        chosen = _playable(programs, name, find)
        if folder is None:
            _show(chosen)
        else:
            _render(studio, chosen, folder, kind, Wishes(voice=voice, name=listener))


@click.command()
@click.argument("region", required=False)
def support(region: str | None) -> None:
    """List support lines for REGION, a country or its two letters, with the date each was checked."""
    lines = load()
    for each in (lines.find(region),) if region else lines.everywhere:
        _region(each)
    if region is None:
        names = ", ".join(each.name for each in lines.regions if each.code)
        click.echo(f"For lines in one country: voiceguide support COUNTRY. There are lines for {names}.\n")
    click.echo(f"{lines.note or BEFORE} A list of your own, {user_data() / 'support.yaml'}, takes its place.")


def _playable(programs: Programs, name: str, find: Find) -> Program:
    """Return the program called *name* without the sittings that cannot be played, and log those."""
    chosen, missing = programs.playable(name, find)
    for problem in missing:
        log.warning("left out, %s", problem)
    return chosen


def _list(programs: Programs, find: Find) -> None:
    width = max(map(len, programs.names()), default=0)
    for name in programs.names():
        try:
            found = _playable(programs, name, find)
        except ScriptError as error:
            log.warning("left out, %s", error.problems[0])
            continue
        days = "1 day" if found.days == 1 else f"{found.days} days"
        click.echo(f"{name.ljust(width)}  {days:>7}  {found.summary}")


def _show(chosen: Program) -> None:
    click.echo(f"{chosen.title}\n{chosen.summary}\n")
    width = max(len(sitting.script) for sitting in chosen.sittings)
    for sitting in chosen.sittings:
        length = clock(sitting.length) if sitting.length is not None else ""
        click.echo(f"{sitting.day:>3}  {sitting.script.ljust(width)}  {length:>5}  {sitting.why}")


def _region(region: Region) -> None:
    emergency = f" (emergency: {region.emergency})" if region.emergency else ""
    click.echo(f"{region.name}{emergency}")
    if region.note:
        click.echo(f"  {region.note}")
    for line in region.lines:
        reach = " ".join(part for part in (line.number, line.address) if part)
        more = f"; {line.note}" if line.note else ""
        click.echo(f"  {line.name}: {reach} ({line.by})")
        click.echo(f"    {line.hours}; {line.language}; checked {line.checked}{more}")
    click.echo()


def _render(studio: Studio, chosen: Program, folder: Path, kind: str, wishes: Wishes) -> None:
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for sitting, target in _targets(chosen, folder, kind):
        session = _session(studio, chosen, sitting, wishes)
        if _made(target) == session.key:
            click.echo(f"{target}: there already")
            continue
        render(session, target, sides=["manifest"], series=chosen.title, part=str(sitting.day))
        click.echo(f"{target}: {session.script.title}, {clock(session.length)}")


def _targets(chosen: Program, folder: Path, kind: str) -> Iterator[tuple[Sitting, Path]]:
    """Yield each sitting with its file, ``01-grounding-chair.mp3``; a script's second of a day has ``-2``."""
    seen: Counter[str] = Counter()
    for sitting in chosen.sittings:
        name = f"{sitting.day:02}-{sitting.script.replace('/', '-')}"
        seen[name] += 1
        yield sitting, folder / (f"{name}.{kind}" if seen[name] == 1 else f"{name}-{seen[name]}.{kind}")


def _session(studio: Studio, chosen: Program, sitting: Sitting, wishes: Wishes) -> Session:
    """Return the session of *sitting*, the same on any day, at the nearest possible length."""
    seed = f"{chosen.name} {sitting.day}"
    asked = Wishes(length=sitting.length, voice=wishes.voice, name=wishes.name, seed=seed)
    try:
        return studio.session(sitting.script, asked)
    except LengthError as error:
        if asked.length is None or not error.shortest <= error.longest:
            raise
        near = Frames(min(max(asked.length, error.shortest), error.longest))
        return studio.session(sitting.script, Wishes(near, asked.voice, name=asked.name, seed=seed))


def _made(target: Path) -> str:
    """Return the key of the session in *target*, from the manifest beside it; "" if either is missing."""
    beside = target.with_suffix(SIDECARS["manifest"].ending)
    try:
        return str(json.loads(beside.read_bytes())["key"]) if target.is_file() else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""


commands = (program, support)
