"""The scripts on offer: read once, and again when a file has changed."""

from __future__ import annotations

import difflib
import threading
import time
from collections.abc import Callable
from typing import Final

from voiceguide.errors import UnknownError
from voiceguide.script.library import Library
from voiceguide.script.model import Script

_LOOK: Final = 2.0  # seconds between looks at the files


class Catalogue:
    """Scripts of *library* by name. Thread-safe.

    `stamp` changes when any of them does.
    """

    def __init__(self, library: Library, now: Callable[[], float] = time.monotonic) -> None:
        self._library = library
        self._now = now
        self._lock = threading.Lock()
        self._scripts: dict[str, Script] = {}
        self._looked = -_LOOK
        self.stamp = 0

    def scripts(self) -> tuple[Script, ...]:
        """Return every script that can be read, by name."""
        return tuple(self._fresh().values())

    def script(self, name: str) -> Script:
        """Return the script called *name*. Only names in the index are ever looked at.

        Raises:
            UnknownError: if there is none.
        """
        scripts = self._fresh()
        if name not in scripts:
            near = difflib.get_close_matches(name[:80], scripts, 1, 0.6)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            raise UnknownError(f'there is no exercise called "{name[:80]}"{hint}')
        return scripts[name]

    def _fresh(self) -> dict[str, Script]:
        with self._lock:
            if self._now() - self._looked >= _LOOK:
                stamp = self._library.stamp()
                if stamp != self.stamp:
                    self._scripts = {script.name: script for script in self._library.scripts()}
                    self.stamp = stamp
                self._looked = self._now()
            return self._scripts
