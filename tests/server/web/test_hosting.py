from __future__ import annotations

import os
import socket
import threading
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.wsgi import wrap_file

from tests.site import served
from voiceguide.errors import SinkError
from voiceguide.server.seal import Stamp
from voiceguide.server.web.hosting import THREADS, Host
from voiceguide.server.web.recent import FOUND, FinishedFile, RecentAnswers


class Held:
    """An application with a finished file, and an address that answers once it is let."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.held, self.let = threading.Semaphore(0), threading.Event()
        self.app = Flask("held")
        self.app.add_url_rule("/held", view_func=self._hold)
        self.app.add_url_rule("/file", view_func=self._send)
        self.app.wsgi_app = RecentAnswers(self.app.wsgi_app, now=lambda: 0.0)  # type: ignore[assignment,method-assign]

    def _hold(self) -> str:
        self.held.release()
        assert self.let.wait(60)
        return "held"

    def _send(self) -> Response:
        file = self.file.open("rb")
        request.environ[FOUND] = FinishedFile(self.file, Stamp.of(os.fstat(file.fileno())), '"tag"')
        headers = {"Content-Length": str(self.file.stat().st_size)}
        return Response(wrap_file(request.environ, file), headers=headers, direct_passthrough=True)


def ask(port: int, path: str, **more: Any) -> HTTPConnection:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, **more)
    return connection


def test_a_finished_file_needs_no_thread(tmp_path: Path) -> None:
    """What was asked for a moment ago is answered though every thread is busy."""
    sound = tmp_path / "chair.mp3"
    sound.write_bytes(bytes(range(256)) * 1000)
    held = Held(sound)
    with ExitStack() as until_over:
        host = until_over.enter_context(served(held.app, held.let.set))
        with closing(ask(host.port, "/file")) as first:
            assert first.getresponse().read() == sound.read_bytes()
        busy = [until_over.enter_context(closing(ask(host.port, "/held"))) for _ in range(THREADS)]
        assert all(held.held.acquire(timeout=30) for _ in busy)
        for at in (0, 1000, 200_000):
            with closing(ask(host.port, "/file", headers={"Range": f"bytes={at}-{at + 99}"})) as again:
                assert again.getresponse().read() == sound.read_bytes()[at : at + 100]
        held.let.set()
        assert {each.getresponse().read() for each in busy} == {b"held"}


def test_two_requests_sent_at_once_hold_up_no_other(tmp_path: Path) -> None:
    """Who asks twice at once for a file larger than the buffers, and reads neither, delays nobody else."""
    sound = tmp_path / "chair.mp3"
    sound.write_bytes(bytes(range(256)) * 40_000)
    held = Held(sound)
    with served(held.app, held.let.set) as host:
        with closing(ask(host.port, "/file")) as first:
            assert first.getresponse().read() == sound.read_bytes()
        with closing(socket.create_connection(("127.0.0.1", host.port), timeout=30)) as greedy:
            greedy.sendall(2 * f"GET /file HTTP/1.1\r\nHost: 127.0.0.1:{host.port}\r\n\r\n".encode())
            greedy.recv(1)  # the first is being answered
            with closing(ask(host.port, "/file", headers={"Range": "bytes=0-99"})) as other:
                assert other.getresponse().read() == sound.read_bytes()[:100]


def test_a_name_with_two_addresses_is_listened_on_at_both() -> None:
    """Who is told a host of several addresses answers on each of them, and stops on each."""
    app = Flask("both")
    app.add_url_rule("/", view_func=lambda: "here")
    with closing(Host(app, "localhost", 0)) as host:
        thread = threading.Thread(target=host.run)
        thread.start()
        for name, port in host.listening:
            connection = HTTPConnection(name, port, timeout=30)
            connection.request("GET", "/")
            assert connection.getresponse().read() == b"here"
            connection.close()
        host.stop()
        thread.join(30)
        assert not thread.is_alive()


@pytest.mark.parametrize("host", ["no.such.host.invalid", "127.0.0.1"])
def test_where_nobody_can_listen_is_said(host: str) -> None:
    """A host without an address and a port that is taken are one sentence, and leave no thread behind."""
    before = threading.active_count()
    with closing(Host(Flask("first"), "127.0.0.1", 0)) as first:
        during = threading.active_count()
        with pytest.raises(SinkError, match="--port"):
            Host(Flask("second"), host, first.port)
        assert threading.active_count() == during
    assert threading.active_count() == before
