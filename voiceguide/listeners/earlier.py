"""Bookmarks of earlier versions: a JSON file for each session in the person's data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from voiceguide.errors import LimitError
from voiceguide.files import clear
from voiceguide.listeners.records import Bookmark, Place
from voiceguide.listeners.store import ListenerStore, Put, WriteStamp
from voiceguide.plan.wishes import Wishes

FOLDER: Final = "positions"
"""In the person's data folder."""


class _Left(Struct):
    frame: int
    line: str
    script: str
    digest: str
    wishes: Wishes
    steps: int = 0
    since: int = 0


def take_over(folder: Path, store: ListenerStore, device: str) -> None:
    """Write the bookmarks in *folder* to *store*, then remove the folder, if it can be removed.

    Raises:
        StoreError: if *store* cannot be written; the folder is unchanged then.
    """
    if not folder.is_dir():
        return
    for write in earlier_bookmarks(folder, device):
        with suppress(LimitError):  # its exercise has a name that no store takes
            store.write(write)
    with suppress(OSError):
        clear(folder)


def earlier_bookmarks(folder: Path, device: str) -> Iterator[Put]:
    """Yield the bookmarks in *folder* as writes of *device*, stamped with the files' times.

    Writing them again changes nothing. Files of the first version do not name their script, and are skipped.
    """
    for path in sorted(folder.glob("*.json")):
        try:
            left = msgspec.json.decode(path.read_bytes(), type=_Left)
            at = path.stat().st_mtime_ns // 1_000_000
        except (OSError, msgspec.DecodeError):
            continue
        place = Place(left.frame, left.line, left.steps, left.since)
        yield Put(Bookmark(left.script, left.digest, place, path.stem, left.wishes), WriteStamp(at, device))
