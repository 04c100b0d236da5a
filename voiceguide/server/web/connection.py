"""A client's connection: nonsense on it is refused, and a finished file asked for again goes out at once.

At once means on waitress's own loop: handing a request to a thread and back costs as much as answering it,
and the loop answers while every thread is busy, too.
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
    """Takes a target of printable ASCII alone (RFC 9112, section 3.2), and nothing that cannot be read."""

    path = ""
    """Looked at by waitress where a client has gone, though the request was refused before it had one."""

    def parse_header(self, header_plus: bytes) -> None:
        first_line = header_plus.partition(b"\r\n")[0]
        if not all(0x20 <= byte < 0x7F for byte in first_line):
            raise ParsingError("the request line has letters that no address has; write them as %XX")
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # of an address such as http://[/, or a length of 5000 digits
            raise ParsingError("the request cannot be read") from error
        finally:
            if self.body_rcv is None or self.content_length >= self.adj.max_request_body_size:
                # waitress would say "100 Continue" before it refuses, and then wait for a body for ever.
                self.expect_continue = False


class Connection(HTTPChannel):  # type: ignore[misc]
    """One client of a `Listener`."""

    parser_class = Parser
    server: Listener
    _reader: int | None = None
    """The loop's thread, while it reads."""

    _held = False
    """Whether the loop has to answer what it has just read."""

    def received(self, data: bytes) -> bool:
        """Read *data*, and answer what it asks for if that can be done at once."""
        self._reader = threading.get_ident()
        taken = bool(super().received(data))
        self._reader = None
        if self._held:
            self._held = False
            try:
                self.service()
            finally:
                if self.server.recent is not None:
                    self.server.recent.let_go()
        return taken

    def at_once(self) -> bool:
        """Return whether the loop answers the request that was read. One of several might have to wait."""
        recent, asked = self.server.recent, self.requests[0]
        if recent is None or asked.error or len(self.requests) != 1 or self._reader != threading.get_ident():
            return False
        self._held = recent.hold(asked.command, asked.path, asked.query, asked.headers)
        return self._held


class Listener(TcpWSGIServer):  # type: ignore[misc]
    """Listens at *place* for *app*; each `Connection` asks *recent* first, if there is one."""

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
