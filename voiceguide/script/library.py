"""The scripts that can be found by name: in the listener's own folder and the shipped ones."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.errors import Problem, ScriptError, WishError
from voiceguide.files import folders
from voiceguide.script.model import Script
from voiceguide.script.parse import load

_log = logging.getLogger(__name__)

NOT_SCRIPTS: Final = frozenset(["lexicon", "support"])
"""Names of files beside the scripts that are not scripts."""

NOT_FOR_SCRIPTS: Final = frozenset(["blocks", "programs"])
"""Names of folders beside the scripts that hold no scripts."""


Find = Callable[[str], Script]
"""Returns the script of a name, or raises the error that says why it cannot be used."""


class Unusable(Struct, frozen=True):
    """The file of a script called *name* that cannot be read, and all its errors."""

    name: str
    path: Path
    problems: tuple[Problem, ...]


class Library:
    """Scripts by name, in *folders*; a script hides those of the same name in later folders."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    def names(self) -> tuple[str, ...]:
        """Return the names of all scripts, sorted."""
        return tuple(sorted(self._paths()))

    def find(self, name_or_path: str) -> Path:
        """Return the file of the script that *name_or_path* names, or of which it is the path.

        Raises:
            WishError: if there is no such script; the nearest names are suggested.
        """
        paths = self._paths()
        found = paths.get(name_or_path)
        if found is not None:
            return found
        path = Path(name_or_path)
        if _is_file(path):
            return path
        near = difflib.get_close_matches(path.stem, paths, 3, 0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "voiceguide list shows what there is"
        raise WishError(f'there is no script "{name_or_path}", by name or as a file; {hint}')

    def usable(self, name: str, wrong: Callable[[Script], tuple[Problem, ...]] = lambda script: ()) -> Script:
        """Return the script called *name*; if the listener's own is unusable, the one that it hides.

        *wrong* returns further errors of a script that can be read.

        Raises:
            WishError: if there is none.
            ScriptError: if none can be used; with all errors of the first.
        """
        failure: ScriptError | None = None
        for path in (found[name] for folder in self._folders if name in (found := _scripts_in(folder))):
            try:
                script = replace(load(path), name=name)
            except ScriptError as error:
                failure = failure or error
                continue
            problems = wrong(script)
            if not problems:
                return script
            failure = failure or ScriptError(problems)
        raise failure or WishError(f'there is no script "{name}"; voiceguide list shows what there is')

    def scripts(self) -> Iterator[Script]:
        """Yield every script that can be read, with its name here; others are logged and left out."""
        for found in self.found():
            if isinstance(found, Script):
                yield found
            else:
                _log.warning("left out, %s", found.problems[0])

    def found(self) -> Iterator[Script | Unusable]:
        """Yield every script with its name here; an `Unusable` for one that cannot be read."""
        for name, path in sorted(self._paths().items()):
            if not _is_text(name):
                shown, what = ascii(str(path))[1:-1], "its name is not UTF-8 text; rename it"
                yield Unusable(ascii(name)[1:-1], path, (Problem(shown, 1, 1, "", what),))
                continue
            try:
                yield replace(load(path), name=name)
            except ScriptError as error:
                yield Unusable(name, path, error.problems)
            except Exception as failure:  # an error in one script must not hide the others
                _log.debug("unforeseen: %s", failure, exc_info=True)
                what = f"it cannot be read, and nobody foresaw why: {type(failure).__name__}: {failure}"
                yield Unusable(name, path, (Problem(str(path), 1, 1, "", what),))

    def stamp(self) -> int:
        """Return a number that changes when a file of any script does."""
        files = (path for folder in self._folders for path in sorted(folder.rglob("*")))
        return hash(tuple((str(path), *folders.stamp(path)) for path in files))

    def _paths(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in reversed(self._folders):
            found.update(_scripts_in(folder))
        return found


def _scripts_in(folder: Path) -> dict[str, Path]:
    found = ((path, path.relative_to(folder)) for path in sorted(folder.rglob("*.yaml")))
    return {
        inside.with_suffix("").as_posix(): path
        for path, inside in found
        if not NOT_FOR_SCRIPTS.intersection(inside.parts) and inside.stem not in NOT_SCRIPTS
    }


def script_of(library: Library, name: str) -> Script:
    """Return the script called *name* for another file that refers to it.

    Raises:
        WishError: if there is none, or it has errors; with a sentence on what to do.
    """
    names = library.names()
    if name not in names:
        near = difflib.get_close_matches(name, names, 1, 0.5)
        hint = f'did you mean "{near[0]}"?' if near else "voiceguide list shows what there is"
        raise WishError(f'there is no script "{name}"; {hint}')
    path = library.find(name)
    try:
        return replace(load(path), name=name)
    except ScriptError as error:
        raise WishError(f'"{name}" has errors; run: voiceguide check {path}') from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # the file system refuses the name
        return False


def _is_text(name: str) -> bool:
    """Return whether *name* is valid text for URLs and pages; file names can be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
