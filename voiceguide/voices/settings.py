"""Reads `engines.yaml` in the user's data folder: settings of engines, a section for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from voiceguide.errors import EngineError, ScriptError
from voiceguide.files.folders import user_data
from voiceguide.script.form import Form
from voiceguide.script.source import Pairs
from voiceguide.voices.points import points

FILE: Final = "engines.yaml"

T = TypeVar("T")


def file() -> Path:
    """Return the path of the user's engine settings, whether or not it exists."""
    return user_data() / FILE


def told(read: Callable[[Path], T]) -> T:
    """Return the result of *read* on the user's file.

    Raises:
        EngineError: if there is no file, or *read* raises a ScriptError; with the first of its problems.
    """
    path = file()
    if not path.exists():
        raise EngineError(f"it is off until {path} says what it needs")
    try:
        return read(path)
    except ScriptError as error:
        raise EngineError(str(error.problems[0])) from error


def named(path: Path) -> tuple[str, ...]:
    """Return the names of the engines with a section in the file *path*.

    Raises:
        ScriptError: with all problems of the file itself.
    """
    form, root = _opened(path)
    form.finish()
    return tuple(key.text for key, _ in root.pairs if key.text in points())


def section(path: Path, engine: str, keys: Sequence[str], read: Callable[[Form, Pairs], T]) -> T:
    """Return the result of *read* on the section of *engine* in the file *path*.

    The section may have *keys*; *read* notes problems of their values in the form.

    Raises:
        ScriptError: with all problems of the file and this section; also if there is no such section.
    """
    form, root = _opened(path)
    node = root.get(engine)
    if node is None:
        what = f"nothing is said of {engine} here; write {engine}: and below it what it needs"
        raise ScriptError(form.problems or (form.problem(root, engine, what),))
    made = read(form, form.pairs(node, engine, keys))
    form.finish()
    return made


def _opened(path: Path) -> tuple[Form, Pairs]:
    form = Form(path)
    return form, form.root("a file of engines' settings", tuple(points()))
