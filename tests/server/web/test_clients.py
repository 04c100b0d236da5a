"""Players that others have made, against a server on loopback."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.server.web.conftest import Site
from tests.waiting import until
from voiceguide.export.growing import GROWING

pytestmark = pytest.mark.slow


def program(name: str) -> str:
    """Return where *name* is; skip where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )


def address(site: Site, path: str) -> str:
    return f"http://127.0.0.1:{site.port}{path}"


def test_curl_resumes_a_download_of_a_session_nobody_has_made(site: Site, tmp_path: Path) -> None:
    """Part of a file first, the rest later: joined they are the session."""
    curl, target = program("curl"), tmp_path / "chair.mp3"
    url = address(site, "/audio/chair.mp3")
    assert run(curl, "-sf", "-r", "0-299999", "-o", str(target), url).returncode == 0
    assert target.stat().st_size == 300_000
    assert run(curl, "-sf", "-C", "-", "-o", str(target), url).returncode == 0
    assert target.read_bytes() == site.get("/audio/chair.mp3").body
    told = run(curl, "-sI", "-r", "99999999-", url).stdout
    assert "416" in told.splitlines()[0]


@pytest.mark.parametrize("ending", ["mp3", "wav", "m4a", "opus", "flac"])
def test_mpv_plays_every_format_and_seeks(site: Site, ending: str) -> None:
    """mpv plays from the start, and the last two seconds of a session it has not read up to there."""
    mpv = program("mpv")
    quiet = ("--no-config", "--ao=null", "--audio-display=no", "--untimed", "--ao-null-untimed=yes")
    asking = "--term-playing-msg=lasts ${duration}"
    url = address(site, f"/audio/chair.{ending}")
    begun = run(mpv, *quiet, asking, "--length=2", url)
    assert begun.returncode == 0, begun.stdout + begun.stderr
    if ending in GROWING:  # the length of these is known, and they can be sought in, when they are finished
        site.get(f"/audio/chair.{ending}?download=1")
        until(lambda: site.service.jobs.under_way() == 0)
    ended = run(mpv, *quiet, asking, "--start=-2", url)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "lasts 00:01:00" in ended.stdout


class Mpd:
    """A Music Player Daemon with nothing but a null output, spoken to by its protocol."""

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "mpd.sock"
        config = folder / "mpd.conf"
        config.write_text(
            f'bind_to_address "{self._socket}"\ndb_file "{folder}/db"\nlog_file "{folder}/log"\n'
            'audio_output {\n type "null"\n name "nothing"\n}\n'
        )
        self._running = subprocess.Popen(
            [program("mpd"), "--no-daemon", str(config)], stderr=subprocess.DEVNULL
        )
        until(self._listens)

    def _listens(self) -> bool:
        with closing(socket.socket(socket.AF_UNIX)) as line:
            return line.connect_ex(str(self._socket)) == 0

    def ask(self, command: str) -> dict[str, str]:
        with closing(socket.socket(socket.AF_UNIX)) as line:
            line.settimeout(30)
            line.connect(str(self._socket))
            with line.makefile("rw") as talk:
                talk.readline()
                talk.write(command + "\n")
                talk.flush()
                answer: dict[str, str] = {}
                while (said := talk.readline().rstrip()) != "OK":
                    assert said[:3] not in ("", "ACK"), said
                    name, _, value = said.partition(": ")
                    answer[name] = value
        return answer

    def close(self) -> None:
        self._running.terminate()
        self._running.wait(30)


@pytest.fixture
def mpd(tmp_path: Path) -> Iterator[Mpd]:
    made = Mpd(tmp_path)
    yield made
    made.close()


def test_mpd_plays_and_seeks(site: Site, mpd: Mpd) -> None:
    """MPD plays a session's address, knows its length, and seeks in what is not made yet."""
    mpd.ask(f'add "{address(site, "/audio/chair.mp3?length=4m")}"')
    mpd.ask("play 0")
    until(lambda: float(mpd.ask("status").get("elapsed", "0")) > 0.2)
    assert round(float(mpd.ask("status")["duration"])) == 240
    mpd.ask("seekcur 200")
    until(lambda: float(mpd.ask("status").get("elapsed", "0")) > 200.2)
    assert mpd.ask("status")["state"] == "play"


def test_gpodder_subscribes_and_downloads(site: Site, tmp_path: Path) -> None:
    """A podcast app takes the feed, lists its episodes, and downloads them whole."""
    gpo = program("gpo")
    home = {"GPODDER_HOME": str(tmp_path / "gpodder"), "HOME": str(tmp_path)}
    assert run(gpo, "subscribe", address(site, "/feed.xml"), **home).returncode == 0
    listed = run(gpo, "episodes", **home).stdout
    assert "Back to the chair" in listed
    run(gpo, "download", **home)
    files = sorted((tmp_path / "gpodder").rglob("*.mp3"))
    assert len(files) == 4, listed
    sizes = sorted(int(size) for size in re.findall(r'length="(\d+)"', site.get("/feed.xml").body.decode()))
    assert sorted(file.stat().st_size for file in files) == sizes


def test_ffprobe_reads_the_address(site: Site) -> None:
    """ffprobe sees the exact length of a session that is not made yet."""
    probe = program("ffprobe")
    asked = ("-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0")
    told = run(probe, *asked, address(site, "/audio/chair.wav?length=2m"))
    assert float(told.stdout) == 120.0
