"""Where listeners left off: a small file for each session in the person's folder."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from voiceguide.data import user_data
from voiceguide.files import put


class Place(Struct, frozen=True):
    """The frame that a session was at, and where to go on.

    That is `since` frames into the item which is so many `steps` after the one with the mark `line`: a mark
    is the same on a day that chooses other variants.
    """

    frame: int
    line: str
    steps: int = 0
    since: int = 0


class Places:
    """Places by session key, in *folder*."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or user_data() / "positions"

    def get(self, key: str) -> Place | None:
        """Return where the session *key* was left, if that is known."""
        try:
            kept = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
            steps, since = int(kept.get("steps", 0)), int(kept.get("since", 0))
            return Place(int(kept["frame"]), str(kept["line"]), max(0, steps), max(0, since))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
            return None

    def put(self, key: str, place: Place | None) -> None:
        """Remember *place*, whole or not at all; None forgets. If it cannot be written, it is not kept."""
        path = self._folder / f"{key}.json"
        with contextlib.suppress(OSError):
            if place is None:
                path.unlink(missing_ok=True)
                return
            put(path, json.dumps(asdict(place)).encode(), synced=False)  # who plays does not wait for a disk
