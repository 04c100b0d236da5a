"""The public state of a speaker, and how followers are notified of changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from msgspec import Struct, field
from msgspec.structs import replace

from voiceguide.audio import seconds
from voiceguide.errors import BusyError
from voiceguide.playback.now import Now
from voiceguide.speaker.queue_item import QueueItem

MOST_FOLLOWERS: Final = 16
HEARTBEAT_SECONDS: Final = 15.0
"""A follower receives something at least this often, so that both ends notice a broken connection."""

_LOOK_SECONDS: Final = 0.5
_RETRY_SECONDS: Final = 30

IDLE: Final = Now(status="ended")


class State(Struct, frozen=True):
    """The item `playing` (None if none is), what is heard of it `now`, and the `queue` after it.

    `volume` is from 0 to 1. `coming` was asked for a moment ago and has not begun. `sleep_at` is the time of
    the speaker's clock at which it falls asleep, and `sleep` the seconds left until then; None: no timer.
    """

    playing: QueueItem | None = None
    now: Now = IDLE
    volume: float = 1.0
    queue: tuple[QueueItem, ...] = ()
    sleep: int | None = None
    note: str = ""
    coming: QueueItem | None = None
    sleep_at: float | None = None

    def seen(self, moment: float) -> State:
        """Return this state as it is at *moment* of the clock; an item that is `coming` counts as begun."""
        sleep = None if self.sleep_at is None else max(0, round(self.sleep_at - moment))
        if self.coming is None:
            return replace(self, sleep=sleep)
        return replace(self, playing=self.coming, now=starting(self.coming), note="", sleep=sleep)

    def plain(self) -> dict[str, Any]:
        """Return this state for JSON; times are in seconds, the volume in percent."""
        playing, now = self.playing is not None, self.now
        return {
            "status": now.status if playing else "idle",
            "script": self.playing.script if self.playing is not None else "",
            "title": self.playing.title if self.playing is not None else "",
            "chapter": now.chapter if playing else "",
            "words": now.words if playing else "",
            "position": round(seconds(now.position), 1) if playing else 0.0,
            "length": round(seconds(now.length), 1) if playing else 0.0,
            "remaining": round(seconds(now.remaining), 1) if playing else 0.0,
            "choices": list(now.choices) if playing else [],
            "note": (now.note if playing else "") or self.note,
            "volume": round(100 * self.volume),
            "sleep": self.sleep,
            "queue": [each.plain() for each in self.queue],
        }

    def still(self) -> State:
        """Return this state without the values that change all the time, such as the position."""
        seen = self.seen(0.0)
        return replace(seen, now=replace(seen.now, position=IDLE.position, underruns=0), sleep=None)


def starting(item: QueueItem) -> Now:
    """Return the `Now` of *item* before anything of it is heard."""
    return replace(IDLE, status="starting", title=item.title, length=item.length)


class News(Struct):
    """The newest state. Any number of threads may read it, and `MOST_FOLLOWERS` may wait for changes."""

    most: int = MOST_FOLLOWERS
    followers: int = 0
    _state: State = field(default_factory=State)
    _number: int = 0
    _closed: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def state(self) -> State:
        return self._state

    def tell(self, change: Callable[[State], State]) -> None:
        """Replace the state by the result of *change*; followers are notified unless only times differ."""
        with self._changed:
            before = self._state
            self._state = change(before)
            if self._state.still() != before.still():
                self._number += 1
                self._changed.notify_all()

    def wait(self, true: Callable[[State], bool], seconds: float) -> None:
        """Return once *true* returns True for the state, or after *seconds*."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or true(self._state), seconds)

    def close(self) -> None:
        """End all waits and all iterators of `follow`."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @contextmanager
    def seat(self) -> Iterator[None]:
        """Hold one of the followers' places while the block runs.

        Raises:
            BusyError: if no place is free.
        """
        with self._changed:
            if self.followers >= self.most:
                raise BusyError(
                    f"{self.most} are following the speaker already; ask /now instead", _RETRY_SECONDS
                )
            self.followers += 1
        try:
            yield
        finally:
            with self._changed:
                self.followers -= 1

    def follow(
        self,
        gone: Callable[[], bool],
        heartbeat: float = HEARTBEAT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> Iterator[State | None]:
        """Yield the state, now and whenever it changes; None after *heartbeat* seconds without a change.

        A slow caller misses states in between. Ends when *gone* returns True or the speaker closes.
        """
        seen, said = -1, clock()
        while not gone():
            with self._changed:
                if self._number == seen and not self._closed:
                    self._changed.wait(min(_LOOK_SECONDS, heartbeat))
                if self._closed:
                    return
                fresh = self._number != seen
                seen, state = self._number, self._state
            if fresh or clock() - said >= heartbeat:
                said = clock()
                yield state if fresh else None
