"""The folders of the program's own files and of the user's."""

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
    """Return the user's folder of voices, ambience and scripts. `VOICEGUIDE_DATA` overrides it."""
    chosen = os.environ.get("VOICEGUIDE_DATA")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("voiceguide", appauthor=False))


def user_cache() -> Path:
    """Return the folder of clips, which can be made again. `VOICEGUIDE_CACHE` overrides it."""
    chosen = os.environ.get("VOICEGUIDE_CACHE")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("voiceguide", appauthor=False))


def stamp(path: Path) -> tuple[int, ...]:
    """Return values that change when the file *path* or its permissions do; empty if there is no file."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_ctime_ns, found.st_size)
