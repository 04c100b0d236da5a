"""Settles a session's score as far as needed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

from voiceguide.audio import Frames
from voiceguide.plan.items import Ahead, Cue, Line, SpeechCue
from voiceguide.plan.score import Score
from voiceguide.plan.strays import Stray, sentence, stray

log = logging.getLogger("voiceguide")


class Telling:
    """Logs once that a session spoken by *voice* is not timed as written.

    A caller that reports this otherwise sets `silent` first.
    """

    def __init__(self, voice: str) -> None:
        self.silent = False
        self._voice = voice

    def __call__(self, found: Stray) -> None:
        if not self.silent:
            self.silent = True
            log.warning("%s", sentence((found,), self._voice))


class Settler:
    """Pulls cues into a score on demand. Thread-safe: one thread settles while others wait for it.

    *strayed* is called for every cue that is not as written.
    """

    def __init__(
        self, cues: Iterator[Cue | Ahead], length: Frames, strayed: Callable[[Stray], object]
    ) -> None:
        self.score = Score(length)
        self._cues = cues
        self._strayed = strayed
        self._after: Line | None = None
        self._lock = threading.Lock()
        self._failure: Exception | None = None

    def upto(self, frame: int) -> None:
        """Settle until no later cue changes the mix up to *frame*; this may wait for lines to be spoken."""
        if self.score.known >= frame:
            return
        with self._lock:
            while self.score.known < frame and self._pull():
                pass

    def cues(self) -> Iterator[Cue]:
        """Yield every cue in order, settling only as far as iterated."""
        place = 0
        while True:
            with self._lock:
                while place >= len(self.score.cues):
                    if not self._pull():
                        return
            yield self.score.cues[place]
            place += 1

    def _pull(self) -> bool:
        """Settle one more cue; return whether there was one."""
        if self._failure is not None:
            # A generator that has raised is exhausted, which a second caller would take for the end.
            raise self._failure
        try:
            cue = next(self._cues, None)
        except Exception as failure:
            self._failure = failure
            raise
        if cue is None:
            return False
        self.score.add(cue)
        if not isinstance(cue, Ahead):
            self._look_at(cue)
        return True

    def _look_at(self, cue: Cue) -> None:
        found = stray(cue, self._after)
        if found is not None:
            self._strayed(found)
        if isinstance(cue, SpeechCue):
            self._after = cue.line
