"""`list`, `voices`, `ambiences`, `ambience` and `doctor`: what there is, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import assert_never

import click

from voiceguide.audio import clock
from voiceguide.cli.doctor import examine
from voiceguide.cli.offered import offered
from voiceguide.plan.plan import span
from voiceguide.script.model import Lengths, Own, Script
from voiceguide.sounds import ambience as ambience_library
from voiceguide.sounds.ambience import add as recordings
from voiceguide.sounds.ambience import shelf
from voiceguide.sounds.ambience.library import own_folder
from voiceguide.voices import registry
from voiceguide.voices.languages import foreign
from voiceguide.voices.usual import usual


@click.command("list")
def list_scripts() -> None:
    """List the exercises: name, usual length and range, what each is; and why any cannot be played."""
    with offered() as offer:
        _print(
            [(script.name, _lasting(script), script.intensity, script.summary) for script in offer.scripts()]
        )
        for refused in offer.refused():
            click.echo(f"left out, {refused}")


@click.group(invoke_without_command=True)
@click.option("--language", default="en", help="Those of another language: de; or all. Default: en.")
@click.pass_context
def voices(ctx: click.Context, language: str) -> None:
    """List every engine and voice with its state, and the command that would mend it."""
    if ctx.invoked_subcommand is not None:
        return
    rows: list[tuple[str, ...]] = []
    others = 0
    for row in registry.listing():
        if not row.status.ready:
            rows.append((row.engine, "", "missing", _mend(row.status.why, row.status.mend)))
        for voice in row.voices:
            if language != "all" and foreign(voice.language, language):
                others += 1
                continue
            ready = row.status.ready and voice.ready
            state = "ready" if ready else "missing"
            note = voice.about if ready or not voice.mend else _mend(voice.about, voice.mend)
            notes = [note, "" if row.local else "over the network"]
            rows.append((f"{row.engine}/{voice.name}", voice.language, state, "; ".join(filter(None, notes))))
    _print(rows)
    if others:
        click.echo(f"and {others} voices of other languages: voiceguide voices --language all")


@voices.command("install")
@click.argument("engine", type=click.Choice(["kokoro"]))
@click.argument("names", nargs=-1)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, exists=True),
    help="A folder that has them, or the .tgz that `npm pack kokoro-js@1.2.1` makes.",
)
def install(engine: str, names: Sequence[str], source: Path | None) -> None:
    """Fetch voices of ENGINE, all the usual ones or those with NAMES, over the network or from here."""
    from voiceguide.voices.engines import kokoro_install

    for path in kokoro_install.install(tuple(names), source):
        click.echo(f"{engine}/{path.stem} is ready")


@click.command()
def ambiences() -> None:
    """List the sounds that can go under a voice, and the bells."""
    _print(
        [(sound.name, "yours" if sound.origin == "own" else "", sound.description) for sound in _sounds()]
        + [(name, "bell", about) for name, about in ambience_library.bells()]
    )


@click.group()
def ambience() -> None:
    """Your own sounds."""


@ambience.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="What to call it. Default: after the file.")
@click.option("--replace", is_flag=True, help="Put it in the place of your own sound of that name.")
def add(file: Path, name: str | None, replace: bool) -> None:
    """Turn FILE, a recording of your own, into a seamless, levelled bed."""
    added = recordings.add(file, name, own_folder(), replace=replace)
    sound = added.sound
    click.echo(
        f"{sound.name}: a loop of {clock(round(sound.seconds * 48_000))}; use it with --ambience {sound.name}"
    )
    for note in added.notes:
        click.echo(note, err=True)


@ambience.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Remove NAME, a sound of your own."""
    shelf.remove(name, own_folder())
    click.echo(f"{name} is removed; scripts that name it are left out until they name another")


@ambience.command("rename")
@click.argument("name")
@click.argument("new")
def rename(name: str, new: str) -> None:
    """Call NAME, a sound of your own, NEW."""
    shelf.rename(name, new, own_folder())
    click.echo(f"{name} is {new} now; scripts that name {name} are left out until they name {new}")


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Say what works here, what is missing, and the command that mends it; status 1 if nothing can speak."""
    findings = examine()
    _print(
        [
            ("ok" if finding.fine else "--", finding.what, _mend(finding.found, finding.mend))
            for finding in findings
        ]
    )
    ctx.exit(0 if all(finding.fine or not finding.needed for finding in findings) else 1)


def _lasting(script: Script) -> str:
    length = span(script, usual(script))
    match script.length:
        case Lengths():
            return f"{clock(length.default)} ({clock(length.least)} to {clock(length.most)})"
        case Own():
            return f"about {clock(length.default)}"
        case _:
            assert_never(script.length)


def _sounds() -> tuple[ambience_library.AmbienceChoice, ...]:
    return ambience_library.sounds()


def _mend(why: str, mend: str) -> str:
    return f"{why}; run: {mend}" if why and mend else why or (f"run: {mend}" if mend else "")


def _print(rows: Iterable[Sequence[str]]) -> None:
    """Print *rows* in columns; the last one is not padded."""
    kept = [tuple(row) for row in rows]
    columns = max((len(row) for row in kept), default=0)
    widths = [max(len(row[at]) for row in kept) for at in range(columns - 1)]
    for row in kept:
        start = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        click.echo(f"{start}  {row[-1]}".rstrip())


commands = (list_scripts, voices, ambiences, ambience, doctor)
