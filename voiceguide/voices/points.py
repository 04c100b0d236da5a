"""Finds the installed engines: the entry points of the group ``voiceguide.engines``.

Finding them means reading all installed packages with a library that is slow to import. So the result is
cached in the cache folder, under a hash of the folders searched and of what is installed there.
"""

from __future__ import annotations

import hashlib
import json
import os
import pkgutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from voiceguide.errors import StoreError
from voiceguide.files.folders import user_cache
from voiceguide.store import FolderStore

GROUP: Final = "voiceguide.engines"

_LIMIT: Final = 64 * 1024
"""The most bytes of the cache file; an entry for one set of folders has a few hundred."""

_Stamp = tuple[int, int] | None
_Places = tuple[tuple[str, tuple[tuple[str, _Stamp], ...]], ...]


def points() -> Mapping[str, str]:
    """Return the installed entry points: each engine's name, and its place as ``module:attribute``.

    They are untrusted and unchecked until `loaded`.
    """
    return _points(_places())


def loaded(point: str) -> object:
    """Return the object that *point* names; any error of it or of its module is raised as it is."""
    return pkgutil.resolve_name(point.partition("[")[0].strip())


def _places() -> _Places:
    """Return the folders where plug-ins may be installed, each with the files that declare entry points."""
    places = []
    for folder in sys.path:
        with suppress(OSError):  # not a folder, or not readable
            places.append((folder, _installed(folder)))
    return tuple(places)


def _installed(folder: str) -> tuple[tuple[str, _Stamp], ...]:
    """Return the packages installed in *folder*, with size and time of their lists of entry points."""
    with os.scandir(folder or os.curdir) as entries:
        infos = sorted(entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
    return tuple((info, _stamp(Path(info, "entry_points.txt"))) for info in infos)


def _stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


@lru_cache(maxsize=1)
def _points(places: _Places) -> Mapping[str, str]:
    name = f"engines/{hashlib.sha256(repr(places).encode()).hexdigest()}"
    store = FolderStore(user_cache(), _LIMIT)
    kept = store.get(name)
    if kept is not None:
        return {str(engine): str(point) for engine, point in json.loads(kept).items()}
    found = _found(places)
    with suppress(StoreError):
        store.put(name, json.dumps(found).encode())
    return found


def _found(places: _Places) -> dict[str, str]:
    """Return the entry points in *places*; of two with one name, ours or else the first, as in imports."""
    from importlib.metadata import Distribution

    found: dict[str, str] = {}
    infos = [info for _, infos in places for info, stamp in infos if stamp is not None]
    for info in sorted(infos, key=lambda info: not Path(info).name.startswith("voiceguide-")):
        with suppress(Exception):  # a file that cannot be read as entry points
            for point in Distribution.at(info).entry_points:
                if point.group == GROUP:
                    found.setdefault(point.name, point.value)
    return found
