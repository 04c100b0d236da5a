"""Plays one session at a time for the speaker, and passes commands to it."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from voiceguide.errors import VoiceguideError
from voiceguide.playback import Command, Now, Player, Players
from voiceguide.playback.commands import Stop
from voiceguide.speaker.buttons import Remote
from voiceguide.speaker.queue_item import QueueItem
from voiceguide.speaker.state import IDLE, News

log = logging.getLogger("voiceguide")

LEAVE_SECONDS: Final = 4.0
"""A session that has not faded out within this time, as its device is gone, is cut off."""

_MOST_PENDING: Final = 32
UNFORESEEN: Final = "Something went wrong here that nobody foresaw; the log says what."


class Turntable:
    """Plays one item at a time, each with a player of *players*, and publishes its state to *news*.

    One thread calls `put_on`, `over` and `take_off`; commands come from any thread. *show* shows each session
    while it plays.
    """

    def __init__(
        self,
        players: Players[QueueItem],
        news: News,
        clock: Callable[[], float],
        show: Callable[[Player], Remote] | None = None,
    ) -> None:
        self._players = players
        self._news = news
        self._clock = clock
        self._show = show
        self._shown: Remote | None = None
        self._lock = threading.RLock()
        self._player: Player | None = None
        self._pending: deque[Command] | None = None
        self._left_at: float | None = None

    @property
    def empty(self) -> bool:
        """Whether no session plays or is about to."""
        return self._player is None and self._pending is None

    @property
    def leaving(self) -> bool:
        """Whether the session fades out to end."""
        return self._left_at is not None

    @property
    def now(self) -> Now:
        """What is heard."""
        player = self._player
        return IDLE if player is None else player.now

    def do(self, command: Command) -> bool:
        """Send *command* to the player, once there is one; return False if none plays or is about to."""
        with self._lock:
            if self._player is not None:
                self._player.do(command)
            elif self._pending is not None:
                self._pending.append(command)
            else:
                return False
            return True

    def leave(self) -> None:
        """Fade out the session that plays or is about to."""
        with self._lock:
            if self._player is not None and self._left_at is None:
                self._left_at = self._clock()
                self._player.do(Stop())
            elif self._pending is not None:
                self._pending.append(Stop())

    def expect(self) -> None:
        """Collect commands from now on for the session that is about to play."""
        with self._lock:
            self._pending = deque(maxlen=_MOST_PENDING)

    def put_on(self, item: QueueItem) -> None:
        """Play *item*; returns when it is about to be heard.

        Raises:
            DeviceMissing: if there is no sound card.
            VoiceguideError: if the session cannot be made.
        """
        player = self._players.player(item, volume=self._news.state.volume, resume=item.resume)
        player.watch(self._heard)
        with self._lock:
            self._player = player
            pending, self._pending = self._pending or deque(), None
            for command in pending:
                if isinstance(command, Stop):
                    self.leave()
                else:
                    player.do(command)
        player.open()
        if self._show is not None:
            self._shown = self._show(player)
            self._shown.start()

    def audible(self) -> bool:
        """Return whether there is a sound device now. No session may be playing."""
        return self._players.audible()

    def over(self, seconds: float) -> bool:
        """Wait at most *seconds*; return whether the session has ended, or has to be cut off."""
        player = self._player
        if player is None or player.wait(seconds):
            return True
        return self._left_at is not None and (
            player.now.status == "lost" or self._clock() - self._left_at > LEAVE_SECONDS
        )

    def take_off(self, note: str = "") -> None:
        """Remove the session that has ended or could not begin; *note* is the reason to show, or ""."""
        with self._lock:
            player, self._player = self._player, None
            self._pending = self._left_at = None
        shown, self._shown = self._shown, None
        if shown is not None:
            shown.close()
        if player is not None:
            player.close()
            note = note or _reason(player.failure)
        if note:
            log.warning("%s", note)
        self._news.tell(lambda state: replace(state, playing=None, now=IDLE, note=note))

    def _heard(self, now: Now) -> None:
        """Publish what the player reports. Runs on the player's thread: no waiting."""
        self._news.tell(lambda state: replace(state, now=now, volume=now.volume))


def _reason(failure: Exception | None) -> str:
    """Return a sentence on why a session has failed, "" if it has not."""
    if failure is None or isinstance(failure, VoiceguideError):
        return str(failure or "")
    log.error("unforeseen: %s", failure, exc_info=failure)
    return UNFORESEEN
