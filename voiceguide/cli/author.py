"""`check` and `schema`: for people who write scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import click
from msgspec.structs import asdict

from voiceguide.care import findings
from voiceguide.cli.offered import offers
from voiceguide.errors import Problem, ScriptError
from voiceguide.files.folders import shipped, user_data
from voiceguide.library.programs import FOLDER
from voiceguide.library.programs import load as load_program
from voiceguide.library.support import load as load_support
from voiceguide.plan.possible import impossible
from voiceguide.script.check import BLOCKS
from voiceguide.script.library import Library, script_of
from voiceguide.script.parse import examine, examine_block
from voiceguide.script.schema import schema as json_schema
from voiceguide.sounds.ambience.named import unknown
from voiceguide.voices.engines.openai_settings import check as check_engines
from voiceguide.voices.lexicon import Lexicon
from voiceguide.voices.unheard import unheard
from voiceguide.voices.usual import usual

_NOT_SCRIPTS: Final[Mapping[str, Callable[[Path], object]]] = {
    "lexicon": Lexicon.load,
    "support": load_support,
    "schedule": lambda path: _load_schedule(path),
    "engines": check_engines,
}
"""The functions that check files other than scripts, by the file's name."""


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object a problem.")
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool, strict: bool) -> None:
    """Tell everything that is wrong with scripts, and where; status 2 if something is.

    A schedule.yaml and an engines.yaml are looked at, too.

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
        click.echo(f"{len(files)} {'file is' if len(files) == 1 else 'files are'} in order")
    ctx.exit(2 if failed else 0)


def problems_of(file: Path) -> tuple[Problem, ...]:
    """Return the problems in the form of *file* and, if it is a script without errors, in its care.

    Programs, support lines, lexicons, schedules and engines' settings are checked by rules of their own.
    """
    named = file.stem in _NOT_SCRIPTS and file.parent.name != BLOCKS and not _has_steps(file)
    if file.parent.name == FOLDER or named:
        return _problems_beside(file)
    if file.parent.name == BLOCKS:
        return examine_block(file, folder=file.parent.parent)
    script, form = examine(file)
    if script is None:
        return form
    estimate = usual(script)
    wrong = unknown(script) + impossible(script, estimate)
    return form + unheard(script) + (wrong or findings(script, estimate))


def _has_steps(file: Path) -> bool:
    """Return whether *file* has steps, and so is a script whatever its name."""
    try:
        return re.search(rb"^steps:", file.read_bytes(), re.MULTILINE) is not None
    except OSError:
        return False


def _load_schedule(path: Path) -> object:
    from voiceguide.speaker.schedule import load as load_schedule  # it imports the whole speaker

    library = Library([user_data() / "scripts", shipped("scripts")])
    return load_schedule(path, offers(partial(script_of, library)))


def _problems_beside(file: Path) -> tuple[Problem, ...]:
    """Return the problems of a *file* beside the scripts."""
    try:
        if file.parent.name == FOLDER:
            load_program(file, Library([file.parent.parent, shipped("scripts")]))
        else:
            _NOT_SCRIPTS[file.stem](file)
    except ScriptError as error:
        return error.problems
    return ()


@click.command()
def schema() -> None:
    """Print the JSON Schema of a script, for completion and checks in an editor."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


commands = (check, schema)
