"""How far a render has come, as one number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from voiceguide.audio import Frames
from voiceguide.plan.items import Cue

SPEAKING: Final = 0.6
"""The share of the whole that speaking is taken for; encoding is the rest."""


class Progress:
    """Tells *report* (None: nobody) the part done, from 0 to 1, through speaking and then encoding."""

    def __init__(self, report: Callable[[float], None] | None, speaking: float) -> None:
        self._report = report or (lambda part: None)
        self._speaking = speaking

    def follow(self, cues: Iterable[Cue], length: Frames) -> Iterator[Cue]:
        """Yield *cues*, telling how much of the session is spoken."""
        for cue in cues:
            yield cue
            self._report(self._speaking * cue.start / length)

    def rest(self, part: float) -> None:
        """Tell how much is encoded."""
        self._report(self._speaking + (1.0 - self._speaking) * part)
