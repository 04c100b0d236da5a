"""Where listeners left off: a small file for each session in the user's data folder."""

from __future__ import annotations

import contextlib
import json
import math
from pathlib import Path
from typing import Annotated, Final, TypeVar

from msgspec import Meta, Struct, convert, to_builtins
from msgspec.structs import asdict

from voiceguide.files import put
from voiceguide.plan.wishes import Wishes

FOLDER: Final = "positions"
"""The name of the bookmarks' folder in the user's data folder."""

_Kept = TypeVar("_Kept")
_Count = Annotated[int, Meta(ge=0)]


class Bookmark(Struct, frozen=True):
    """Where a session was left: at `frame`. It is resumed `since` frames into one of its items.

    That item comes `steps` items after the one with the mark `line`. Marks stay the same on a day that
    chooses other variants.
    """

    frame: int
    line: str
    steps: _Count = 0
    since: _Count = 0


class LeftSession(Struct, frozen=True):
    """The session of a bookmark: its script's name and digest, and the wishes that make it again."""

    script: str
    digest: str
    wishes: Wishes


class Bookmarks:
    """Bookmarks by session key, each a file in *folder*."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Bookmark | None:
        """Return where the session *key* was left, if that is known."""
        return _read(self._folder / f"{key}.json", Bookmark)

    def last(self, script: str, digest: str) -> Wishes | None:
        """Return the wishes of the session of *script* left last, if its script still has *digest*."""
        for path in sorted(self._folder.glob("*.json"), key=_age):
            left = _read(path, LeftSession)
            if left is not None and (left.script, left.digest) == (script, digest):
                return left.wishes if _read(path, Bookmark) is not None else None
        return None

    def put(self, key: str, bookmark: Bookmark | None, left: LeftSession | None = None) -> None:
        """Store *bookmark*, whole or not at all; None removes it. A failure to write is ignored."""
        path = self._folder / f"{key}.json"
        with contextlib.suppress(OSError):
            if bookmark is None:
                path.unlink(missing_ok=True)
                return
            kept = asdict(bookmark) | (to_builtins(left) if left is not None else {})
            put(path, json.dumps(kept).encode(), synced=False)  # playing does not wait for a disk


def _read(path: Path, kind: type[_Kept]) -> _Kept | None:
    """Return the *kind* kept in the file *path*; None if it is missing or invalid."""
    try:
        return convert(json.loads(path.read_text(encoding="utf-8")), kind)
    except (OSError, ValueError, RecursionError):
        return None


def _age(path: Path) -> float:
    """Return a sort key of *path*: newest first, and last of all if the file is gone."""
    try:
        return -path.stat().st_mtime_ns
    except OSError:
        return math.inf
