from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.waiting import until
from voiceguide.server.web.access import is_loopback

pytestmark = pytest.mark.slow


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command, and give what it prints first."""
    command = [sys.executable, "-u", "-m", "voiceguide", "serve", *options]
    environment = {**os.environ, "VOICEGUIDE_CACHE": str(folder), "VOICEGUIDE_DATA": str(folder)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        try:
            yield running, running.stdout.readline()
        finally:
            running.send_signal(signal.SIGINT)
            assert running.wait(30) == 0


def status(port: str, path: str) -> int:
    with closing(HTTPConnection("127.0.0.1", int(port), timeout=30)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def test_it_prints_the_address_and_serves_there(tmp_path: Path) -> None:
    """On loopback no token is asked for; Ctrl-C ends it with status 0."""
    with served(tmp_path, "--port", "0") as (_, said):
        found = re.fullmatch(r"Open http://127\.0\.0\.1:(\d+)/\n", said)
        assert found is not None
        assert status(found[1], "/") == 200


def test_for_others_it_makes_a_token(tmp_path: Path) -> None:
    """Bound to anything but loopback it asks for a token, which it makes and prints."""
    with served(tmp_path, "--port", "0", "--host", "0.0.0.0") as (_, said):
        found = re.fullmatch(r"Open http://[^/]+:(\d+)/\?token=([\w-]{16,})\n", said)
        assert found is not None
        assert status(found[1], "/") == 401
        assert status(found[1], f"/?token={found[2]}") == 303


@pytest.mark.slow
def test_the_token_stays(tmp_path: Path) -> None:
    """Started anew it asks for the same token, so that subscriptions live on; a new one ends them all."""
    others = ("--port", "0", "--host", "0.0.0.0")
    kept = tmp_path / "serve.env"
    tokens = []
    for more in ((), (), ("--new-token",), ()):
        with served(tmp_path, *others, *more) as (_, said):
            tokens.append(said.strip().partition("token=")[2])
        assert tokens[-1] in kept.read_text()
    first, again, new, last = tokens
    assert first == again != new == last
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_token_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    """Where nothing can be written the page is served all the same, and one line says what that means."""
    (tmp_path / "serve.env").mkdir()
    with served(tmp_path, "--port", "0", "--host", "0.0.0.0") as (_, said):
        assert "?token=" in said


def test_one_token_at_a_time(tmp_path: Path) -> None:
    """A token of one's own and a new one cannot be had together."""
    command = [sys.executable, "-m", "voiceguide", "serve", "--token", "a", "--new-token"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert (done.returncode, "leave one out" in done.stderr) == (2, True)


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    """The error names the address and what to do, with status 1."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "voiceguide", "serve", "--port", port],
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "VOICEGUIDE_CACHE": str(tmp_path)},
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.3.2.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)],
)
def test_loopback_is_known_by_its_address(host: str, local: bool) -> None:
    """Only addresses of this machine alone need no token."""
    assert is_loopback(host) == local
    assert not is_loopback("example.org")


def test_bookmarks_of_earlier_versions_are_taken_over(tmp_path: Path) -> None:
    """What `play` of an earlier version kept is the nameless listener's on the page, too."""
    wishes = '{"options": {}, "seed": "a", "rungs": 1, "loudness": "calm"}'
    place = f'{{"frame": 9, "line": "", "script": "body-scan", "digest": "d", "wishes": {wishes}}}'
    (tmp_path / "positions").mkdir()
    (tmp_path / "positions" / "k.json").write_text(place)
    with served(tmp_path, "--port", "0") as (_, said):
        port = said.rstrip("/\n").rpartition(":")[2]

        def listed() -> bytes:
            with closing(HTTPConnection("127.0.0.1", int(port), timeout=30)) as connection:
                connection.request("GET", "/api/me/bookmark")
                return connection.getresponse().read()

        until(lambda: b'"script":"body-scan"' in listed())
    assert not (tmp_path / "positions").exists()
