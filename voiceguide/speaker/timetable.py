"""The current schedule, whose file may change at any time."""

from __future__ import annotations

import logging
from collections.abc import Callable

from voiceguide.speaker.schedule import Schedule, ScheduleItem

log = logging.getLogger("voiceguide")


class Timetable:
    """The schedule that *read* returns. *stamp* changes when its file does, and is () if there is none.

    `items` are the sessions to play, `problems` the problems of the file.
    """

    def __init__(self, read: Callable[[], Schedule], stamp: Callable[[], tuple[int, ...]]) -> None:
        self.items: tuple[ScheduleItem, ...] = ()
        self.problems: tuple[str, ...] = ()
        self._read = read
        self._stamp = stamp
        self._seen: tuple[int, ...] | None = None
        self.look()

    def look(self) -> None:
        """Read the file if it has changed, and log its problems.

        A session whose script is missing is left out. While the file has other problems, the sessions read
        before stay, if there are any.
        """
        stamp = self._stamp()
        if stamp == self._seen and not self.problems:  # a missing script may exist now
            return
        self._seen = stamp
        found = self._read() if stamp else Schedule()
        problems = tuple(str(problem) for problem in found.problems)
        if problems and problems != self.problems:
            log.warning("left out of the schedule: %s", "\n".join(problems))
        self.problems = problems
        if not (found.wrong and self.items):
            self.items = found.items
