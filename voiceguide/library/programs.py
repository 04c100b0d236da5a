"""Programs: scripts for several days, in order. Days that are left out are not counted."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final, assert_never

from msgspec import Struct

from voiceguide.audio import Frames, clock
from voiceguide.errors import Problem, VoiceguideError, WishError
from voiceguide.files import folders
from voiceguide.plan.fit import Reach, told
from voiceguide.script.durations import duration
from voiceguide.script.form import Form
from voiceguide.script.library import Find, Library, script_of
from voiceguide.script.model import Lengths, Own, Where
from voiceguide.script.source import Node, Pairs

FOLDER: Final = "programs"
"""The name of the folder of programs, beside the scripts."""

_TOP: Final = ("title", "summary", "days")
_DAY: Final = ("day", "script", "length", "why")
_MOST_DAYS: Final = 366


class Sitting(Struct, frozen=True):
    """One session of a program. `length` is in frames, None for the script's own; `where` is in its file."""

    day: int
    script: str
    length: Frames | None
    why: str
    where: Where


class Program(Struct, frozen=True):
    """The sessions of each day; a day can have several."""

    name: str
    title: str
    summary: str
    sittings: tuple[Sitting, ...]

    @property
    def days(self) -> int:
        """The number of its days."""
        return len({sitting.day for sitting in self.sittings})


class Programs:
    """Programs by name in *folders*, the earlier hiding the later; their scripts are in *library*."""

    def __init__(self, folders: Sequence[Path], library: Library) -> None:
        self._folders = tuple(folders)
        self._library = library

    def names(self) -> tuple[str, ...]:
        """Return the names of all programs, sorted."""
        return tuple(sorted(self._paths()))

    def load(self, name: str) -> Program:
        """Return the program called *name*.

        Raises:
            WishError: if there is none; the nearest names are suggested.
            ScriptError: if it cannot be used; with all its problems.
        """
        return load(self._path(name), self._library)

    def stamp(self, name: str) -> tuple[int, ...]:
        """Return values that change when the file of the program *name* does; empty if there is none."""
        path = self._paths().get(name)
        return () if path is None else folders.stamp(path)

    def playable(self, name: str, find: Find) -> tuple[Program, tuple[Problem, ...]]:
        """Return the program called *name* without its impossible sittings, and the problems of those.

        Raises:
            WishError: if there is none; the nearest names are suggested.
            ScriptError: if it cannot be used, or all of its sittings are impossible.
        """
        return playable(self._path(name), find)

    def _path(self, name: str) -> Path:
        paths = self._paths()
        if name in paths:
            return paths[name]
        near = difflib.get_close_matches(name, paths, 3, 0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "voiceguide program lists those there are"
        raise WishError(f'there is no program "{name}"; {hint}')

    def _paths(self) -> dict[str, Path]:
        return {path.stem: path for folder in reversed(self._folders) for path in folder.glob("*.yaml")}


def load(path: Path, library: Library) -> Program:
    """Return the program in the file *path*, with its scripts found in *library*.

    Raises:
        ScriptError: with all problems: a missing script, a length it cannot have, days out of order.
    """
    form = Form(path)
    program, missing = _read(form, partial(script_of, library))
    form.add(missing)
    form.finish()
    return program


def playable(path: Path, find: Find) -> tuple[Program, tuple[Problem, ...]]:
    """Return the program in the file *path* without its impossible sittings, and the problems of those.

    *find* returns the script of a name, or raises the error that says why it cannot be used.

    Raises:
        ScriptError: if the file itself has problems, or no sitting is left.
    """
    form = Form(path)
    program, missing = _read(form, find)
    if not program.sittings:
        form.add(missing)
    form.finish()
    return program, missing


def _read(form: Form, find: Find) -> tuple[Program, tuple[Problem, ...]]:
    """Return the possible sittings, and the problems of the others; *form* notes all other problems."""
    root = form.root("a program", _TOP)
    title, summary = form.text(root, "title", ""), form.text(root, "summary", "")
    sittings: list[Sitting] = []
    missing: list[Problem] = []
    day = 1
    for field, node in form.items(root, "days", ""):
        pairs = form.pairs(node, field, _DAY)
        sitting = _sitting(form, node, pairs, field)
        if sitting.day < day:
            form.fail(node, f"{field}.day", f"day {sitting.day} comes after day {day}; put it before")
        day = sitting.day
        wrong = _missing(form, pairs, sitting, find) if sitting.script else None
        if wrong is None:
            sittings.append(sitting)
        else:
            missing.append(wrong)
    return Program(form.path.stem, title, summary, tuple(sittings)), tuple(missing)


def _sitting(form: Form, node: Node, pairs: Pairs, field: str) -> Sitting:
    script = form.text(pairs, "script", field)
    written = form.text(pairs, "length", field, needed=False)
    length: Frames | None = None
    try:
        length = duration(written) if written else None
    except ValueError as error:
        form.fail(pairs.get("length") or node, f"{field}.length", str(error))
    return Sitting(
        day=_number(form, pairs, field),
        script=script,
        length=length,
        why=form.text(pairs, "why", field),
        where=Where(str(form.path), node.line, node.column, field),
    )


def _number(form: Form, pairs: Pairs, field: str) -> int:
    text = form.text(pairs, "day", field)
    if text.isdecimal() and 1 <= int(text[:4]) <= _MOST_DAYS:
        return int(text[:4])
    if text:
        form.fail(pairs.get("day") or pairs, f"{field}.day", f"a day is a number from 1 to {_MOST_DAYS}")
    return 1


def _missing(form: Form, pairs: Pairs, sitting: Sitting, find: Find) -> Problem | None:
    """Return the problem of a *sitting* whose script is missing or cannot be that long."""
    field, name, length = sitting.where.field, sitting.script, sitting.length
    try:
        has = find(name).length
    except VoiceguideError as error:
        return form.problem(pairs.get("script") or pairs, f"{field}.script", str(error))
    if length is None:
        return None
    match has:
        case Lengths(least=least, most=most):
            if least <= length <= most:
                return None
            what = f'"{name}" can last {told((Reach(least, most),), length)}, and not {clock(length)}'
        case Own():
            what = f'"{name}" is as long as its lines come to; leave its length out'
        case _:
            assert_never(has)
    return form.problem(pairs.get("length") or pairs, f"{field}.length", what)
