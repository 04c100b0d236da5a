"""`check` and `schema`: for people who write scripts."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from voiceguide.care import findings
from voiceguide.engines.hum import HumEngine
from voiceguide.errors import Problem
from voiceguide.script.check import BLOCKS
from voiceguide.script.check import check as form_problems
from voiceguide.script.parse import load
from voiceguide.script.schema import schema as json_schema


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object a problem.")
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool, strict: bool) -> None:
    """Tell everything that is wrong with scripts, and where; status 2 if something is.

    Where a rule of care is broken, its number is told, as a warning. Silences and ways out are timed with a
    voice that takes as long as most do.
    """
    problems = [problem for file in files for problem in problems_of(file)]
    if as_json:
        click.echo(json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(str(problem) if problem.severity == "error" else f"{problem} (a warning)")
    failed = [problem for problem in problems if strict or problem.severity == "error"]
    if not problems and not as_json:
        click.echo(f"{len(files)} {'script is' if len(files) == 1 else 'scripts are'} in order")
    ctx.exit(2 if failed else 0)


def problems_of(file: Path) -> tuple[Problem, ...]:
    """Return what is wrong with the form of *file* and, if it is a script without errors, with its care."""
    form = form_problems(file)
    if file.parent.name == BLOCKS or any(problem.severity == "error" for problem in form):
        return form
    hum = HumEngine()
    voice = hum.voices()[0].name
    return form + findings(load(file), lambda text, pace: hum.estimate(text, voice, pace))


@click.command()
def schema() -> None:
    """Print the JSON Schema of a script, for completion and checks in an editor."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


commands = (check, schema)
