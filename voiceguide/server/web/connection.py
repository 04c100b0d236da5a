"""Connections that refuse malformed requests and answer repeated ones for finished files at once.

These are answered on waitress's own loop: handing a request to a thread and back costs as much as answering
it, and the loop can answer while every thread is busy.
"""

from __future__ import annotations

import threading
from typing import Any

from flask import Flask
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from voiceguide.server.web.recent import RecentAnswers


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """Accepts only targets of printable ASCII (RFC 9112, section 3.2), and refuses unreadable requests."""

    path = ""
    """A default: waitress reads it if the client has gone, even if no request could be parsed."""

    def parse_header(self, header_plus: bytes) -> None:
        first_line = header_plus.partition(b"\r\n")[0]
        if not all(0x20 <= byte < 0x7F for byte in first_line):
            raise ParsingError("the request line has letters that no address has; write them as %XX")
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # such as the address http://[/, or a length of 5000 digits
            raise ParsingError("the request cannot be read") from error
        finally:
            if self.body_rcv is None or self.content_length >= self.adj.max_request_body_size:
                # Otherwise waitress sends "100 Continue" before it refuses, and waits for the body for ever.
                self.expect_continue = False


class Connection(HTTPChannel):  # type: ignore[misc]
    """A client's connection to a `ListeningSocket`."""

    parser_class = Parser
    server: ListeningSocket
    _reader: int | None = None
    """The id of the loop's thread while it reads, else None."""

    _held = False
    """Whether the loop itself answers the request just read."""

    def received(self, data: bytes) -> bool:
        """Read *data*, and answer the request on the loop if possible."""
        self._reader = threading.get_ident()
        taken = bool(super().received(data))
        self._reader = None
        if self._held:
            self._held = False
            try:
                if len(self.requests) == 1:
                    self.service()
                else:  # between two answers it may wait for the client, which the loop must not
                    self.server.add_task(self)
            finally:
                if self.server.recent is not None:
                    self.server.recent.let_go()
        return taken

    def at_once(self) -> bool:
        """Return whether the loop answers the request just read: only if no other is queued."""
        recent, asked = self.server.recent, self.requests[0]
        if recent is None or asked.error or len(self.requests) != 1 or self._reader != threading.get_ident():
            return False
        self._held = recent.hold(asked.command, asked.path, asked.query, asked.headers)
        return self._held


class ListeningSocket(TcpWSGIServer):  # type: ignore[misc]
    """Listens at *place* for *app*; each `Connection` looks in *recent* first, unless that is None."""

    channel_class = Connection

    def __init__(
        self,
        app: Flask,
        recent: RecentAnswers | None,
        open_files: dict[int, Any],
        threads: ThreadedTaskDispatcher,
        settings: Adjustments,
        place: tuple[Any, ...],
    ) -> None:
        self.recent = recent
        super().__init__(app, open_files, dispatcher=threads, adj=settings, sockinfo=place)

    def add_task(self, task: Connection) -> None:
        if not task.at_once():
            super().add_task(task)
