"""The speaker: one session plays at a time, the next follows by itself, and anybody may ask for another."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
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
from voiceguide.speaker.queue_item import QueueItem
from voiceguide.speaker.sleep import SleepTimer
from voiceguide.speaker.state import News, State, starting
from voiceguide.speaker.turntable import LEAVE_SECONDS, UNFORESEEN, Turntable
from voiceguide.speaker.upcoming import Upcoming

log = logging.getLogger("voiceguide")

_LOOK_SECONDS: Final = 0.25


class Speaker:
    """Plays queue items by *players*, one at a time. Every method may be called from any thread.

    *ground* is played where "ground me" is asked for and nothing plays that leads there. *show* shows each
    session, with buttons, while it is heard. Times of *clock* are in seconds.
    """

    def __init__(
        self,
        players: Players[QueueItem],
        *,
        ground: QueueItem | None = None,
        volume: float = 1.0,
        show: Show | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.news = News()
        self.news.tell(lambda state: replace(state, volume=volume))
        shown = None if show is None else lambda player: show(Buttons(player, self.do))
        self._turntable = Turntable(players, self.news, clock, shown)
        self._players = players
        self._ground = ground
        self._clock = clock
        self._changed = threading.Condition()
        self._upcoming = Upcoming(clock)
        self._sleep = SleepTimer(clock)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    def left(self, script: Script) -> Asked | None:
        """Return what was asked for in the session of *script* left last, if it can be taken up."""
        bookmarks = self._players.bookmarks
        wishes = None if bookmarks is None else bookmarks.last(script.name, script.digest)
        return None if wishes is None else read_query(pairs(wishes).items())

    @property
    def state(self) -> State:
        """What is heard now; what was asked for a moment ago counts as if it had begun."""
        return self.news.state.seen(self._clock())

    @property
    def busy(self) -> bool:
        """Whether somebody is listening, or will be in a moment or once there is a device.

        Not if it is paused, or has lost its device.
        """
        with self._changed:
            if self._turntable.empty:
                return self._upcoming.comes
            return self._upcoming.urgent is not None or self._turntable.now.status not in ("paused", "lost")

    def follow(self, gone: Callable[[], bool], heartbeat: float) -> Iterator[State | None]:
        """Yield the `state`, now and whenever it is another, as `News.follow`."""
        for state in self.news.follow(gone, heartbeat):
            yield None if state is None else state.seen(self._clock())

    def play(self, item: QueueItem) -> None:
        """Play *item* now; what plays fades out first. The queue waits, and goes on afterwards."""
        with self._changed:
            self._upcoming.at_once(item)
            self._sleep.drowsy = False
            self._turntable.leave()
            self._show()
            self._changed.notify_all()

    def add(self, item: QueueItem, *, first: bool = False) -> None:
        """Have *item* played after all that is queued, or *first*; at once where nothing plays.

        What was queued before a stop, and what is added after that, still waits for `resume`.

        Raises:
            BusyError: if the queue is full.
        """
        with self._changed:
            self._upcoming.queue.add(item, first=first)
            self._show()
            self._changed.notify_all()

    def clear(self) -> None:
        """Forget the queue; what plays goes on."""
        with self._changed:
            self._upcoming.queue.clear()
            self._show()

    def skip(self) -> None:
        """Fade out what plays, and go on with the queue."""
        with self._changed:
            self._upcoming.queue.wake()
            self._sleep.drowsy = False
            self._turntable.leave()
            self._changed.notify_all()

    def stop(self) -> None:
        """Fade out, and be silent. The queue is kept for `resume`."""
        with self._changed:
            self._upcoming.queue.rest()
            self._upcoming.urgent = self._sleep.at = None
            self._turntable.leave()
            self._show()

    def do(self, command: Command | str) -> None:
        """Do *command*, or the one that is called so; some mean the speaker, and not only what it plays.

        Raises:
            WishError: if there is none of that name, or nothing plays that could obey.
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
        """Have the player obey *command*, which may keep it from falling asleep.

        Raises:
            WishError: if nothing plays.
        """
        with self._changed:
            if not self._turntable.do(command):
                raise WishError("nothing is playing just now; ask /play for a session first")
            self._sleep.drowsy = self._sleep.drowsy and not row_of(command).wakes

    def _stir(self) -> None:
        """If it is falling asleep, start its timer anew; the player takes back the fade."""
        with self._changed:
            if self._sleep.stir():
                self._show()

    def resume(self) -> None:
        """Go on after a pause, after the ground, or with what is still queued after a stop.

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
        """Lead to the ground, from anywhere: from silence too, and from what fades out.

        Raises:
            WishError: if nothing plays, and there is no script of the ground.
        """
        with self._changed:
            if (self._turntable.empty or self._turntable.leaving) and self._ground is not None:
                self.play(self._ground)
            else:
                self._pass_on(GroundMe())

    def volume(self, volume: float, *, answered: bool = True) -> None:
        """Have everything at *volume*, from 0 to 1, from now on; *answered* with a short sound."""
        with self._changed:
            self.news.tell(lambda state: replace(state, volume=volume))
            if not self._turntable.empty:
                self._pass_on(Volume(volume, answered))

    def sleep(self, after: Frames | None) -> None:
        """Fade out and be silent *after* so many frames, whatever plays then; None: do not."""
        with self._changed:
            self._sleep.set(after)
            self._show()
            if self._sleep.drowsy:
                self._pass_on(Sleep(None))

    def close(self, *, gently: bool = False) -> None:
        """End at once, or *gently*, and give everything back."""
        with self._changed:
            if gently:
                self.stop()
                self._changed.wait_for(lambda: self._turntable.empty, LEAVE_SECONDS + 1.0)
            self._closed = True
            self._changed.notify_all()
        self._thread.join(10.0)
        self.news.close()

    def _show(self, begun: QueueItem | None = None) -> None:
        """Tell what is to come, and what has *begun*."""
        queue, coming, sleep_at = self._upcoming.queue.items, self._upcoming.urgent, self._sleep.at

        def change(state: State) -> State:
            if begun is not None:
                state = replace(state, playing=begun, now=starting(begun), note="")
            return replace(state, queue=queue, coming=coming, sleep_at=sleep_at)

        self.news.tell(change)

    def _run(self) -> None:
        """See to what is due. All that follows runs on this thread."""
        while not self._closed:
            try:
                self._turn()
            except Exception as failure:  # whatever one session did, the next one can be played
                log.exception("unforeseen: %s", failure)
                self._turntable.take_off(UNFORESEEN)
        self._turntable.take_off()

    def _turn(self) -> None:
        with self._changed:
            item = None
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
        """If it is time, fade out slowly; any wish but one for silence takes that back."""
        if not self._sleep.rings():
            return
        self._show()
        self._sleep.drowsy = self._turntable.do(Sleep(Frames(0)))
        if self._sleep.drowsy:
            self._upcoming.queue.wake()
        else:
            self._upcoming.queue.rest()

    def _begin(self, item: QueueItem) -> None:
        """Play *item*, or tell why not; where there is no device it waits for one."""
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
