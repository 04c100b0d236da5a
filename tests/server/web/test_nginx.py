"""The site in docs/nginx.conf, in front of a server on loopback."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.server.web.conftest import Site
from tests.waiting import until

PATH = "/audio/chair.mp3"
CONFIG = Path(__file__).parents[3] / "docs" / "nginx.conf"
HOME = "http://home.example"
PLACES = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@pytest.fixture
def behind(site_of: Callable[..., Site], tmp_path: Path) -> Iterator[Site]:
    """A site as one asks nginx for it."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed here")
    site = site_of(accel="nginx", hosts=None, allowed=[HOME])
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    text = CONFIG.read_text()
    for written, here in (
        ("127.0.0.1:8765", f"127.0.0.1:{site.port}"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("/var/cache/nginx/voiceguide", f"{tmp_path}/found"),
        ("/var/cache/voiceguide", f"{tmp_path}/cache"),
    ):
        assert written in text
        text = text.replace(written, here)
    places = "".join(f"{place}_temp_path {tmp_path}/{place};" for place in PLACES)
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"daemon off; master_process off; pid {tmp_path}/nginx.pid; error_log {tmp_path}/nginx.log;"
        f"events {{}} http {{ {places}\n{text}\n}}\n"
    )
    with subprocess.Popen([nginx, "-c", str(config)], stderr=subprocess.DEVNULL) as running:
        try:
            until(lambda: _listens(port))
            yield replace(site, port=port)
        finally:
            running.terminate()


def _listens(port: int) -> bool:
    with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), timeout=1)):
        return True
    return False


def test_a_session_plays_on_when_it_is_finished(behind: Site) -> None:
    """Ranges asked for before, in the moment after, and later are the same session's, under one tag."""
    first = behind.get(PATH, Range="bytes=0-99999")
    assert first.status == 206
    behind.get(PATH)
    until(lambda: behind.service.jobs.under_way() == 0)
    for _ in range(20):
        again = behind.get(PATH, Range="bytes=0-99999")
        assert (again.status, again.body) == (206, first.body)
        for name in ("etag", "last-modified", "content-type", "cache-control", "x-content-type-options"):
            assert again.headers[name] == first.headers[name], name
    part = behind.get(PATH, Range="bytes=5-9", If_Range=first.headers["etag"])
    assert (part.status, part.body) == (206, first.body[5:10])


@pytest.mark.parametrize("ending", ["opus", "flac"])
def test_a_download_is_waited_for(behind: Site, ending: str) -> None:
    """A file that is whole only at its end comes whole, under its name, the first time too."""
    path = f"/audio/chair.{ending}?download=1"
    once, again = behind.get(path), behind.get(path)
    assert once.status == again.status == 200
    assert len(once.body) > 10_000
    assert once.body == again.body
    assert "chair-1.00" in once.headers["content-disposition"]
    assert once.headers["content-type"] == again.headers["content-type"]


def test_a_named_website_may_play_through_it(behind: Site) -> None:
    """What the server says of other websites stays said when nginx sends the file, and is theirs alone."""
    behind.get(PATH)
    until(lambda: behind.service.jobs.under_way() == 0)
    for _ in range(5):
        named, other = (behind.get(PATH, Origin=origin).headers for origin in (HOME, "http://evil.example"))
        assert named["cross-origin-resource-policy"] == "cross-origin"
        assert named["access-control-allow-origin"] == HOME
        assert other["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in other


def test_a_finished_session_is_asked_for_leave(behind: Site) -> None:
    """A browser's question before a request of a named website is answered as without nginx, made or not."""
    asking = {"Access_Control_Request_Method": "GET", "Access_Control_Request_Headers": "range"}
    for query in ("", "?download=0"):  # nginx has not been told yet where that is
        named, other = (
            behind.get(PATH + query, "OPTIONS", Origin=origin, **asking)
            for origin in (HOME, "http://evil.example")
        )
        assert (named.status, other.status) == (200, 200)
        assert named.headers["access-control-allow-origin"] == HOME
        assert "Range" in named.headers["access-control-allow-headers"]
        assert "access-control-allow-origin" not in other.headers
        assert behind.get(PATH + query, "DELETE").status == 405
        behind.get(PATH)
        until(lambda: behind.service.jobs.under_way() == 0)


def test_only_the_server_says_which_file(behind: Site) -> None:
    """Nobody asks for a finished file by its own address, nor past the question of who may have it."""
    behind.get(PATH)
    until(lambda: behind.service.jobs.under_way() == 0)
    (file,) = (each for each in behind.service.cache.folder.rglob("*.mp3") if each.is_file())
    for path in (f"/sessions/{file.relative_to(behind.service.cache.folder)}", "/found"):
        assert behind.get(path).status == 404
