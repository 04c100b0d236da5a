"""Serving for long: what the server holds after 20,000 requests of every kind, against after 1,000."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

import psutil

from benchmarks.report import Result
from voiceguide.files.folders import shipped
from voiceguide.script.library import Library

ALL: Final = int(os.environ.get("REQUESTS", "20000"))
"""How many requests; fewer for a shorter look."""

FIRST: Final = ALL // 20
CLIENTS: Final = 4
"""Who asks side by side."""

WATCHED: Final = """
import ctypes, gc, signal, sys
from collections import Counter

class Told(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks",
        "keepcost")]

def tell(*_):
    lines = []
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallinfo2"):
        libc.mallinfo2.restype = Told
        told = libc.mallinfo2()
        lines.append(f"malloc: {told.uordblks >> 20} MB in use, {told.fordblks >> 20} MB free in its arenas, "
                     f"{told.hblkhd >> 20} MB of large blocks")
    lines.append(f"Python: {sys.getallocatedblocks()} blocks, {len(gc.get_objects())} containers")
    ours = Counter(f"{type(each).__module__}.{type(each).__name__}" for each in gc.get_objects())
    lines.append("most: " + ", ".join(f"{count} {name}" for name, count in ours.most_common(12)))
    lines.append("ours: " + ", ".join(
        f"{count} {name}" for name, count in ours.most_common() if name.startswith("voiceguide"))[:1500])
    with open(WHERE, "w") as file:
        file.write("\\n".join(lines) + "\\n")

WHERE = sys.argv.pop(1)
signal.signal(signal.SIGUSR1, tell)
from voiceguide.cli import main
sys.exit(main())
"""
"""`voiceguide`, which tells what it holds when it is sent SIGUSR1."""


@contextmanager
def watched(folder: Path) -> Iterator[tuple[int, psutil.Process, Path]]:
    """Run `voiceguide serve` below *folder*; give its port, it, and where it tells what it holds."""
    told = folder / "told"
    command = [sys.executable, "-u", "-c", WATCHED, str(told), "serve", "--port", "0"]
    places = {"VOICEGUIDE_CACHE": str(folder / "cache"), "VOICEGUIDE_DATA": str(folder / "data")}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **places}
    ) as running:
        try:
            assert running.stdout is not None
            found = re.search(r":(\d+)/", running.stdout.readline())
            assert found is not None
            yield int(found[1]), psutil.Process(running.pid), told
        finally:
            running.terminate()


def addresses(seed: int) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield methods, addresses and headers, without end: what pages, players, apps and others ask."""
    chance = Random(seed)
    names = Library([shipped("scripts")]).names()
    while True:
        name = chance.choice(names)
        voice = f"voice=hum&name=n{chance.randrange(100_000)}" if chance.random() < 0.3 else "voice=hum"
        sound = chance.choice(("mp3", "mp3", "mp3", "wav", "m4a", "opus", "flac"))
        first = chance.randrange(0, 400_000)
        some = {"Range": f"bytes={first}-{first + chance.choice((99, 65_535))}"}
        yield chance.choice(
            (
                ("GET", "/", {"Accept": "text/html"}),
                ("GET", f"/session/{name}?{voice}", {"Accept": "text/html"}),
                ("GET", f"/read/{name}?{voice}", {"Accept": "text/html"}),
                ("GET", f"/audio/{name}.{sound}?{voice}", some),
                ("GET", f"/audio/{name}.mp3?{voice}", some),
                ("GET", f"/audio/{name}.mp3?{voice}", {"If-None-Match": "*"}),
                ("HEAD", f"/audio/{name}.mp3?{voice}", {}),
                ("GET", f"/audio/{name}.vtt?{voice}", {}),
                ("GET", f"/audio/{name}.chapters.json?{voice}", {}),
                ("GET", f"/cover/{name}.jpg?size=128", {}),
                ("GET", "/feed.xml?voice=hum", {}),
                ("GET", f"/api/scripts/{name}?{voice}", {}),
                ("GET", f"/api/state/{name}?{voice}", {}),
                ("GET", "/api/scripts", {}),
                ("GET", "/healthz", {}),
                ("GET", f"/audio/{name}.exe", {}),
                ("GET", f"/session/none-{chance.randrange(10**6)}", {"Accept": "text/html"}),
                ("GET", f"/audio/{name}.mp3?length=99h", {}),
                ("GET", "/static/style.css", {}),
                ("GET", f"/audio/ground-now.mp3?voice=hum&seed={chance.randrange(1000)}", some),
            )
        )


def ask(port: int, seed: int, count: int) -> int:
    """Ask *count* times, and return how often the server failed (status 500, or no answer)."""
    failed = 0
    asked = addresses(seed)
    for _ in range(count):
        method, address, headers = next(asked)
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
                connection.request(method, address, headers={"Host": "localhost", **headers})
                response = connection.getresponse()
                response.read(200_000)
                failed += response.status == 500
        except (OSError, HTTPException):
            failed += 1
    return failed


def all_results() -> Iterator[Result]:
    with TemporaryDirectory() as name, watched(Path(name)) as (port, running, told):
        figures, failed = [], 0
        with ThreadPoolExecutor(CLIENTS) as pool:
            done = 0
            for goal in (FIRST, *range(2 * FIRST, ALL, 2 * FIRST), ALL):
                each = (goal - done) // CLIENTS
                failed += sum(pool.map(lambda seed: ask(port, seed, each), range(done, done + CLIENTS)))  # noqa: B023
                done = goal
                figures.append(running.memory_info().rss / 1e6)
                print(f"  {done} requests: {figures[-1]:.0f} MB", file=sys.stderr, flush=True)
        running.send_signal(signal.SIGUSR1)
        while not told.exists() or not told.read_text().endswith("\n"):
            time.sleep(0.1)
        print(*(f"  {line}" for line in told.read_text().splitlines()), sep="\n", file=sys.stderr)
        detail = f"{figures[-1]:.0f} MB / {figures[0]:.0f} MB"
        yield Result(f"memory after {ALL} requests / after {FIRST}", figures[-1] / figures[0], 1.3, detail)
        yield Result("requests that failed", failed, 0, "status 500, or no answer")
