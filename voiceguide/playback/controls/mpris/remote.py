"""Shows a player to the desktop and obeys the desktop's buttons, on a thread of its own."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from voiceguide.playback import Now
from voiceguide.playback.controls.controlled import Watched
from voiceguide.playback.controls.mpris.shown import Position, Shown, micros

if TYPE_CHECKING:
    import asyncio

    from dbus_fast.aio import MessageBus

    from voiceguide.playback.controls.mpris.interfaces import Controls

NAME: Final = "org.mpris.MediaPlayer2.voiceguide"

_log = logging.getLogger(__name__)

_FIRST_SOUND_SECONDS: Final = 2.0
"""Connecting waits for the first sound, but at most this long, as a paused session needs remotes too."""

_ANSWER_SECONDS: Final = 5.0
_LEAVE_SECONDS: Final = 1.0


class DesktopRemote:
    """Shows *player* on the session's D-Bus from its first sound until `close`.

    Without a bus, or without dbus-fast, it does nothing.
    """

    def __init__(self, player: Watched, clock: Callable[[], float] = time.monotonic) -> None:
        self._player = player
        self._first = player.now
        self._shown = Shown.of(player.now)
        self._place = Position(player.now, clock)
        self._heard = threading.Event()
        self._closed = False
        self._controls: Controls | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: asyncio.Event | None = None
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="mpris", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._player.watch(self._note)
        self._thread.start()

    def close(self) -> None:
        """Leave the bus."""
        self._closed = True
        self._heard.set()
        self._soon(self._end)
        self._thread.join(_LEAVE_SECONDS)

    def _end(self) -> None:
        if self._over is not None:
            self._over.set()

    def _note(self, now: Now) -> None:
        """Signal what has changed in *now*."""
        if now.position != self._first.position:
            self._heard.set()
        jumped, shown = self._place.jumped(now), Shown.of(now)
        if shown != self._shown:
            old, self._shown = self._shown, shown
            self._soon(lambda: self._tell(lambda controls: controls.tell(old, shown)))
        if jumped:
            self._soon(lambda: self._tell(lambda controls: controls.Seeked(micros(now.position))))

    def _soon(self, call: Callable[[], object]) -> None:
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(call)

    def _tell(self, news: Callable[[Controls], object]) -> None:
        if self._controls is not None:
            news(self._controls)

    def _run(self) -> None:
        self._heard.wait(_FIRST_SOUND_SECONDS)
        if self._closed:
            return
        try:
            import asyncio  # here, like dbus-fast, so that the first sound need not wait

            asyncio.run(self._serve(asyncio.Event()))
        except Exception as error:  # whatever is wrong with the bus, the session plays on
            _log.debug("no media keys: %s", error)

    async def _serve(self, over: asyncio.Event) -> None:
        import asyncio

        from dbus_fast.aio import MessageBus

        with self._lock:
            self._loop, self._over = asyncio.get_running_loop(), over
        try:
            if self._closed:
                return
            bus = await MessageBus(auth_timeout=_ANSWER_SECONDS).connect()
            try:
                await asyncio.wait_for(self._appear(bus), _ANSWER_SECONDS)
                await _until(over, bus)
            finally:
                self._controls = None
                bus.disconnect()
        finally:
            with self._lock:
                self._loop = None

    async def _appear(self, bus: MessageBus) -> None:
        """Export the player on *bus* under our name or, if that is taken, under a name of its own."""
        from dbus_fast import NameFlag, RequestNameReply

        from voiceguide.playback.controls.mpris.interfaces import PATH, Application, Controls

        controls = Controls(self._player)
        bus.export(PATH, Application(self._player))
        bus.export(PATH, controls)
        for name in (NAME, f"{NAME}.instance{os.getpid()}"):
            if await bus.request_name(name, NameFlag.DO_NOT_QUEUE) == RequestNameReply.PRIMARY_OWNER:
                self._controls = controls
                return
        raise OSError("the names of this player are taken")


async def _until(over: asyncio.Event, bus: MessageBus) -> None:
    """Wait until *over* is set; raise the error of *bus* if it disconnects first."""
    import asyncio

    ended = asyncio.ensure_future(over.wait())
    gone = asyncio.ensure_future(bus.wait_for_disconnect())
    await asyncio.wait((ended, gone), return_when=asyncio.FIRST_COMPLETED)
    ended.cancel()
    if gone.done():
        gone.result()
    gone.cancel()
