"""A session's score, settled as far as somebody needs it."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from voiceguide.audio import Frames
from voiceguide.score import Score
from voiceguide.timeline.items import Ahead, Cue


class Settler:
    """Pulls cues into a score on demand. Thread-safe: whoever needs more settles it, the others wait."""

    def __init__(self, cues: Iterator[Cue | Ahead], length: Frames) -> None:
        self.score = Score(length)
        self._cues = cues
        self._lock = threading.Lock()
        self._failure: Exception | None = None

    def upto(self, frame: int) -> None:
        """Settle until the mix is decided up to *frame*; this may wait for lines to be spoken."""
        if self.score.known >= frame:
            return
        with self._lock:
            while self.score.known < frame and self._pull():
                pass

    def cues(self) -> Iterator[Cue]:
        """Yield every cue in order, settling no further than has been asked for."""
        place = 0
        while True:
            with self._lock:
                while place >= len(self.score.cues):
                    if not self._pull():
                        return
            yield self.score.cues[place]
            place += 1

    def _pull(self) -> bool:
        """Take one more cue; return whether there was one."""
        if self._failure is not None:
            # A generator that has raised is over: without this a second asker would take it for the end.
            raise self._failure
        try:
            cue = next(self._cues, None)
        except Exception as failure:
            self._failure = failure
            raise
        if cue is None:
            return False
        self.score.add(cue)
        return True
