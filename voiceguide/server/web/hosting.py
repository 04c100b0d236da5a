"""Runs waitress with settings for long responses to many clients, some of them slow."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Callable, Container
from contextlib import suppress
from typing import Any, Final

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.server import MultiSocketServer
from waitress.task import ThreadedTaskDispatcher
from waitress.wasyncore import close_all

from voiceguide.errors import SinkError
from voiceguide.server.web.audio import GROUND_PATHS
from voiceguide.server.web.connection import Connection, ListeningSocket
from voiceguide.server.web.recent import RecentAnswers

THREADS: Final = 64
"""Threads that answer. A finished file needs none while it is sent. A client of a session still being made
occupies one; `Limits.listeners` keeps the number of such clients below this.
"""

GROUND_THREADS: Final = 4
"""Threads reserved for the grounding session, for when all others are busy."""

WATERMARK: Final = 256 * 1024
"""Bytes buffered for a slow client before its thread waits; more would render too far ahead of it."""

SEND_BUFFER: Final = 128 * 1024
"""The size of the socket's send buffer for one client, in bytes: eight seconds of MP3."""

STALLED_SECONDS: Final = 600
"""A client that receives nothing for this long is disconnected; a paused player asks again with a range."""

IDLE_SECONDS: Final = 300
"""A connection without traffic for this long is closed."""

MOST_BODY: Final = 64 * 1024
"""The most bytes of a request's body; an application may refuse shorter ones with its own message."""


class Threads(ThreadedTaskDispatcher):  # type: ignore[misc]
    """*count* threads that answer, and *more* for requests of *paths* when all others are busy."""

    def __init__(self, count: int, paths: Container[str], more: int) -> None:
        super().__init__()
        self._over = False
        self._paths = paths
        self._apart = ThreadedTaskDispatcher()
        self._apart.set_thread_count(more)
        self.set_thread_count(count)

    def add_task(self, task: Connection) -> None:
        if task.requests[0].path in self._paths and not self._free():
            self._apart.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """Stop the threads; the first call waits for busy ones, at most *timeout* seconds for either kind."""
        if self._over:
            return False
        self._over = True
        self._apart.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout))

    def _free(self) -> bool:
        """Return whether a thread is free for another task."""
        with self.lock:
            waiting = len(self.threads) - self.stop_count - self.active_count
            return bool(waiting > len(self.queue))


class Host:
    """Serves *app* on every address of *host*: `run` returns after `stop`, and the caller closes it.

    With *port* 0 it listens on any free port. A client that receives nothing for *stalled* seconds is
    disconnected.

    Raises:
        SinkError: if it cannot listen there.
    """

    def __init__(self, app: Flask, host: str, port: int, stalled: int = STALLED_SECONDS) -> None:
        # Full queues, and clients that leave early, are not worth a line of the log each.
        logging.getLogger("waitress").setLevel(logging.ERROR)
        recent = app.wsgi_app if isinstance(app.wsgi_app, RecentAnswers) else None
        paths = GROUND_PATHS if recent is not None else ()
        self._open: dict[int, Any] = {}
        self._threads = Threads(THREADS, paths, GROUND_THREADS if paths else 0)
        try:
            settings = _settings(host, port, stalled)
            self._listeners = [
                ListeningSocket(app, recent, self._open, self._threads, settings, place)
                for place in settings.listen
            ]
        except (OSError, ValueError) as error:
            self.close()
            why = getattr(error, "strerror", None) or error
            raise SinkError(
                f"cannot listen on {host}:{port} ({why}); choose another --host or --port"
            ) from error
        self._loop = MultiSocketServer(self._open, settings, self.listening, self._threads)

    @property
    def listening(self) -> list[tuple[str, int]]:
        """The addresses and ports that it listens on."""
        return [(each.effective_host, int(each.effective_port)) for each in self._listeners]

    @property
    def port(self) -> int:
        """The port of the first address that it listens on."""
        return self.listening[0][1]

    @property
    def addresses(self) -> list[str]:
        """The addresses to open in a browser."""
        return [f"http://{_name(host)}:{port}" for host, port in self.listening]

    def run(self) -> None:
        """Serve until `stop` is called or Ctrl-C is pressed."""
        self._loop.run()

    def hang_up(self) -> None:
        """Disconnect every client, which frees the threads that wait for one. Call it in `run`'s thread."""
        for each in list(self._open.values()):
            if isinstance(each, Connection):
                each.handle_close()

    def stop(self) -> None:
        """Disconnect every client and make `run` return. Call it in any other thread."""
        self._in_its_thread(self.hang_up)
        self._threads.shutdown(timeout=10)
        self._in_its_thread(self.close)

    def close(self) -> None:
        """Stop listening. Call it in `run`'s thread, or after `run`."""
        self._threads.shutdown()
        close_all(self._open)

    def _in_its_thread(self, do: Callable[[], None]) -> None:
        with suppress(OSError):  # the loop may have ended already
            self._listeners[0].trigger.pull_trigger(do)


def _settings(host: str, port: int, stalled: int) -> Adjustments:
    """Return waitress's settings.

    Raises:
        ValueError: if *host* has no address.
    """
    settings = Adjustments(
        host=host,
        port=port,
        outbuf_high_watermark=WATERMARK,
        outbuf_overflow=4 * WATERMARK,
        connection_limit=1000,
        channel_timeout=IDLE_SECONDS,
        channel_request_lookahead=1,  # without it, nothing notices that a waiting client has left
        max_request_header_size=16_384,
        max_request_body_size=MOST_BODY,
        asyncore_use_poll=True,
        log_socket_errors=False,
        clear_untrusted_proxy_headers=False,  # web.access checks who sends them
        ident="voiceguide",
    )
    # waitress reads as much of a file at once as the send buffer holds, which adds up over many listeners.
    settings.socket_options = [*settings.socket_options, (socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)]
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        settings.socket_options.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, stalled * 1000))
    return settings


def _name(host: str) -> str:
    """Return *host* as written in a URL; this machine's name if *host* stands for all of its addresses."""
    if ipaddress.ip_address(host).is_unspecified:
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
