"""The progress of a render as one number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from voiceguide.audio import Frames
from voiceguide.plan.items import Cue

SPEAKING: Final = 0.6
"""The share of the progress for speaking; encoding has the rest."""


class Progress:
    """Reports progress from 0 to 1 to *report* (None: nobody), through speaking and then encoding."""

    def __init__(self, report: Callable[[float], None] | None, speaking: float) -> None:
        self._report = report or (lambda part: None)
        self._speaking = speaking

    def follow(self, cues: Iterable[Cue], length: Frames) -> Iterator[Cue]:
        """Yield *cues*, and report how much of the session is spoken."""
        for cue in cues:
            yield cue
            self._report(self._speaking * cue.start / length)

    def rest(self, part: float) -> None:
        """Report how much is encoded."""
        self._report(self._speaking + (1.0 - self._speaking) * part)
