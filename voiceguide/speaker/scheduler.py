"""Plays the sessions of the schedule at their times, and those planned once."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from voiceguide.errors import BusyError, VoiceguideError, WishError
from voiceguide.server.query import Asked
from voiceguide.speaker.once import Once, read, see, seen, write
from voiceguide.speaker.queue_item import QueueItem
from voiceguide.speaker.speaker import Speaker
from voiceguide.speaker.timetable import Timetable
from voiceguide.speaker.weekly import WeeklyTime, time_of_day

log = logging.getLogger("voiceguide")

LATE_SECONDS: Final = 900.0
"""A session that could not begin within this time after its hour is skipped, as it is expected no more."""

MOST_ONCE: Final = 50

_LOOK_SECONDS: Final = 5.0
_RETRY_SECONDS: Final = 3600

Make = Callable[[str, Asked], QueueItem]


class Due(Struct, frozen=True):
    """A session due at `moment`, in seconds since 1970.

    `make` returns its queue item, or raises a VoiceguideError. `once` is set if it was planned once.
    """

    moment: float
    script: str
    make: Callable[[], QueueItem]
    once: Once | None = None


def wall() -> float:
    """Return the time in seconds since 1970, after loading the time zone again, as it may have changed."""
    if hasattr(time, "tzset"):
        time.tzset()
    return time.time()


class Scheduler:
    """Has *speaker* play the sessions of *timetable*; *make* returns the queue item for a script and wishes.

    Sessions planned once are stored in the file *kept* until they begin, so that a restart does not lose
    them. A file beside it stores up to when due sessions have been played. *now* is in seconds since 1970;
    *zone* None is this computer's. `start` looks for due sessions repeatedly, `look` once.
    """

    def __init__(
        self,
        speaker: Speaker,
        timetable: Timetable,
        make: Make,
        *,
        kept: Path,
        now: Callable[[], float] = wall,
        zone: tzinfo | None = None,
    ) -> None:
        self._speaker = speaker
        self._timetable = timetable
        self._make = make
        self._now = now
        self._zone = zone
        self._lock = threading.Lock()
        self._kept = kept
        self._once = self._written = read(kept, MOST_ONCE)
        self._handed: list[tuple[Once, QueueItem]] = []
        self._record = kept.with_suffix(".seen")
        self._seen = self._since()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        """Look for due sessions repeatedly, in a thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop looking for due sessions."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(5.0)
        see(self._record, self._seen)
        with self._lock:
            self._keep()

    def once(self, text: str, item: QueueItem) -> dict[str, Any]:
        """Plan *item* for when the clock next says *text*; return the planned session for JSON.

        Raises:
            WishError: if *text* is no time of day.
            BusyError: if too many are planned already.
        """
        try:
            at = time_of_day(text)
        except ValueError as error:
            raise WishError(str(error)) from error
        with self._lock:
            if len(self._once) >= MOST_ONCE:
                raise BusyError(
                    f"{MOST_ONCE} sessions wait for their hour already; that is the most", _RETRY_SECONDS
                )
            made = Once(WeeklyTime(at).shown(self._now(), self._zone), item)
            self._once = (*self._once, made)
            self._keep()
        return {"when": self._shown(made.moment), **item.plain()}

    def clear(self) -> None:
        """Forget the sessions planned once; the schedule's file is unchanged."""
        with self._lock:
            self._once = ()
            self._handed = []
            self._keep()

    def plain(self) -> dict[str, Any]:
        """Return the sessions to come, the next first, and the schedule's `problems`, for JSON."""
        with self._lock:
            now = self._now()
            once = [(each.moment, {**each.item.plain(), "daily": False}) for each in self._once]
            daily = [
                (
                    each.when.after(now, self._zone),
                    {"script": each.script, "asked": each.asked.query, "daily": True},
                )
                for each in self._timetable.items
            ]
        coming = [
            {"when": self._shown(moment), **what}
            for moment, what in sorted(once + daily, key=lambda each: each[0])
        ]
        return {"sessions": coming, "problems": list(self._timetable.problems)}

    def look(self) -> None:
        """Play the sessions due since the last look, by the current schedule."""
        self._timetable.look()
        made = [
            (due.once or Once(due.moment, item), item)
            for due in self._due()
            if (item := self._item(due)) is not None
        ]
        items = [item for _, item in made]
        try:
            if items and not self._speaker.busy:
                self._speaker.play(items.pop(0))
            # A session that plays is heard to its end first.
            for item in reversed(items):
                self._speaker.add(item, first=True)
        except BusyError as error:
            log.warning("%s", error)
        with self._lock:
            self._handed += made
            self._keep()

    def _due(self) -> list[Due]:
        """Return the sessions due since the last look, by time; each schedule item once, at its last time."""
        with self._lock:
            since, now = self._seen, self._now()
            if now < since:
                # The clock was put back: sessions that have been played are not repeated.
                self._seen = now if now < since - LATE_SECONDS else since
                return []
            self._seen = now
            found = [
                Due(each.moment, each.item.script, partial(_same, each.item), each)
                for each in self._once
                if each.moment <= now
            ]
            self._once = tuple(each for each in self._once if each.moment > now)
            for item in self._timetable.items:
                moment = _last(item.when, since, now, self._zone)
                if moment is not None:
                    found.append(Due(moment, item.script, partial(self._make, item.script, item.asked)))
            if found:
                see(self._record, now)  # stored first: a session missed is better than one repeated
        return sorted(found, key=lambda due: due.moment)

    def _since(self) -> float:
        """Return the time from which due sessions have not been played, and are not too late yet."""
        now, record = self._now(), seen(self._record)
        earliest = now - LATE_SECONDS
        if record is None:  # a first run; if nothing can be stored, nothing may repeat
            return earliest if see(self._record, earliest) else now
        return max(earliest, now if record > now + LATE_SECONDS else record)

    def _keep(self) -> None:
        """Store the sessions planned once that have not begun, if changed. The caller holds the lock."""
        state = self._speaker.state
        queued = {id(item) for item in state.queue}
        # One that starts goes back to the queue if there is no device.
        starting = {id(state.playing)} if state.now.status == "starting" else set()
        self._handed = [(once, item) for once, item in self._handed if id(item) in queued | starting]
        rows = (*(once for once, item in self._handed if id(item) in queued), *self._once)
        if rows != self._written:
            self._written = rows
            write(self._kept, rows)

    def _item(self, due: Due) -> QueueItem | None:
        """Return the queue item of *due*; None if it is too late or cannot be made."""
        if self._now() - due.moment > LATE_SECONDS:
            log.warning('"%s" is skipped: %s has gone by', due.script, self._shown(due.moment))
            return None
        try:
            return replace(due.make(), fresh=lambda: self._now() - due.moment <= LATE_SECONDS)
        except VoiceguideError as error:
            log.warning('"%s" cannot be played: %s', due.script, error)
            return None

    def _shown(self, moment: float) -> str:
        return datetime.fromtimestamp(moment, self._zone).astimezone(self._zone).isoformat(timespec="minutes")

    def _run(self) -> None:
        while not self._over.wait(self._pause()):
            try:
                self.look()
            except Exception as failure:  # later sessions must still play
                log.exception("unforeseen: %s", failure)

    def _pause(self) -> float:
        """Return the seconds until the next look; a few at most, as the clock can be put forward."""
        with self._lock:
            now = self._now()
            moments = [each.moment for each in self._once]
            moments += [each.when.after(now, self._zone) for each in self._timetable.items]
        return max(0.05, min([_LOOK_SECONDS, *(moment - now for moment in moments)]))


def _last(when: WeeklyTime, since: float, until: float, zone: tzinfo | None) -> float | None:
    """Return the last time of *when* after *since* and not after *until*, if there is one."""
    # Nine days are enough: after months of sleep, not every day has to be stepped through.
    moment, found = when.after(max(since, until - 9 * 86_400.0), zone), None
    while moment <= until:
        found, moment = moment, when.after(moment, zone)
    return found


def _same(item: QueueItem) -> QueueItem:
    return item
