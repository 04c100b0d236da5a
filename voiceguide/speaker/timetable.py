"""The schedule as it is now, though somebody may write in its file at any time."""

from __future__ import annotations

import logging
from collections.abc import Callable

from voiceguide.speaker.schedule import Schedule, ScheduleItem

log = logging.getLogger("voiceguide")


class Timetable:
    """What *read* returns of a file; *stamp* returns what changes when the file does, () where there is none.

    `items` is what is to be played, `problems` what is wrong with the file.
    """

    def __init__(self, read: Callable[[], Schedule], stamp: Callable[[], tuple[int, ...]]) -> None:
        self.items: tuple[ScheduleItem, ...] = ()
        self.problems: tuple[str, ...] = ()
        self._read = read
        self._stamp = stamp
        self._seen: tuple[int, ...] | None = None
        self.look()

    def look(self) -> None:
        """Read the file if it is another than before, and log what is wrong with it.

        A session whose script cannot be had is left out. While the file is wrong in another way, the sessions
        that were read before it was stay, if there are any.
        """
        stamp = self._stamp()
        if stamp == self._seen and not self.problems:  # a script that was missing may have come
            return
        self._seen = stamp
        found = self._read() if stamp else Schedule()
        problems = tuple(str(problem) for problem in found.problems)
        if problems and problems != self.problems:
            log.warning("left out of the schedule: %s", "\n".join(problems))
        self.problems = problems
        if not (found.wrong and self.items):
            self.items = found.items
