"""The speaker: one session plays at a time, the next follows by itself, and anybody may ask for another."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from voiceguide.audio import Frames
from voiceguide.errors import BusyError, DeviceMissing, VoiceguideError, WishError
from voiceguide.player import COMMANDS, Card, Now, Places, Player
from voiceguide.script.model import Script
from voiceguide.serving.query import Asked
from voiceguide.sinks.device import Fill, Output
from voiceguide.speaker.entry import Entry
from voiceguide.speaker.state import IDLE, News, State
from voiceguide.studio.session import Session

log = logging.getLogger("voiceguide")

MOST_QUEUED: Final = 50
LEAVE_SECONDS: Final = 4.0
"""A session that has not faded out after so long, since its device is gone, is cut off."""

_LOOK_SECONDS: Final = 0.25
_MOST_PENDING: Final = 32
_RETRY_SECONDS: Final = 60

Make = Callable[[str, Asked], Session]
Wish = Callable[[Player], object]


@dataclass(frozen=True, slots=True)
class Fresh:
    """*card*, but devices are looked for anew where there is none: it may have come since the start."""

    card: Card

    def open(self, fill: Fill) -> Output:
        try:
            return self.card.open(fill)
        except DeviceMissing:
            return self.card.reopen(fill)

    def reopen(self, fill: Fill) -> Output:
        return self.card.reopen(fill)


class Speaker:
    """Plays sessions, which *make* makes, on *card*. Every method may be called from any thread.

    *ground* is the script that "ground me" leads to; *places* remembers where sessions were left. Times of
    *clock* are in seconds.
    """

    def __init__(
        self,
        make: Make,
        card: Card,
        *,
        ground: Script | None = None,
        places: Places | None = None,
        volume: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.news = News()
        self.news.tell(lambda state: replace(state, volume=volume))
        self._make = make
        self._card = Fresh(card)
        self._ground = ground
        self._places = places
        self._clock = clock
        self._changed = threading.Condition()
        self._queue: deque[Entry] = deque()
        self._urgent: Entry | None = None
        self._player: Player | None = None
        self._pending: deque[Wish] | None = None
        self._left_at: float | None = None
        self._sleep_at: float | None = None
        self._resting = self._drowsy = self._closed = False
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    @property
    def state(self) -> State:
        """What is heard now."""
        state, until = self.news.state, self._sleep_at
        return replace(state, sleep=None if until is None else max(0, round(until - self._clock())))

    @property
    def busy(self) -> bool:
        """Whether somebody is listening, or will be in a moment: not if it is paused, or has no device."""
        with self._changed:
            player = self._player
            if self._urgent is not None or self._pending is not None:
                return True
            return player is not None and player.now.status not in ("paused", "lost")

    def play(self, entry: Entry) -> None:
        """Play *entry* now; what plays fades out first. The queue waits, and goes on afterwards."""
        with self._changed:
            self._urgent = entry
            self._resting = False
            self._leave()
            self._announce(entry)
            self._changed.notify_all()

    def add(self, entry: Entry, *, first: bool = False) -> None:
        """Have *entry* played after all that is queued, or *first*; at once where nothing plays.

        Raises:
            BusyError: if the queue is full.
        """
        with self._changed:
            if len(self._queue) >= MOST_QUEUED:
                raise BusyError(f"the queue is full; {MOST_QUEUED} sessions are the most", _RETRY_SECONDS)
            if first:
                self._queue.appendleft(entry)
            else:
                self._queue.append(entry)
            self._resting = False
            self._show()
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget the queue; what plays goes on."""
        with self._changed:
            self._queue.clear()
            self._show()

    def skip(self) -> None:
        """Fade out what plays, and go on with the queue."""
        with self._changed:
            self._resting = False
            self._leave()
            self._changed.notify_all()

    def stop(self) -> None:
        """Fade out, and be silent. The queue is kept for `resume`."""
        with self._changed:
            self._resting = True
            self._urgent = self._sleep_at = None
            self._leave()
            if self._player is None and self._pending is None:
                self.news.tell(lambda state: replace(state, entry=None, now=IDLE))
            self._changed.notify_all()

    def do(self, command: str) -> None:
        """Do what one of the player's `COMMANDS` says; "stop", "play" and "ground" as the methods here.

        Raises:
            WishError: if there is no such command, or nothing plays that could obey.
        """
        ours = {"stop": self.stop, "play": self.resume, "ground": self.ground}
        if command in ours:
            ours[command]()
        elif command in COMMANDS:
            self.ask(lambda player: player.do(command), wakes=command != "softer")
        else:
            raise WishError(f'"{command[:40]}" is no command; there are {", ".join(COMMANDS)}')

    def ask(self, wish: Wish, *, wakes: bool = True) -> None:
        """Have *wish* done with the player; if it *wakes*, what is falling asleep goes on.

        Raises:
            WishError: if nothing plays.
        """
        with self._changed:
            if self._player is not None:
                wish(self._player)
            elif self._pending is not None:
                self._pending.append(wish)
            else:
                raise WishError("nothing is playing just now; ask /play for a session first")
            self._drowsy = self._drowsy and not wakes

    def resume(self) -> None:
        """Go on after a pause, after the ground, or with what is still queued after a stop.

        Raises:
            WishError: if there is nothing to go on with.
        """
        with self._changed:
            if self._player is None and self._pending is None and self._queue:
                self._resting = False
                self._changed.notify_all()
                return
            grounded = self._player is not None and self._player.now.status == "grounding"
            self.ask(lambda player: player.do("next" if grounded else "play"))

    def ground(self) -> None:
        """Lead to the ground, from anywhere: from silence too.

        Raises:
            WishError: if nothing plays, and there is no script of the ground.
        """
        with self._changed:
            if (self._player is None and self._pending is None) and self._ground is not None:
                script = self._ground
                self.play(Entry(script.name, script.title, script.length.default, Asked()))
                return
            self.ask(lambda player: player.do("ground"))

    def volume(self, volume: float) -> None:
        """Have everything at *volume*, from 0 to 1, from now on."""
        with self._changed:
            self.news.tell(lambda state: replace(state, volume=volume))
            if self._player is not None or self._pending is not None:
                self.ask(lambda player: player.ask(lambda director: director.volume(volume)))

    def sleep(self, after: Frames | None) -> None:
        """Fade out and be silent *after* so many frames, whatever plays then; None: do not."""
        with self._changed:
            self._drowsy = False
            self._sleep_at = None if after is None else self._clock() + after / 48_000
            if after is None and self._player is not None:
                self._player.ask(lambda director: director.sleep(None))

    def close(self) -> None:
        """End at once, and give everything back."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(10.0)
        self.news.close()

    def _leave(self) -> None:
        """Fade out what plays, or is about to."""
        if self._player is not None and self._left_at is None:
            self._left_at = self._clock()
            self._player.do("stop")
        elif self._pending is not None:
            self._pending.append(lambda player: self._leave())

    def _announce(self, entry: Entry) -> None:
        """Tell that *entry* is what is heard next."""
        now = Now(title=entry.title, length=entry.length)
        self.news.tell(lambda state: replace(state, entry=entry, now=now, note=""))

    def _show(self) -> None:
        queue = tuple(self._queue)
        self.news.tell(lambda state: replace(state, queue=queue))

    def _heard(self, now: Now) -> None:
        """Pass on what the player tells. On its thread: no waiting."""
        if self._urgent is None:
            self.news.tell(lambda state: replace(state, now=now, volume=now.volume))

    def _run(self) -> None:
        """See to what is due. All that follows runs on this thread."""
        while not self._closed:
            try:
                self._turn()
            except Exception as failure:  # whatever one session did, the next one can be played
                log.exception("unforeseen: %s", failure)
                self._over("Something went wrong here that nobody foresaw; the log says what.")
        if self._player is not None:
            self._player.close()

    def _turn(self) -> None:
        with self._changed:
            if self._player is None:
                entry = self._next()
                if entry is None:
                    self._changed.wait(_LOOK_SECONDS)
                    return
                self._pending = deque(maxlen=_MOST_PENDING)
            else:
                entry = None
                self._fall_asleep()
        if entry is not None:
            self._begin(entry)
        elif self._player is not None and (self._player.wait(_LOOK_SECONDS) or self._stuck(self._player)):
            self._end(self._player)

    def _next(self) -> Entry | None:
        """Take what is to be played now."""
        self._left_at = None
        if self._sleep_at is not None and self._clock() >= self._sleep_at:
            self._sleep_at, self._resting = None, True
        entry, self._urgent = self._urgent, None
        while entry is None and self._queue and not self._resting:
            entry = self._queue.popleft()
            if not entry.fresh():
                log.warning('"%s" is left out: its hour has gone by', entry.title)
                entry = None
        self._show()
        return entry

    def _begin(self, entry: Entry) -> None:
        """Play *entry*, with what was asked for meanwhile."""
        volume = self.news.state.volume
        self._announce(entry)
        try:
            player = Player(
                self._make(entry.script, entry.asked),
                self._card,
                shared=self._ground,
                places=self._places,
                volume=volume,
                resume=entry.resume,
                answers="buttons",
            )
        except VoiceguideError as error:
            self._over(str(error))
            return
        player.watch(self._heard)
        with self._changed:
            self._player = player
            pending, self._pending = self._pending or deque(), None
            for wish in pending:
                wish(player)
        try:
            player.open()
        except DeviceMissing as error:
            self._resting = True  # the rest of the queue would fare no better
            self._over(str(error))

    def _stuck(self, player: Player) -> bool:
        """Return whether *player* has been told to leave, and cannot."""
        return self._left_at is not None and (
            player.now.status == "lost" or self._clock() - self._left_at > LEAVE_SECONDS
        )

    def _end(self, player: Player) -> None:
        self._over("" if player.failure is None else _sentence(player.failure))

    def _over(self, note: str) -> None:
        """Be done with what plays, or should have; *note* says why, if there is anything to say."""
        with self._changed:
            player, self._player = self._player, None
            self._pending = self._left_at = None
            if self._drowsy:
                self._drowsy, self._resting = False, True
        if player is not None:
            player.close()
        if note:
            log.warning("%s", note)
        self.news.tell(lambda state: replace(state, entry=None, now=IDLE, note=note))

    def _fall_asleep(self) -> None:
        """If it is time, fade out slowly; any wish but one for silence takes that back."""
        if self._sleep_at is not None and self._clock() >= self._sleep_at and self._player is not None:
            self._sleep_at, self._drowsy = None, True
            self._player.ask(lambda director: director.sleep(Frames(0)))


def _sentence(failure: Exception) -> str:
    if isinstance(failure, VoiceguideError):
        return str(failure)
    log.error("unforeseen: %s", failure, exc_info=failure)
    return "Something went wrong here that nobody foresaw; the log says what."
