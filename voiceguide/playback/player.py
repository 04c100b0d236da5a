"""Plays a session: one thread feeds the output and obeys commands, which come from any thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from voiceguide.audio import Frames, frames
from voiceguide.errors import DeviceMissing
from voiceguide.listeners.journal import Journal
from voiceguide.playback.commands import Command, named
from voiceguide.playback.director import Director
from voiceguide.playback.inbox import Inbox
from voiceguide.playback.now import Now
from voiceguide.playback.obeying import obey
from voiceguide.playback.opening import Opening
from voiceguide.playback.outputs import OpenOutput, Output
from voiceguide.playback.prompts import PROMPTS
from voiceguide.playback.remembering import Remembering
from voiceguide.script.model import Script
from voiceguide.session.session import Session

POLL_SECONDS: Final = 0.03
LOST_SECONDS: Final = 3.0
"""A card that has asked for nothing for this long counts as gone."""

FIRST_SECONDS: Final = 10.0
"""The same for a card just opened, which may have to wake first, as a wireless speaker does."""

RETRY_SECONDS: Final = 1.0
"""The time between searches for another card."""

LOST: Final = "{where} is gone. Paused; it goes on when there is another."
FOUND: Final = "Playing on another device."


class Player:
    """Plays *session* on *output*. Commands come from any thread, return at once, and are obeyed in order.

    *journal* stores where the session is left; with *resume* it goes on there, else it begins at *start*.
    *ground* is the script that "ground me" leads to; *answers* is how the listener answers, a key of
    `prompts.PROMPTS`. *opening* is the session's first moment, if *output* plays it already: the session goes
    on from it.
    """

    def __init__(
        self,
        session: Session,
        output: Output,
        *,
        ground: Script | None = None,
        journal: Journal | None = None,
        volume: float = 1.0,
        start: Frames = Frames(0),
        resume: bool = False,
        opening: Opening | None = None,
        answers: str = "keys",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.now = Now(title=session.script.title, length=session.length, volume=volume)
        self.failure: Exception | None = None
        self._output = output
        self._start = start
        self._resume = resume
        self._clock = clock
        self._woken = threading.Event()
        self._ended = threading.Event()
        self._inbox = Inbox()
        self._watchers: list[Callable[[Now], None]] = []
        self._sound: OpenOutput | None = None
        self._asked = (0, clock())
        self._silent = True
        self._closing: threading.Thread | None = None
        self._remembering = None if journal is None else Remembering(session, journal)
        self._director = Director(
            session,
            PROMPTS[answers],
            ground=ground,
            volume=volume,
            opening=opening,
            woken=self._woken.set,
        )
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def open(self) -> None:
        """Begin to play; return as soon as the card asks for sound, and there is some.

        Raises:
            DeviceMissing: if there is no sound card.
            WishError: if *start* is past the session's end.
        """
        place = None
        if self._remembering is not None and self._resume and not self._start:
            place = self._remembering.place()
        self._director.start(self._start, place)
        while self._director.feeder.fill():  # everything available: opening a card can take half a second
            pass
        self._opened(self._output.open(self._director.feeder.ring.fill))
        self._thread.start()

    def do(self, command: Command | str) -> None:
        """Send *command*, given as a value or by name, to be obeyed on the player's thread.

        Raises:
            WishError: if there is none of that name.
        """
        self._inbox.put(named(command) if isinstance(command, str) else command)
        self._woken.set()

    def watch(self, watcher: Callable[[Now], None]) -> None:
        """Call *watcher* with every new `Now`, on the player's thread: it must not wait."""
        self._watchers.append(watcher)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait at most *timeout* seconds; return whether playing is over."""
        return self._ended.wait(timeout)

    def close(self) -> None:
        """End at once, and release everything."""
        self._ended.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(5.0)
        self._director.close()
        if self._sound is not None:
            self._sound.close()

    def _run(self) -> None:
        """Feed the card and obey, until it is over. The methods below run on this thread."""
        try:
            try:
                while not self._ended.is_set():
                    self._woken.clear()
                    self._turn()
                    self._woken.wait(POLL_SECONDS)
            finally:
                self._remember()
        except Exception as failure:  # for the thread that waits for the end
            self.failure = failure
        self._tell(replace(self.now, status="ended"))
        self._ended.set()

    def _turn(self) -> None:
        self._obey()
        if self._sound is None or self._is_lost(self._sound):
            if self._director.leaving:  # a fade-out cannot be heard
                self._ended.set()
            else:
                self._find_another()
            return
        while self._director.feeder.fill() and not self._inbox:
            pass
        heard = self._heard(self._sound)
        self._director.tick(heard)
        now = self._director.now(heard)
        self._tell(replace(now, underruns=now.underruns + self._sound.underflows))
        if self._remembering is not None and self._remembering.hear(heard, now.status):
            self._remember()
        if self._director.over:
            self._ended.set()

    def _heard(self, output: OpenOutput) -> int:
        """Return the output frame that is heard now."""
        return max(0, self._director.feeder.ring.read - frames(output.latency))

    def _obey(self) -> None:
        while (command := self._inbox.take()) is not None:
            obey(command, self._director)

    def _tell(self, now: Now) -> None:
        if now != self.now:
            self.now = now
            for watcher in self._watchers:
                watcher(now)

    def _remember(self) -> None:
        if self._remembering is not None:
            self._remembering.keep(self._director.left(), at_end=self._director.at_end)

    def _opened(self, output: OpenOutput) -> None:
        self._sound = output
        self._silent = True
        self._asked = self._director.feeder.ring.read, self._clock()

    def _is_lost(self, output: OpenOutput) -> bool:
        read = self._director.feeder.ring.read
        if read != self._asked[0]:
            self._silent = False
            self._asked = read, self._clock()
        patience = FIRST_SECONDS if self._silent else LOST_SECONDS
        return not output.active or self._clock() - self._asked[1] > patience

    def _lost_note(self) -> str:
        where = self._output.where
        return LOST.format(where=where[0].upper() + where[1:])

    def _find_another(self) -> None:
        """Pause, and search for another card every `RETRY_SECONDS`."""
        director = self._director
        if self._sound is not None:
            director.lost(self._heard(self._sound))
            self._closing = threading.Thread(target=self._sound.close, daemon=True)
            self._closing.start()
            self._sound = None
            self._asked = director.feeder.ring.read, self._clock()
            self._tell(replace(self.now, status="lost", note=self._lost_note()))
            return
        if self._clock() - self._asked[1] < RETRY_SECONDS or (self._closing and self._closing.is_alive()):
            return
        self._asked = director.feeder.ring.read, self._clock()
        try:
            self._opened(self._output.reopen(director.feeder.ring.fill))
        except DeviceMissing:
            return
        director.adjustments.note = FOUND
        director.found()
