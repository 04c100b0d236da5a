from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from tests.server.scripts import library
from tests.server.web.conftest import Site
from tests.waiting import until
from voiceguide.server.limits import Limits

pytestmark = pytest.mark.slow

LONG = "/audio/chair.wav?length=5m"
"""57 MB: more than any buffer on the way holds."""


def resources() -> tuple[int, int]:
    """Return how many files and how many threads of render jobs this process has open."""
    making = [each for each in threading.enumerate() if each.name.startswith(("make ", "render "))]
    return psutil.Process().num_fds(), len(making)


@contextmanager
def listener(site: Site, path: str = LONG, take: int = 100_000) -> Iterator[socket.socket]:
    """Ask for *path* over a small window, and take only the first bytes of it."""
    with closing(socket.socket()) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        line.settimeout(30)
        line.connect(("127.0.0.1", site.port))
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        got = 0
        while got < take:
            got += len(line.recv(take - got))
        yield line


def test_a_client_that_vanishes_ends_the_making(site_of: Callable[..., Site]) -> None:
    """When the only listener is gone the making stops, and no thread, file or part is left."""
    site = site_of(limits=Limits(linger=0.05, ahead=5.0))
    site.get("/healthz")
    before = resources()
    for _ in range(3):
        with listener(site):
            assert site.service.jobs.under_way() == 1
        until(lambda: site.service.jobs.under_way() == 0)
    until(lambda: resources()[1] == before[1] and resources()[0] <= before[0])
    assert [path for path in site.service.cache.folder.rglob("*") if path.is_file()] == []


def test_a_slow_reader_keeps_making_near_to_it(site_of: Callable[..., Site]) -> None:
    """Who takes little causes little to be made, and the others are answered meanwhile."""
    site = site_of(limits=Limits(linger=0.05, ahead=5.0))
    with listener(site):
        made = site.get("/api/state/chair?length=5m")
        assert made.status == 200
        for _ in range(20):
            assert site.get("/audio/ground-now.mp3", Range="bytes=0-999").status == 206
        job = next(iter(site.service.jobs._jobs.values()))
        assert job.progress < 0.25


def test_a_reader_that_takes_nothing_is_let_go(site_of: Callable[..., Site]) -> None:
    """A client that stays but takes nothing loses its place, so that it cannot keep others out."""
    if not hasattr(socket, "TCP_USER_TIMEOUT"):
        pytest.skip("the system has no limit for unread bytes")
    site = site_of(limits=Limits(listeners=1, linger=0.05), stalled=1)
    with listener(site):
        assert site.get("/audio/chair.mp3?length=2m").status == 503
        until(lambda: site.get("/audio/chair.mp3?length=2m", Range="bytes=0-9").status == 206)


def test_half_open_connections_keep_nobody_out(site: Site) -> None:
    """Connections that never finish asking cost no thread: everybody else is answered."""
    lines = []
    try:
        for number in range(150):
            line = socket.create_connection(("127.0.0.1", site.port), timeout=30)
            lines.append(line)
            line.sendall(b"GET /audio/chair.mp3 HTTP/1.1\r\nHost: localh" if number % 2 else b"")
        assert site.get("/healthz").status == 200
        assert site.get("/audio/chair.mp3", Range="bytes=0-99").status == 206
    finally:
        for line in lines:
            line.close()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /audio/chair.mp3?x=\r\nX-Evil: 1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"GET /../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: local\x00host\r\n\r\n",
        b"POST /prepare/ground-now HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"NONSENSE\r\n\r\n",
        b"GET /audio/chair.mp3 HTTP/1.1\r\nHost: localhost\r\nRange: bytes=" + b"0-0," * 3000 + b"\r\n\r\n",
    ],
    ids=["header", "path", "headers", "dots", "host", "body", "tls", "nonsense", "ranges"],
)
def test_raw_nonsense_is_refused_and_the_server_lives(site: Site, request_bytes: bytes) -> None:
    """What is no request ends as an error or a closed connection; the next one is answered."""
    with closing(socket.create_connection(("127.0.0.1", site.port), timeout=30)) as line:
        answer = b""
        with suppress(OSError):  # it may be cut off while it still speaks
            line.sendall(request_bytes)
            line.shutdown(socket.SHUT_WR)
            while len(answer) < 400_000 and (part := line.recv(65_536)):
                answer += part
    assert b"root:" not in answer
    assert b"Traceback" not in answer
    assert not answer.startswith(b"HTTP/1.1 5") or b" 503 " not in answer[:20]
    assert site.get("/healthz").status == 200


SERVER = """
import sys
from pathlib import Path
from voiceguide.cli.hosted import run
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.script.library import Library
from voiceguide.store import FolderStore
from voiceguide.session import Studio
from voiceguide.server.web import create_app, state_of

scripts, cache = map(Path, sys.argv[1:])
with Studio(store=FolderStore(cache), engines=[HumEngine()], library=Library([scripts]), jobs=1) as studio:
    app = create_app(studio, folder=cache)
    try:
        run(app, "127.0.0.1", 0, None)
    finally:
        state_of(app).close()
"""


@contextmanager
def process(scripts: Path, cache: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run a server in a process of its own."""
    command = [sys.executable, "-u", "-c", SERVER, str(scripts), str(cache)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None
            port = int(running.stdout.readline().rstrip("/\n").rpartition(":")[2])
            yield running, port
        finally:
            running.kill()


def test_killed_while_making_it_serves_whole_files_only(tmp_path: Path) -> None:
    """After kill -9 in the middle of a session, the next start has no part of it, and makes it whole."""
    if os.name != "posix":
        pytest.skip("there is no kill -9 here")
    scripts, cache = tmp_path / "scripts", tmp_path / "cache"
    library(scripts)
    with process(scripts, cache) as (running, port):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", f"{LONG}&download=1")
        response = connection.getresponse()
        size = int(response.headers["Content-Length"])
        response.read(100_000)
        assert [path for path in (cache / "sessions").glob(".*") if path.stat().st_size]
        running.send_signal(signal.SIGKILL)
        running.wait(30)
        response.close()
        connection.close()
    with process(scripts, cache) as (_, port):
        names = {path.name for path in (cache / "sessions").rglob("*") if path.is_file()}
        assert not [name for name in names if name.endswith(".wav") and not name.startswith(".")]
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", LONG)
        response = connection.getresponse()
        assert len(response.read()) == size
        connection.close()


def test_it_ends_well_when_it_is_told_to(tmp_path: Path) -> None:
    """SIGTERM stops the server with status 0, in the middle of whatever it makes."""
    scripts, cache = tmp_path / "scripts", tmp_path / "cache"
    library(scripts)
    with process(scripts, cache) as (running, port):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", LONG)
        response = connection.getresponse()
        response.read(1000)
        running.terminate()
        response.close()
        connection.close()
        assert running.wait(30) == 0
    assert [path.name for path in (cache / "sessions").glob(".*")] == []
