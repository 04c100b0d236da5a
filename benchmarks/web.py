"""Serving: the first bytes of an unmade session, the middle of one, many listeners, and against nginx."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.clients import requests_per_second
from benchmarks.report import Result, in_turn, seconds
from benchmarks.spine import OPENING, SCRIPT, take
from tests.server.web.signing import earlier
from voiceguide.audio import frames
from voiceguide.export.encoding.codecs import codec
from voiceguide.plan.wishes import Wishes
from voiceguide.server.limits import Limits
from voiceguide.server.service import Service
from voiceguide.server.web import create_app, state_of
from voiceguide.server.web.hosting import Host
from voiceguide.session import Studio
from voiceguide.store import FolderStore, MemoryStore
from voiceguide.voices.process.worker import Workers

LISTENERS = 300
LISTENING_SECONDS = 30.0
TOKEN = "benchmark"
NGINX = Path(__file__).parent.parent / "docs" / "nginx.conf"


def all_results() -> Iterator[Result]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx's workers read there
        os.environ["VOICEGUIDE_CACHE"] = str(folder / "cache")
        with (
            Studio(store=FolderStore(folder / "cache")) as studio,
            site(studio, folder / "cache") as (port, service),
        ):
            yield opening(studio, service, port)
            yield middle(studio, service, port)
            yield together(port, service)
        with process(folder, "--token", TOKEN) as (port, running):
            path = finished(port)
            yield from listeners(port, path, running)
            yield from against_nginx(folder, port, path)


@contextmanager
def site(studio: Studio, cache: Path) -> Iterator[tuple[int, Service]]:
    """Serve *studio* on a port of its own, in this process."""
    app = create_app(studio, folder=cache, limits=Limits(listeners=60, linger=0.01))
    host = Host(app, "127.0.0.1", 0)
    thread = threading.Thread(target=host.run)
    thread.start()
    service = state_of(app).service
    try:
        yield host.port, service
    finally:
        service.close()
        host.stop()
        thread.join()


@contextmanager
def process(folder: Path, *options: str) -> Iterator[tuple[int, psutil.Process]]:
    """Run `voiceguide serve` in a process of its own."""
    command = [sys.executable, "-u", "-m", "voiceguide", "serve", "--port", "0", *options]
    environment = {**os.environ, "VOICEGUIDE_CACHE": str(folder / "cache")}
    environment["VOICEGUIDE_DATA"] = str(folder / "data")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        try:
            assert running.stdout is not None
            found = re.search(r":(\d+)/", running.stdout.readline())
            assert found is not None
            yield int(found[1]), psutil.Process(running.pid)
        finally:
            running.terminate()


def get(port: int, path: str, first: int = 0, last: int | None = None) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=600)
    ending = "" if last is None else last
    connection.request("GET", path, headers={"Range": f"bytes={first}-{ending}", "Host": "localhost"})
    response = connection.getresponse()
    data = response.read()
    connection.close()
    assert response.status in (200, 206), data
    return data


def rest(studio: Studio, service: Service) -> None:
    """Wait until nothing is made or spoken: what the listener before has set going is not this one's."""
    while service.jobs.under_way():
        time.sleep(0.05)
    for speaking in [studio._speakers.submit(int) for _ in range(4 * studio.jobs)]:
        speaking.result()


_fresh = count()


def fresh() -> str:
    """Return the address of a session that nobody has asked for: the same lines, another key."""
    return f"/audio/{SCRIPT}.mp3?voice=piper&name=n{next(_fresh)}"


def opening(studio: Studio, service: Service, port: int) -> Result:
    """The first 64 KiB of a cold session over HTTP, against what they cost alone; model loaded for both."""
    casting = studio.cast("piper", "en")[0]
    assert isinstance(casting.engine, Workers)
    list(studio.session("grounding-chair", Wishes(voice="piper")).cues())
    get(port, "/audio/grounding-chair.mp3?voice=piper", 0, OPENING)
    session = studio.session(SCRIPT, Wishes(voice="piper"))
    store = studio.store

    def ours() -> float:
        rest(studio, service)
        studio.store = MemoryStore()
        path = fresh()
        return seconds(lambda: get(port, path, 0, OPENING - 1))

    def theirs() -> float:
        rest(studio, service)
        heard = [cue for cue in session.planned() if cue.start < frames(4.1) and hasattr(cue, "line")]
        speaking = seconds(
            lambda: [casting.engine.speak(cue.line.text, casting.voice, cue.line.pace) for cue in heard]
        )
        list(session.cues())
        stream = session.stream("mp3")
        return speaking + seconds(lambda: take(stream.read(0, OPENING - 1)))

    ratio, mine, other = in_turn(ours, theirs, times=7)
    studio.store = store
    detail = f"{mine:.2f} s / {other:.2f} s"
    return Result("first 64 KiB over HTTP, cold / those bytes alone", ratio, 1.5, detail)


def middle(studio: Studio, service: Service, port: int) -> Result:
    """64 KiB in the middle of an unmade session whose clips are cached, against encoding one segment."""
    session = studio.session(SCRIPT, Wishes(voice="piper"))
    list(session.cues())
    size = session.stream("mp3").size
    row, half = codec("mp3"), size // 2

    def ours() -> float:
        rest(studio, service)
        path = fresh()
        return seconds(lambda: get(port, path, half, half + OPENING - 1))

    def theirs() -> float:
        rest(studio, service)
        return seconds(lambda: list(row.encode(session.block, session.length, 31, row.bitrate)))

    ratio, mine, other = in_turn(ours, theirs, times=7)
    detail = f"{mine * 1000:.0f} ms / {other * 1000:.0f} ms"
    return Result("64 KiB in the middle, unmade / encoding a segment", ratio, 1.5, detail)


def together(port: int, service: Service) -> Result:
    """How often a session is made that fifty clients ask for at once."""
    before, path, ready = service.jobs.begun, fresh(), threading.Barrier(50)

    def client() -> None:
        ready.wait()
        get(port, path)

    threads = [threading.Thread(target=client) for _ in range(50)]

    def all_of_them() -> None:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    took = seconds(all_of_them)
    return Result(
        "makings for 50 clients at once", service.jobs.begun - before, 1, f"all served in {took:.1f} s"
    )


def finished(port: int) -> str:
    """Have a session made, and return its address."""
    path = f"{earlier(TOKEN, f'/audio/{SCRIPT}.mp3')}&voice=hum"
    get(port, f"{path}&download=1")
    while b'"making":0' not in get(port, "/healthz").replace(b" ", b""):
        time.sleep(0.1)
    return path


def listeners(port: int, path: str, running: psutil.Process) -> Iterator[Result]:
    """Three hundred people listen to a finished session at the rate it plays."""
    before = running.cpu_times()
    command = [
        sys.executable,
        "-m",
        "benchmarks.clients",
        str(port),
        path,
        str(LISTENERS),
        str(LISTENING_SECONDS),
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used, memory = running.cpu_times(), running.memory_info().rss / 1e6
    cpu = (used.user + used.system - before.user - before.system) / LISTENING_SECONDS
    yield Result(
        f"{LISTENERS} listeners: longest stall, s", float(told), 1.0, f"over {LISTENING_SECONDS:g} s"
    )
    yield Result(f"{LISTENERS} listeners: memory, MB", memory, 300, "resident, of the server")
    yield Result(f"{LISTENERS} listeners: processors", cpu, 1.0, "of the server")


def against_nginx(folder: Path, port: int, path: str) -> Iterator[Result]:
    """Requests a second for ranges of 64 KiB: alone, and with nginx in front, as a share of nginx's own."""
    if shutil.which("nginx") is None:
        print("skip: nginx is not here, and it is what serving is measured by", file=sys.stderr)
        return
    with process(folder, "--token", TOKEN, "--accel", "nginx") as (behind, _), nginx(folder, behind) as front:
        file = next((folder / "cache" / "sessions").glob("??/*.mp3"))
        plain = f"/plain/{file.parent.name}/{file.name}"
        get(front, path, 0, 10)
        for name, at, least in (("alone", port, 0.1), ("behind nginx", front, 0.7)):
            by = ""

            def rate(where: int, what: str) -> float:
                nonlocal by
                found, by = requests_per_second(where, what)
                return found

            share, mine, theirs = in_turn(lambda at=at: rate(at, path), lambda: rate(front, plain))  # type: ignore[misc]
            detail = f"{mine:.0f}/s / {theirs:.0f}/s, asked by {by}"
            yield Result(f"64 KiB ranges a second, {name} / nginx", share, least, detail, at_least=True)


@contextmanager
def nginx(folder: Path, behind: int) -> Iterator[int]:
    """Run nginx as the documentation says, and with a folder of plain files beside it."""
    front = behind + 1
    server = f"listen 127.0.0.1:{front}; access_log off; "
    server += f"location /plain/ {{ alias {folder}/cache/sessions/; }}"
    text = NGINX.read_text()
    for written, here in (
        ("127.0.0.1:8765", f"127.0.0.1:{behind}"),
        ("listen 80;", server),
        ("/var/cache/nginx/voiceguide", f"{folder}/found"),
        ("/var/cache/voiceguide", f"{folder}/cache"),
    ):
        assert written in text
        text = text.replace(written, here)
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"worker_processes auto; pid {folder}/nginx.pid; error_log {folder}/nginx.log; daemon off;"
        f"events {{}} http {{ keepalive_requests 1000000; {places}\n{text}\n}}\n"
    )
    command = ["nginx", "-c", str(config)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        try:
            while not (folder / "nginx.pid").exists() and running.poll() is None:
                pass
            yield front
        finally:
            running.terminate()
