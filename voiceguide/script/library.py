"""The scripts at hand: those of the listener's own folder and those that ship."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from voiceguide.errors import ScriptError, WishError
from voiceguide.script.form import Form
from voiceguide.script.model import Script
from voiceguide.script.parse import load
from voiceguide.script.source import Pairs

_log = logging.getLogger(__name__)

NOT_SCRIPTS: Final = frozenset(["lexicon", "support"])
"""Files beside the scripts that hold something else."""

NOT_FOR_SCRIPTS: Final = frozenset(["blocks", "programs"])
"""Folders beside the scripts that hold something else."""


class Library:
    """Scripts by name, in *folders*; a script in an earlier folder hides one of the same name in a later."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    def names(self) -> tuple[str, ...]:
        """Return the names of all scripts, sorted."""
        return tuple(sorted(self._paths()))

    def find(self, name_or_path: str) -> Path:
        """Return the file of the script called *name_or_path*, or which is there.

        Raises:
            WishError: if there is neither; the nearest names are suggested.
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

    def scripts(self) -> Iterator[Script]:
        """Yield every script that can be read, by its name here; one that cannot is logged and left out."""
        for name, path in sorted(self._paths().items()):
            if not _is_text(name):
                _log.warning("left out, %s: its name is not UTF-8 text; rename it", ascii(str(path)))
                continue
            try:
                yield replace(load(path), name=name)
            except ScriptError as error:
                _log.warning("left out, %s", error.problems[0])

    def stamp(self) -> int:
        """Return a number that changes when any file that a script may come from does."""
        files = (path for folder in self._folders for path in sorted(folder.rglob("*")))
        return hash(tuple((str(path), *_state(path)) for path in files))

    def _paths(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in reversed(self._folders):
            for path in sorted(folder.rglob("*.yaml")):
                inside = path.relative_to(folder)
                if not NOT_FOR_SCRIPTS.intersection(inside.parts) and inside.stem not in NOT_SCRIPTS:
                    found[inside.with_suffix("").as_posix()] = path
        return found


def script_of(form: Form, pairs: Pairs, field: str, library: Library, name: str) -> Script | None:
    """Return the script called *name*, as *pairs* have it; note where there is none, or it is bad."""
    at = pairs.get("script") or pairs
    if name not in library.names():
        near = difflib.get_close_matches(name, library.names(), 1, 0.5)
        hint = f'; did you mean "{near[0]}"?' if near else "; voiceguide list shows what there is"
        form.fail(at, f"{field}.script", f'there is no script "{name}"{hint}')
        return None
    path = library.find(name)
    try:
        return load(path)
    except ScriptError:
        form.fail(at, f"{field}.script", f'"{name}" has errors; run: voiceguide check {path}')
        return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name no file system takes
        return False


def _is_text(name: str) -> bool:
    """Return whether *name* can be written in an address or on a page: a file's name can be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:  # gone since it was listed
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
