"""Which engines are installed: the entry points of the group ``voiceguide.engines``.

Finding them takes a look at everything that is installed, and a library that is slow to import. What was
found is kept in the cache folder, under a hash of the places and of when something last came or went there.
"""

from __future__ import annotations

import hashlib
import json
import pkgutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from voiceguide.data import user_cache
from voiceguide.errors import StoreError
from voiceguide.store import FolderStore

GROUP: Final = "voiceguide.engines"

_LIMIT: Final = 64 * 1024
"""Bytes kept, of a few hundred each: of all the places that this person's programs have looked in."""

_Places = tuple[tuple[str, int], ...]


def points() -> Mapping[str, str]:
    """Return what is installed: the name of each engine, and where it is, as ``module:attribute``."""
    return _points(_places())


def loaded(point: str) -> object:
    """Return what *point* leads to; whatever its module raises passes through."""
    return pkgutil.resolve_name(point)


def _places() -> _Places:
    """Return where plug-ins may be installed, each folder with the time at which one last came or went."""
    folders = (Path(place) for place in sys.path)
    return tuple((str(folder), folder.stat().st_mtime_ns) for folder in folders if folder.is_dir())


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
    """Return the entry points in *places*; of two with one name the first, as with modules."""
    from importlib.metadata import distributions

    found: dict[str, str] = {}
    for distribution in distributions(path=[place for place, _ in places]):
        for point in distribution.entry_points:
            if point.group == GROUP:
                found.setdefault(point.name, f"{point.module}:{point.attr}")
    return found
