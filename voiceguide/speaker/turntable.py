"""Where one session at a time is put on, heard, and taken off again."""

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
"""A session that has not faded out after so long, since its device is gone, is cut off."""

_MOST_PENDING: Final = 32
UNFORESEEN: Final = "Something went wrong here that nobody foresaw; the log says what."


class Turntable:
    """Plays one item at a time, each by one of *players*, and tells *news*.

    One thread puts on, waits and takes off; commands come from any thread. *show* shows each session while
    it is on.
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
        """Whether no session is on, nor about to be."""
        return self._player is None and self._pending is None

    @property
    def leaving(self) -> bool:
        """Whether what is on fades out, and obeys no more."""
        return self._left_at is not None

    @property
    def now(self) -> Now:
        """What is heard."""
        player = self._player
        return IDLE if player is None else player.now

    def do(self, command: Command) -> bool:
        """Have *command* obeyed, as soon as there is a player; return False where none is to be."""
        with self._lock:
            if self._player is not None:
                self._player.do(command)
            elif self._pending is not None:
                self._pending.append(command)
            else:
                return False
            return True

    def leave(self) -> None:
        """Fade out what is on, or about to be."""
        with self._lock:
            if self._player is not None and self._left_at is None:
                self._left_at = self._clock()
                self._player.do(Stop())
            elif self._pending is not None:
                self._pending.append(Stop())

    def expect(self) -> None:
        """Keep commands from now on for the session that is about to be put on."""
        with self._lock:
            self._pending = deque(maxlen=_MOST_PENDING)

    def put_on(self, item: QueueItem) -> None:
        """Play *item*; returns when it is about to be heard.

        Raises:
            DeviceMissing: if there is no sound card.
            VoiceguideError: if it cannot be made.
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
        """Return whether there is a sound device now; nothing may be on."""
        return self._players.audible()

    def over(self, seconds: float) -> bool:
        """Return whether what is on has ended, or cannot, after at most *seconds*."""
        player = self._player
        if player is None or player.wait(seconds):
            return True
        return self._left_at is not None and (
            player.now.status == "lost" or self._clock() - self._left_at > LEAVE_SECONDS
        )

    def take_off(self, note: str = "") -> None:
        """Take off what is on, or could not be put on; *note* says why, "" where there is nothing to say."""
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
        """Pass on what the player tells. On its thread: no waiting."""
        self._news.tell(lambda state: replace(state, now=now, volume=now.volume))


def _reason(failure: Exception | None) -> str:
    """Return a sentence on why a session has failed, "" if it has not."""
    if failure is None or isinstance(failure, VoiceguideError):
        return str(failure or "")
    log.error("unforeseen: %s", failure, exc_info=failure)
    return UNFORESEEN
