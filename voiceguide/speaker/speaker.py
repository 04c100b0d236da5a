"""The speaker: plays one session at a time, then the next in the queue, and obeys commands."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final, assert_never

from msgspec.structs import replace

from voiceguide.audio import Frames
from voiceguide.errors import DeviceMissing, VoiceguideError, WishError
from voiceguide.playback import Command, Players
from voiceguide.playback.commands import (
    GoOn,
    GroundMe,
    OfSession,
    Play,
    Sleep,
    Stop,
    Volume,
    named,
    row_of,
)
from voiceguide.script.model import Script
from voiceguide.server.query import Asked, pairs, read_query
from voiceguide.speaker.buttons import Buttons, Show
from voiceguide.speaker.kept_queue import KeptQueue
from voiceguide.speaker.queue import MOST_QUEUED
from voiceguide.speaker.queue_item import QueueItem
from voiceguide.speaker.sleep import SleepTimer
from voiceguide.speaker.state import News, State, starting
from voiceguide.speaker.turntable import LEAVE_SECONDS, UNFORESEEN, Turntable
from voiceguide.speaker.upcoming import Upcoming

log = logging.getLogger("voiceguide")

_LOOK_SECONDS: Final = 0.25


class Speaker:
    """Plays queue items with *players*, one at a time. Every method may be called from any thread.

    *ground* is played on "ground me" if no session plays that leads there. *show* shows each session that
    plays, with buttons. *kept* keeps the queue. Times of *clock* are in seconds.
    """

    def __init__(
        self,
        players: Players[QueueItem],
        *,
        ground: QueueItem | None = None,
        volume: float = 1.0,
        show: Show | None = None,
        kept: KeptQueue | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.news = News()
        self.news.tell(lambda state: replace(state, volume=volume))
        shown = None if show is None else lambda player: show(Buttons(player, self.do))
        self._turntable = Turntable(players, self.news, clock, shown)
        self._players = players
        self._ground = ground
        self._kept = kept
        self._clock = clock
        self._changed = threading.Condition()
        self._upcoming = Upcoming(clock)
        self._sleep = SleepTimer(clock)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    def left(self, script: Script) -> Asked | None:
        """Return the wishes of the session of *script* left last; None if it cannot be resumed."""
        journal = self._players.journal
        left = None if journal is None else journal.left(script.name, script.digest)
        return None if left is None else read_query(pairs(left.wishes).items())

    @property
    def state(self) -> State:
        """The state now; a session asked for a moment ago counts as begun."""
        return self.news.state.seen(self._clock())

    @property
    def busy(self) -> bool:
        """Whether a session plays, or will play in a moment or once there is a device.

        A session that is paused, or has lost its device, does not count.
        """
        with self._changed:
            if self._turntable.empty:
                return self._upcoming.comes
            return self._upcoming.urgent is not None or self._turntable.now.status not in ("paused", "lost")

    def follow(self, gone: Callable[[], bool], heartbeat: float) -> Iterator[State | None]:
        """Yield the `state`, now and whenever it changes; as `News.follow`."""
        for state in self.news.follow(gone, heartbeat):
            yield None if state is None else state.seen(self._clock())

    def play(self, item: QueueItem) -> None:
        """Play *item* now, after the current session has faded out. The queue goes on afterwards."""
        with self._changed:
            self._upcoming.at_once(item)
            self._sleep.drowsy = False
            self._turntable.leave()
            self._show()
            self._changed.notify_all()

    def add(self, item: QueueItem, *, first: bool = False) -> None:
        """Put *item* last in the queue, or *first*; it plays at once if nothing else plays or waits.

        After a stop, the items in the queue wait for `resume`, and so do items added behind them.

        Raises:
            BusyError: if the queue is full.
        """
        with self._changed:
            self._upcoming.queue.add(item, first=first)
            self._show()
            self._changed.notify_all()

    def put_back(self, items: Sequence[QueueItem]) -> None:
        """Put *items*, which waited when the program ended, in the queue; they wait for `resume`."""
        with self._changed:
            for item in items[:MOST_QUEUED]:
                self._upcoming.queue.add(item)
            self._upcoming.queue.rest()
            self._show()

    def clear(self) -> None:
        """Empty the queue; the current session goes on."""
        with self._changed:
            self._upcoming.queue.clear()
            self._show()

    def skip(self) -> None:
        """Fade out the current session, and go on with the queue."""
        with self._changed:
            self._upcoming.queue.wake()
            self._sleep.drowsy = False
            self._turntable.leave()
            self._changed.notify_all()

    def stop(self) -> None:
        """Fade out, and stay silent. The queue is kept for `resume`."""
        with self._changed:
            self._upcoming.queue.rest()
            self._upcoming.urgent = self._sleep.at = None
            self._turntable.leave()
            self._show()

    def do(self, command: Command | str) -> None:
        """Obey *command*, given as a value or by name; some commands concern the speaker as a whole.

        Raises:
            WishError: if there is none of that name, or nothing plays that could obey it.
        """
        wanted = named(command) if isinstance(command, str) else command
        if row_of(wanted).stirs:
            self._stir()
        if isinstance(wanted, OfSession):
            self._pass_on(wanted)
            return
        match wanted:
            case Stop():
                self.stop()
            case Play() | GoOn():
                self.resume()
            case GroundMe():
                self.ground()
            case Sleep(after):
                self.sleep(after)
            case Volume(level, answered):
                self.volume(level, answered=answered)
            case _:
                assert_never(wanted)

    def _pass_on(self, command: Command) -> None:
        """Pass *command* on to the player; it may keep the speaker from falling asleep.

        Raises:
            WishError: if nothing plays.
        """
        with self._changed:
            if not self._turntable.do(command):
                raise WishError("nothing is playing just now; ask /play for a session first")
            self._sleep.drowsy = self._sleep.drowsy and not row_of(command).wakes

    def _stir(self) -> None:
        """If the speaker is falling asleep, restart its timer; the player cancels the fade."""
        with self._changed:
            if self._sleep.stir():
                self._show()

    def resume(self) -> None:
        """Go on after a pause, return from the ground, or play what is still queued after a stop.

        Raises:
            WishError: if there is nothing to go on with.
        """
        with self._changed:
            if self._turntable.empty and self._upcoming.queue.items:
                self._upcoming.queue.wake()
                self._upcoming.with_device()
                self._changed.notify_all()
                return
            self._pass_on(GoOn())

    def ground(self) -> None:
        """Play the grounding session, also from silence and from a fade-out.

        Raises:
            WishError: if nothing plays, and there is no grounding script.
        """
        with self._changed:
            if (self._turntable.empty or self._turntable.leaving) and self._ground is not None:
                self.play(self._ground)
            else:
                self._pass_on(GroundMe())

    def volume(self, volume: float, *, answered: bool = True) -> None:
        """Set the volume, from 0 to 1, also for later sessions; *answered* with a short sound."""
        with self._changed:
            self.news.tell(lambda state: replace(state, volume=volume))
            if not self._turntable.empty:
                self._pass_on(Volume(volume, answered))

    def sleep(self, after: Frames | None) -> None:
        """Fade out and be silent after *after* frames, whatever plays then; None cancels that."""
        with self._changed:
            self._sleep.set(after)
            self._show()
            if self._sleep.drowsy:
                self._pass_on(Sleep(None))

    def close(self, *, gently: bool = False) -> None:
        """End at once, or *gently* with a fade-out, and release everything; what plays is kept as playing."""
        with self._changed:
            if self._kept is not None:
                self._kept.keep(self.news.state)
            self._kept = None
            if gently:
                self.stop()
                self._changed.wait_for(lambda: self._turntable.empty, LEAVE_SECONDS + 1.0)
            self._closed = True
            self._changed.notify_all()
        self._thread.join(10.0)
        self.news.close()

    def _show(self, begun: QueueItem | None = None) -> None:
        """Publish what is to come, and the item that has *begun*."""
        queue, coming, sleep_at = self._upcoming.queue.items, self._upcoming.urgent, self._sleep.at

        def change(state: State) -> State:
            if begun is not None:
                state = replace(state, playing=begun, now=starting(begun), note="")
            return replace(state, queue=queue, coming=coming, sleep_at=sleep_at)

        self.news.tell(change)

    def _run(self) -> None:
        """Play what is due, until closed. The methods below run on this thread."""
        while not self._closed:
            try:
                self._turn()
            except Exception as failure:  # the next session can still be played
                log.exception("unforeseen: %s", failure)
                self._turntable.take_off(UNFORESEEN)
        self._turntable.take_off()

    def _turn(self) -> None:
        with self._changed:
            item = None
            if self._kept is not None:
                self._kept.keep(self.news.state)
            self._see_to_sleep()
            look = self._turntable.empty and self._upcoming.looks()
        found = look and self._turntable.audible()
        with self._changed:
            if found:
                self._upcoming.with_device()
            if self._turntable.empty:
                item = self._upcoming.take()
                self._show(item)
                if item is None:
                    self._changed.wait(_LOOK_SECONDS)
                    return
                self._turntable.expect()
        if item is not None:
            self._begin(item)
        elif self._turntable.over(_LOOK_SECONDS):
            with self._changed:
                if self._sleep.drowsy:
                    self._sleep.drowsy = False
                    self._upcoming.queue.rest()
            self._turntable.take_off()
            with self._changed:
                self._changed.notify_all()

    def _see_to_sleep(self) -> None:
        """If the sleep timer rings, fade out slowly; any command but one for silence cancels that."""
        if not self._sleep.rings():
            return
        self._show()
        self._sleep.drowsy = self._turntable.do(Sleep(Frames(0)))
        if self._sleep.drowsy:
            self._upcoming.queue.wake()
        else:
            self._upcoming.queue.rest()

    def _begin(self, item: QueueItem) -> None:
        """Play *item*, or publish why it cannot be played; without a device, it waits for one."""
        try:
            self._turntable.put_on(item)
        except DeviceMissing as missing:
            with self._changed:
                if not self._turntable.leaving:
                    self._upcoming.without_device(item)
                    self._show()
            self._turntable.take_off(f"{missing.what}; it waits for a sound device")
        except VoiceguideError as error:
            self._turntable.take_off(str(error))
