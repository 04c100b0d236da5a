from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests.server.web.conftest import Site
from tests.site import served
from tests.speaker.conftest import House, MakeHouse, house_of
from tools.nonsense import TOKEN, ask, status, tried

__all__ = ["house_of"]

SERVERS = [(server, token) for server in ("page", "speaker") for token in (None, TOKEN)]
COUNT = 150

PortOf = Callable[[str, str | None], int]


@pytest.fixture
def port_of(site_of: Callable[..., Site], house_of: MakeHouse) -> Iterator[PortOf]:
    """Serves the page, or a speaker that hums, and gives the port."""
    with ExitStack() as serving:

        def make(server: str, token: str | None) -> int:
            if server == "page":
                return site_of(token=token).port
            return serving.enter_context(_speaker(house_of(), token))

        yield make


@contextmanager
def _speaker(house: House, token: str | None) -> Iterator[int]:
    with served(house.app(token=token), lambda: None) as server:
        yield server.port


@pytest.mark.parametrize(("server", "token"), SERVERS)
def test_nonsense_is_answered_with_no_word_of_ours_about_it(
    server: str, token: str | None, port_of: PortOf, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever bytes come as a request: an answer, no status 500, no traceback, and a server that lives."""
    port = port_of(server, token)
    with caplog.at_level(logging.WARNING):
        statuses, faults = tried(port, COUNT, seed=SERVERS.index((server, token)))
    assert faults == []
    assert len(statuses) > 4
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []
    assert status(ask(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")) in (200, 401)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"GET //?\xff HTTP/1.1", b""),
        (b"GET //\x80 HTTP/1.1", b""),
        (b"GET /\x00 HTTP/1.1", b""),
        (b"GET http://[/ HTTP/1.1", b""),
        (b"POST / HTTP/1.1", b"Content-Length: " + b"9" * 5000),
        (b"POST / HTTP/1.1", b"Expect: 100-continue\r\nContent-Length: x"),
    ],
    ids=["query", "path", "nul", "brackets", "digits", "expecting"],
)
@pytest.mark.parametrize("server", ["page", "speaker"])
def test_what_cannot_be_read_is_a_bad_request(
    server: str, line: bytes, field: bytes, port_of: PortOf
) -> None:
    """A target that is no address, and a length that is none, are told to be so at once."""
    port = port_of(server, None)
    assert status(ask(port, line + b"\r\nHost: localhost\r\n" + field + b"\r\n\r\n")) == 400


@pytest.mark.parametrize("server", ["page", "speaker"])
@pytest.mark.parametrize("shown", [b"Basic \xff", b"Basic =", b"Digest \xff", b"Bearer \xff", b"Bearer"])
def test_no_right_to_come_in_is_no_fault_of_ours(server: str, shown: bytes, port_of: PortOf) -> None:
    """Whatever is written where the token belongs, who does not show it is not let in."""
    port = port_of(server, TOKEN)
    asked = b"GET /now HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: " + shown
    assert status(ask(port, asked + b"\r\n\r\n")) == 401


def test_who_waits_to_be_told_to_send_nothing_is_answered(site: Site) -> None:
    """A request that has no body is answered, even if it asks whether it may send one."""
    asked = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\r\n"
    assert status(ask(site.port, asked)) == 200
