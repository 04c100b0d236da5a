"""The folder of the user's own ambiences: their names, and storing, removing and renaming them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final

from voiceguide.errors import AssetError, StoreError
from voiceguide.files import put
from voiceguide.sounds.ambience.library import Entry, own_entry, sounds, unknown

_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST: Final = 40


def free_name(wanted: str, folder: Path, *, given: bool, replace: bool = False) -> str:
    """Return the name for a new ambience: *wanted* if it was *given*, else a valid name made of it.

    Raises:
        AssetError: if it is invalid, or taken: by a shipped sound, or by one in *folder* without *replace*.
    """
    name = wanted if given else _slug(wanted)
    if not _NAME.fullmatch(name) or len(name) > _MOST:
        what = f"up to {_MOST} letters a-z, digits and single hyphens"
        how = f"use {what}." if given else f"give it one with --name, of {what}."
        raise AssetError(f"{wanted!r} cannot be a name: {how}")
    origins = {sound.name: sound.origin for sound in sounds(folder)}
    if name == "none" or origins.get(name) == "shipped":
        raise AssetError(
            f"There is an ambience called {name!r} already, which is not yours; choose another name."
        )
    if name in origins and not replace:
        raise AssetError(
            f"There is an ambience called {name!r} already; choose another name, or replace it: --replace."
        )
    return name


def free_file(name: str, folder: Path) -> Path:
    """Return a path for the sound of *name* that no ambience uses, not even the one it replaces."""
    held = {file for path in folder.glob("*.json") for file in _files(own_entry(path), path.stem)}
    names = (f"{name}.flac" if turn == 1 else f"{name}-{turn}.flac" for turn in count(1))
    return folder / next(file for file in names if file not in held)


def keep(name: str, entry: Entry, folder: Path) -> None:
    """Make *entry* the ambience *name* in one step, and remove the sound that it had before.

    Raises:
        OSError: if it cannot be written.
    """
    path = folder / f"{name}.json"
    before = _files(own_entry(path), name) if path.exists() else set()
    put(path, (json.dumps(entry, indent=2) + "\n").encode())
    for file in before - _files(entry, name):
        (folder / file).unlink(missing_ok=True)


def remove(name: str, folder: Path) -> None:
    """Remove the user's own ambience *name* and its sound.

    Raises:
        AssetError: if there is none, or it is a shipped one.
        StoreError: if it cannot be removed.
    """
    path = _own(name, folder, "removed")
    files = _files(own_entry(path), name)
    with storing(folder):
        path.unlink(missing_ok=True)
        for file in files:
            (folder / file).unlink(missing_ok=True)


def rename(name: str, new: str, folder: Path) -> None:
    """Rename the user's own ambience *name* to *new*; its sound file stays, for sessions that use it now.

    Raises:
        AssetError: if there is none, it is shipped or damaged, or *new* is taken or invalid.
        StoreError: if it cannot be written.
    """
    path = _own(name, folder, "renamed")
    new = free_name(new, folder, given=True)
    entry = own_entry(path)
    if not entry:
        raise AssetError(f"The ambience {name!r} in {folder} is damaged; remove it, and add it again.")
    with storing(folder):
        keep(new, entry, folder)
        path.unlink(missing_ok=True)


@contextmanager
def storing(folder: Path) -> Iterator[None]:
    """Turn errors of files into a `StoreError`."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"The ambience cannot be kept in {folder}: {error.strerror or error}.") from error


def _own(name: str, folder: Path, what: str) -> Path:
    """Return the path of the entry of *name*; *what* says in errors what is to be done to it."""
    for path in folder.glob("*.json"):
        if path.stem == name:
            return path
    known = {sound.name: sound for sound in sounds(folder)}
    if name in known:
        raise AssetError(f"The ambience {name!r} comes with voiceguide and cannot be {what}.")
    raise AssetError(unknown("ambience", name, known))


def _files(entry: Entry, name: str) -> set[str]:
    """Return the names of the files of *entry* in its folder; of a damaged one, the default ones."""
    try:
        files = {str(part["file"]) for part in entry["layers"]}
    except (KeyError, TypeError):
        files = {f"{name}.flac"}
    return {file for file in files if Path(file).name == file and file.endswith(".flac")}


def _slug(stem: str) -> str:
    """Return *stem* as a valid name, without accents; unchanged if letters would be lost."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", stem.casefold()) if not unicodedata.combining(c))
    if any(c.isalpha() and not c.isascii() for c in plain):
        return stem
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
