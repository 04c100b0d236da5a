"""Plays what the schedule says when its hour comes, and what was asked for once."""

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
"""A session that could not begin for so long after its hour is skipped: nobody expects it any more."""

MOST_ONCE: Final = 50

_LOOK_SECONDS: Final = 5.0
_RETRY_SECONDS: Final = 3600

Make = Callable[[str, Asked], QueueItem]


class Due(Struct, frozen=True):
    """What is to be played at `moment`, in seconds since 1970.

    `make` returns its queue item, or raises why there is none. `once` is set if it was asked for once.
    """

    moment: float
    script: str
    make: Callable[[], QueueItem]
    once: Once | None = None


def wall() -> float:
    """Return the time in seconds since 1970; the time zone is looked at anew, for it may have changed."""
    if hasattr(time, "tzset"):
        time.tzset()
    return time.time()


class Scheduler:
    """Has *speaker* play what *timetable* says; *make* makes an item of a script and what is asked of it.

    What is asked for once is in the file *kept* until it begins, for the next speaker if this one ends. A
    file beside it says up to when what was due has been played. *now* is in seconds since 1970, *zone* None
    is this computer's. `start` has it look by itself; `look` looks once.
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
        """Look by itself from now on."""
        self._thread.start()

    def close(self) -> None:
        """Play nothing more."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(5.0)
        see(self._record, self._seen)

    def once(self, text: str, item: QueueItem) -> dict[str, Any]:
        """Have *item* played when the clock next says *text*; return that as it is shown.

        Raises:
            WishError: if *text* is no time of day.
            BusyError: if too many wait already.
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
        """Forget what was asked for once; the file stays as it is."""
        with self._lock:
            self._once = ()
            self._handed = []
            self._keep()

    def plain(self) -> dict[str, Any]:
        """Return what comes, the next first, for JSON; `problems` is what is wrong with the schedule."""
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
        """Play what is due since the last look, by the schedule as it is now."""
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
            # Who is listening to something hears that out first.
            for item in reversed(items):
                self._speaker.add(item, first=True)
        except BusyError as error:
            log.warning("%s", error)
        with self._lock:
            self._handed += made
            self._keep()

    def _due(self) -> list[Due]:
        """Return what is due since the last look, in order of time; of several times of one item the last."""
        with self._lock:
            since, now = self._seen, self._now()
            if now < since:
                # The clock was put back a little: what has been played is not played again.
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
                see(self._record, now)  # before anything plays: twice is worse than not at all
        return sorted(found, key=lambda due: due.moment)

    def _since(self) -> float:
        """Return from when on no speaker has played what was due, and it is not too late to."""
        now, record = self._now(), seen(self._record)
        earliest = now - LATE_SECONDS
        if record is None:  # none has run here; where nothing can be kept, nothing may be played twice
            return earliest if see(self._record, earliest) else now
        return max(earliest, now if record > now + LATE_SECONDS else record)

    def _keep(self) -> None:
        """Write down what was asked for once and has not begun, if that has changed; the lock is held."""
        queued = {id(item) for item in self._speaker.state.queue}
        self._handed = [(once, item) for once, item in self._handed if id(item) in queued]
        rows = (*(once for once, _ in self._handed), *self._once)
        if rows != self._written:
            self._written = rows
            write(self._kept, rows)

    def _item(self, due: Due) -> QueueItem | None:
        """Return the item that is *due*, unless it is too late or there is none."""
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
            except Exception as failure:  # whatever today's hour did, tomorrow's comes
                log.exception("unforeseen: %s", failure)

    def _pause(self) -> float:
        """Return the seconds until something is due; never long, for a clock can be put forward."""
        with self._lock:
            now = self._now()
            moments = [each.moment for each in self._once]
            moments += [each.when.after(now, self._zone) for each in self._timetable.items]
        return max(0.05, min([_LOOK_SECONDS, *(moment - now for moment in moments)]))


def _last(when: WeeklyTime, since: float, until: float, zone: tzinfo | None) -> float | None:
    """Return the last time after *since*, and not after *until*, that it was *when*."""
    # A computer that slept for months need not count the days.
    moment, found = when.after(max(since, until - 9 * 86_400.0), zone), None
    while moment <= until:
        found, moment = moment, when.after(moment, zone)
    return found


def _same(item: QueueItem) -> QueueItem:
    return item
