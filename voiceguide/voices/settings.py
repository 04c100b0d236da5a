"""`engines.yaml` in the person's own folder: what engines have to be told, a section for each."""

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
    """Return where the settings of this person's engines are, if there are any."""
    return user_data() / FILE


def told(read: Callable[[Path], T]) -> T:
    """Return what *read* makes of this person's file.

    Raises:
        EngineError: if there is none, or *read* raises a ScriptError; with the first of its problems.
    """
    path = file()
    if not path.exists():
        raise EngineError(f"it is off until {path} says what it needs")
    try:
        return read(path)
    except ScriptError as error:
        raise EngineError(str(error.problems[0])) from error


def named(path: Path) -> tuple[str, ...]:
    """Return the engines that the file *path* has sections for.

    Raises:
        ScriptError: with all that is wrong with the file itself.
    """
    form, root = _opened(path)
    form.finish()
    return tuple(key.text for key, _ in root.pairs if key.text in points())


def section(path: Path, engine: str, keys: Sequence[str], read: Callable[[Form, Pairs], T]) -> T:
    """Return what *read* makes of the section of *engine* in the file *path*.

    The section has *keys*, and *read* notes in the form what is wrong with their values.

    Raises:
        ScriptError: with all that is wrong with the file and this section; also where it has none.
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
