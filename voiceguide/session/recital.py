"""Having lines spoken ahead of the listener, by as many workers as there are, answered in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, Future

from voiceguide.audio import Frames
from voiceguide.errors import EngineClosed
from voiceguide.plan.items import Line


class Recital:
    """Speaks *lines* on *executor*, at most *ahead* lines beyond the last one asked for.

    *speak* makes a line's clip and returns how long it is. Thread-safe.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        speak: Callable[[Line], Frames],
        executor: Executor,
        ahead: int,
    ) -> None:
        self._lines = lines
        self._place = {line.index: place for place, line in enumerate(lines)}
        self._speak = speak
        self._executor = executor
        self._ahead = ahead
        self._begun: list[Future[Frames]] = []
        self._lock = threading.Lock()
        self._stopped = False

    def length(self, line: Line) -> Frames:
        """Return how long *line* is, waiting for it to be spoken.

        Raises:
            EngineError: if nobody can speak it; EngineClosed: if the recital was stopped.
        """
        place = self._place[line.index]
        self._begin(place + 1 + self._ahead)
        try:
            return self._begun[place].result()
        except CancelledError:
            raise EngineClosed("the session was stopped") from None

    def _begin(self, count: int) -> None:
        with self._lock:
            if self._stopped:
                raise EngineClosed("the session was stopped")
            for line in self._lines[len(self._begun) : count]:
                self._begun.append(self._executor.submit(self._speak, line))

    def stop(self) -> None:
        """Begin no further line; a line being spoken is finished, for the store."""
        with self._lock:
            self._stopped = True
            for future in self._begun:
                future.cancel()
