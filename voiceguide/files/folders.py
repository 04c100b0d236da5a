"""Where the files live: those that ship with the program, and those of the person who runs it."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_HERE = Path(__file__).resolve().parent.parent


def shipped(name: str) -> Path:
    """Return the folder *name* (``scripts``, ``audio_assets`` or ``web``) as installed or as checked out."""
    installed = _HERE / "_data" / name
    return installed if installed.is_dir() else _HERE.parent / name


def user_data() -> Path:
    """Return the person's own folder: voices, ambience, scripts. `VOICEGUIDE_DATA` overrides it."""
    chosen = os.environ.get("VOICEGUIDE_DATA")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("voiceguide", appauthor=False))


def user_cache() -> Path:
    """Return the folder for what can be made again: clips. `VOICEGUIDE_CACHE` overrides it."""
    chosen = os.environ.get("VOICEGUIDE_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("voiceguide", appauthor=False))


def stamp(path: Path) -> tuple[int, ...]:
    """Return what changes when the file *path* does, or who may read it; nothing where there is none."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size)
