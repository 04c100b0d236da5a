from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import closing
from io import BytesIO
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from wsgiref.util import setup_testing_defaults

import pytest

from tests.server.web.conftest import Site
from tests.waiting import until
from tools.damage import emptied, flipped, truncated
from voiceguide.server import seal
from voiceguide.server.seal import Stamp
from voiceguide.server.web.recent import FOUND, FinishedFile, RecentAnswers

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATH = "/audio/chair.mp3"
TOKEN = "a-long-token"
BEARER = f"Bearer {TOKEN}"


@pytest.fixture
def finished(site: Site) -> Site:
    """A site whose session is whole, and was asked for a moment ago."""
    site.get(PATH)
    until(lambda: site.service.jobs.under_way() == 0)
    site.get(PATH)
    return site


def asked(path: str, *lines: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


class Line:
    """A connection that is kept: sends requests, and reads answers one by one."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._reader = self._socket.makefile("rb")

    def ask(self, requests: bytes) -> None:
        self._socket.sendall(requests)

    def answer(self) -> tuple[int, bytes]:
        """Return the next answer's status and body."""
        status = int(self._reader.readline().split()[1])
        length = 0
        while field := self._reader.readline().strip():
            name, _, value = field.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return status, self._reader.read(0 if status == 304 else length)

    def close(self) -> None:
        self._reader.close()
        self._socket.close()


def test_what_is_asked_again_is_the_same(finished: Site) -> None:
    """Ranges, a wrong range, a known tag and a HEAD, again and again on one connection, are each right."""
    whole = finished.get(PATH)
    with closing(Line(finished.port)) as line:
        for first in (0, 10, 70_000):
            line.ask(asked(PATH, f"Range: bytes={first}-{first + 99_999}"))
            assert line.answer() == (206, whole.body[first : first + 100_000])
        line.ask(asked(PATH, "Range: bytes=99999999-"))
        assert line.answer()[0] == 416
        line.ask(asked(PATH))
        assert line.answer() == (200, whole.body)
        line.ask(asked(PATH, f"If-None-Match: {whole.headers['etag']}"))
        assert line.answer() == (304, b"")


def test_requests_sent_at_once_are_answered_in_order(finished: Site) -> None:
    """Who does not wait for one answer before asking for the next gets each, whoever is asked for."""
    whole = finished.get(PATH).body
    requests = b"".join(
        asked(path, *range_)
        for path, *range_ in (
            (PATH, "Range: bytes=0-9"),
            ("/healthz",),
            (PATH, "Range: bytes=5-70000"),
            (PATH,),
            ("/audio/none-such.mp3",),
            (PATH, "Range: bytes=7-7"),
        )
    )
    with closing(Line(finished.port)) as line:
        line.ask(requests)
        answers = [line.answer() for _ in range(6)]
    assert [status for status, _ in answers] == [206, 200, 206, 200, 404, 206]
    assert answers[0][1] == whole[:10]
    assert answers[2][1] == whole[5:70_001]
    assert answers[3][1] == whole
    assert answers[5][1] == whole[7:8]


def test_what_one_may_have_another_may_not(site_of: Callable[..., Site]) -> None:
    """What was answered a moment ago to who has the token is not answered to who has not."""
    site = site_of(token=TOKEN)
    cookie = site.get(f"/?token={TOKEN}").headers["set-cookie"].partition(";")[0]
    for _ in range(3):
        assert site.get(PATH, Cookie=cookie).status == 200
        until(lambda: site.service.jobs.under_way() == 0)
        assert site.get(PATH).status == 401
        assert site.get(PATH, Cookie="voiceguide=wrong").status == 401


def test_what_a_bearer_may_have_another_may_not(site_of: Callable[..., Site]) -> None:
    """What was answered a moment ago to a token in a header is not answered without it, or to another."""
    site = site_of(token=TOKEN)
    for _ in range(3):
        assert site.get(PATH, Authorization=BEARER).status == 200
        until(lambda: site.service.jobs.under_way() == 0)
        assert site.get(PATH).status == 401
        assert site.get(PATH, Authorization="Bearer wrong").status == 401


def test_a_finished_file_is_held_for_its_bearer_alone(tmp_path: Path) -> None:
    """An answer noted for one token is held for the same token, and for no other request."""
    file = tmp_path / "chair.mp3"
    file.write_bytes(b"sound")

    def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ[FOUND] = FinishedFile(file, Stamp.of(file.stat()), '"tag"')
        start("200 OK", [])
        return ()

    environ: WSGIEnvironment = {"HTTP_AUTHORIZATION": BEARER, "waitress.client_disconnected": bool}
    setup_testing_defaults(environ)
    environ |= {"PATH_INFO": PATH, "QUERY_STRING": ""}
    recent = RecentAnswers(app, now=lambda: 0.0)
    recent(environ, lambda *answer: lambda data: None)
    asked = {"HOST": environ["HTTP_HOST"], "AUTHORIZATION": BEARER}
    assert recent.hold("GET", PATH, "", asked)
    recent.let_go()
    assert not recent.hold("GET", PATH, "", asked | {"AUTHORIZATION": "Bearer wrong"})
    assert not recent.hold("GET", PATH, "", {"HOST": environ["HTTP_HOST"]})


def test_what_is_damaged_between_two_answers_is_not_sent(finished: Site) -> None:
    """A file that was answered with a moment ago, and has changed since, is made anew."""
    whole = finished.get(PATH).body
    (path,) = finished.service.cache.folder.rglob("*.mp3")
    with closing(Line(finished.port)) as line:
        line.ask(asked(PATH))
        assert line.answer() == (200, whole)
        for kind in (flipped, truncated, emptied):
            kind(path, Random(1))
            line.ask(asked(PATH, "Range: bytes=0-"))
            assert line.answer() == (206, whole)
            until(lambda: finished.service.jobs.under_way() == 0)


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["m4a", "opus", "flac", "vtt"])
def test_what_is_damaged_on_the_disk_is_not_sent(site: Site, ending: str) -> None:
    """A file of a format whose size is not known beforehand, or beside one, is whole or is made anew."""
    address = f"/audio/chair.{ending}?length=40s&download=1"
    whole = site.get(address).body
    for kind in (flipped, truncated, emptied):
        (path,) = site.service.cache.folder.rglob(f"*.{ending}")
        kind(path, Random(1))
        answer = site.get(address)
        assert answer.status == 200
        assert len(answer.body) == pytest.approx(len(whole), rel=0.05)
        assert answer.body != path.read_bytes() or seal.holds(path.name, BytesIO(answer.body))
