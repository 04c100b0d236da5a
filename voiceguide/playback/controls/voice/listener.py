"""Sends the phrases heard by the microphone to a player as commands, on a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from voiceguide.audio import Mono
from voiceguide.errors import ListeningMissing
from voiceguide.playback.controls.controlled import Controlled
from voiceguide.playback.controls.voice.microphone import Microphone, open_microphone
from voiceguide.playback.controls.voice.spotter import Spotter

AFTER_SPEECH_SECONDS: Final = 0.4
"""For this time after our own voice, sound is ignored: it may be an echo, or a device that plays late."""

_LOOK_SECONDS: Final = 0.2


class VoiceControl:
    """Listens while our own voice rests, and sends a player the commands it hears. No sound is kept.

    Raises:
        ListeningMissing: if PocketSphinx or the microphone is missing, with what to install.
    """

    def __init__(
        self,
        opener: Callable[[], Microphone] = open_microphone,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._spotter = Spotter()
        self._opener = opener
        self._clock = clock
        self._spoke_at = -AFTER_SPEECH_SECONDS
        self._microphone: Microphone | None = opener()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, player: Controlled) -> None:
        """Send *player* the commands heard, until `close`."""
        self._thread = threading.Thread(target=self._run, args=(player,), name="listen", daemon=True)
        self._thread.start()

    def hear(self, block: Mono, player: Controlled) -> None:
        """Send *player* the commands in *block*, samples at `LISTEN_RATE` just heard."""
        now = player.now
        if now.speaking:
            self._spoke_at = self._clock()
        closed = self._clock() - self._spoke_at < AFTER_SPEECH_SECONDS
        for phrase in self._spotter.hear(block, closed=closed):
            player.do(phrase.command)

    def close(self) -> None:
        """Stop listening."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(5.0)
        self._put_down()

    def _run(self, player: Controlled) -> None:
        while not self._ended.is_set():
            if player.now.status == "lost":
                self._put_down()  # PortAudio is about to look for devices anew: nothing may be open
                self._ended.wait(_LOOK_SECONDS)
            elif self._microphone is None:
                self._take_up()
            else:
                self._listen(self._microphone, player)

    def _listen(self, microphone: Microphone, player: Controlled) -> None:
        try:
            block = microphone.read(_LOOK_SECONDS)
        except ListeningMissing:
            self._put_down()
            return
        if block is not None:
            self.hear(block, player)

    def _take_up(self) -> None:
        try:
            self._microphone = self._opener()
        except ListeningMissing:
            self._ended.wait(_LOOK_SECONDS * 10)

    def _put_down(self) -> None:
        if self._microphone is not None:
            self._microphone.close()
            self._microphone = None
