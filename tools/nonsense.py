"""``python -m tools.nonsense [--count N] [--seed N]``: what no client should send, against real servers.

Requests of random bytes go to `voiceguide serve` and `voiceguide speaker`, with and without a token. Each has
to be answered, with no status 500, and no traceback may come out, there or in the log.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

TOKEN: Final = "a-token"  # noqa: S105  # of servers that live for a minute
PATIENCE: Final = 300.0
"""Seconds for an answer: more than speaking a whole session takes on a busy machine."""

_ENOUGH: Final = 4096
_PATHS: Final = (
    "/", "//", "//?", "/audio/ground-now.mp3", "/audio/body-scan.wav", "/audio/ground-now.vtt",
    "/audio/ground-now.chapters.json", "/audio/ground-now.svg", "/audio/none.mp3", "/session/ground-now",
    "/read/body-scan", "/program/none", "/program/none/feed.xml", "/cover/ground-now.jpg", "/feed.xml",
    "/static/style.css", "/static/../x", "/api/scripts", "/api/scripts/ground-now", "/api/state/ground-now",
    "/api/openapi.json", "/healthz", "/prepare/ground-now", "/speaker/play/ground-now", "/now", "/queue",
    "/schedule", "/volume", "/command", "/sleep", "/pause", "/queue/clear", "*", "localhost:80",
)  # fmt: skip
_QUERIES: Final = (
    "length=1m", "length=", "length=9h", "voice=hum", "voice=%2e%2e", "level=-20", "level=NaN", "seed=1",
    "rungs=99999", "name=%00", "name=%ff", "part=rung-1", "bitrate=7", "download=2", "size=512",
    "size=%C2%B2", "sig=%ff", "sig=0", "token=%ff", f"token={TOKEN}", "option.=1", "=", "&&&&", "%", "%%%",
    "%zz", "a=b=c", ";",
)  # fmt: skip
_METHODS: Final = ("GET",) * 12 + ("HEAD", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "TRACE",
                                   "CONNECT", "PATCH", "get", "G\xcbT", "!#$%", "PRI", "M" * 300, ""
)  # fmt: skip
_VERSIONS: Final = ("HTTP/1.1",) * 12 + ("HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/9.9", "HTTP/1.x", "", "X")
_HEADERS: Final = {
    "Range": ("bytes=0-99", "bytes=-1", "bytes=5-2", "bytes=-", "bytes=0-" + "9" * 30, "lines=1-2",
              "bytes=0-0,5-9"),
    "If-Range": ('"x"', "Fri, 27 Nov 2026 20:00:00 GMT", "W/"),
    "If-None-Match": ("*", '"x"', 'W/"x", "y"', '"'),
    "If-Modified-Since": ("Fri, 27 Nov 2026 20:00:00 GMT", "Fri, 99 Zzz 0000 99:99:99 XXX", "0"),
    "Cookie": ("voiceguide=x", "voiceguide=", "=;=;=", 'voiceguide="\\777"', "a" * 3000),
    "Authorization": (f"Bearer {TOKEN}", "Bearer", "Basic !!!", "Basic YQ==", "Digest a=b,=,",
                      "Negotiate", ":"),
    "Host": ("localhost", "127.0.0.1:1", "evil.example", "[::1]", "[", "a:b:c", "localhost:99999999", ""),
    "X-Forwarded-Proto": ("https", "javascript", "https,http"),
    "X-Forwarded-Host": ("evil.example", "["),
    "X-Forwarded-For": ("1.2.3.4", "unknown, ::"),
    "Accept": ("text/html", "*/*;q=1e999", "text/html;q=nan", "application/json;q=-1", ";;;,,,", "a/b/c"),
    "Accept-Language": ("de;q=x", "*"),
    "Origin": ("null", "http://evil.example", "http://["),
    "Sec-Fetch-Site": ("cross-site", "none"),
    "Content-Type": ("application/json", "text/plain; charset=nonsense", "multipart/form-data; boundary=",
                     "x"),
    "Expect": ("100-continue", "417"),
    "Connection": ("upgrade", "keep-alive, close"),
    "Upgrade": ("h2c", "websocket"),
    "Content-Encoding": ("gzip",),
    "Content-Length": ("-1", "1e3", "0x10", "9" * 5000, "0", "+0", "\xb2"),
    "Transfer-Encoding": ("gzip", "chunked, gzip", "\xa0chunked"),
}  # fmt: skip
_BODIES: Final = (
    "", "{}", "[]", "null", "{", '{"script": "none"}', '{"volume": 1e999}', '{"volume": NaN}',
    '{"at": "99:99"}',
    '{"command": "\\ud800"}', "[" * 3000, '{"script": 1}', '{"after": -1}', "\x00\xff", "a=b",
    '"' + "x" * 5000,
)  # fmt: skip


def requests(seed: int) -> Iterator[bytes]:
    """Yield requests without end, the same for the same *seed*."""
    chance = Random(seed)  # noqa: S311
    while True:
        yield _request(chance)


def _request(chance: Random) -> bytes:
    method, version = chance.choice(_METHODS), chance.choice(_VERSIONS)
    target = _spoilt(chance, _target(chance), 0.3)
    names = chance.sample(list(_HEADERS), chance.choice((0, 1, 1, 2, 3, 6)))
    # A length that reads, without as much to follow, is waited for, and rightly.
    often = {"Content-Length": 0.0, "Transfer-Encoding": 0.0}
    lines = [
        f"{name}: ".encode() + _spoilt(chance, chance.choice(_HEADERS[name]), often.get(name, 0.3))
        for name in names
    ]
    if "Host" not in names and chance.random() < 0.95:
        lines.append(b"Host: localhost")
    if method == "POST" and chance.random() < 0.3:
        lines.append(b"Content-Type: application/json")
    if "Connection" not in names:
        lines.append(b"Connection: close")
    body = b""
    if method in ("POST", "PUT", "PATCH") and not {"Content-Length", "Transfer-Encoding"} & set(names):
        body = _spoilt(chance, chance.choice(_BODIES), 0.2)
        lines.append(f"Content-Length: {len(body)}".encode())
    if chance.random() < 0.1:
        lines.append(_bytes(chance, chance.choice((1, 20, 300))).replace(b"\n", b""))
    chance.shuffle(lines)
    first = b" ".join((method.encode("latin-1"), target, version.encode()))
    return b"\r\n".join([first, *lines, b"", body])


def _target(chance: Random) -> str:
    path = chance.choice(_PATHS)
    if chance.random() < 0.15:
        path = "/" * chance.choice((1, 2, 3)) + "%" + f"{chance.randrange(256):02x}" * chance.choice((1, 40))
    if chance.random() < 0.1:
        path = (
            chance.choice(("http://localhost", "http://[", "http://[::1]:x", "ftp://a@b:c", "://", "http:"))
            + path
        )
    if chance.random() < 0.4:
        path += "?" + "&".join(chance.choices(_QUERIES, k=chance.choice((1, 2, 5, 30))))
    if chance.random() < 0.03:
        path += chance.choice("/a%?#") * chance.choice((900, 9000, 20_000))
    if chance.random() < 0.05:
        path += "#" + path
    return path


def _spoilt(chance: Random, text: str, often: float) -> bytes:
    """Return *text* with, as *often* as that, some bytes put in, left out or turned."""
    data = bytearray(text.encode("latin-1"))
    if chance.random() < often:
        for _ in range(chance.choice((1, 1, 2, 5))):
            at = chance.randrange(len(data) + 1)
            if chance.random() < 0.3:
                del data[at : at + chance.choice((1, 3))]
            else:
                # A line's end ends the request too early, and then two are answered.
                data[at : at + chance.choice((0, 1))] = _bytes(chance, 1).replace(b"\n", b"\x00")
    return bytes(data)


def _bytes(chance: Random, count: int) -> bytes:
    usual = chance.choice((b"\x00\xff\x80\t\x0b\r%/?#[]@:;=&", bytes(range(256))))
    return bytes(chance.choices(usual, k=count))


def ask(port: int, request: bytes, patience: float = PATIENCE) -> bytes:
    """Send *request* and return the beginning of the answer, up to its end or some thousand bytes.

    Raises:
        OSError: if there is no answer in time.
    """
    with closing(socket.create_connection(("127.0.0.1", port), timeout=patience)) as line:
        answer = b""
        try:
            line.sendall(request)
            bodiless = request.startswith(b"HEAD ")
            while len(answer) < _ENOUGH and not _whole(answer, bodiless) and (part := line.recv(_ENOUGH)):
                answer += part
        except ConnectionError:  # refused while it was still sent
            pass
        return answer


def _whole(answer: bytes, bodiless: bool) -> bool:
    head, ended, body = answer.partition(b"\r\n\r\n")
    if head.startswith(b"HTTP/1.1 100"):
        return bool(body) and _whole(body, bodiless)
    found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return bool(ended) and (bodiless or (found is not None and len(body) >= int(found[1])))


def status(answer: bytes) -> int:
    """Return the status of *answer*; 0 where it is none."""
    found = re.match(rb"(?:HTTP/1\.1 100 Continue\r\n\r\n)?HTTP/1\.[01] (\d{3}) ", answer)
    return int(found[1]) if found is not None else 0


def fault(answer: bytes) -> str:
    """Return what is wrong with *answer*, "" if nothing is."""
    if not status(answer):
        return "no answer"
    if status(answer) == 500:
        return "status 500"
    return "a traceback" if b"Traceback" in answer else ""


@contextmanager
def running(folder: Path, *words: str) -> Iterator[tuple[int, subprocess.Popen[str], Path]]:
    """Run ``voiceguide`` *words* with everything below *folder*; give its port, it, and its log."""
    log = folder / f"{'-'.join(words).strip('-')}.log"
    command = [sys.executable, "-u", "-m", "voiceguide", *words, "--port", "0"]
    environment = {
        **os.environ,
        "VOICEGUIDE_CACHE": str(folder / "cache"),
        "VOICEGUIDE_DATA": str(folder / "data"),
    }
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        ) as process,
    ):
        try:
            assert process.stdout is not None
            found = re.search(r":(\d+)/", process.stdout.readline())
            assert found is not None, log.read_text()
            yield int(found[1]), process, log
        finally:
            process.terminate()


def tried(port: int, count: int, seed: int) -> tuple[Counter[int], list[tuple[str, bytes]]]:
    """Send *count* requests, and return how often each status came and what was wrong with which."""
    statuses: Counter[int] = Counter()
    faults = []
    for request in islice(requests(seed), count):
        try:
            answer = ask(port, request)
        except OSError as error:
            faults.append((f"hangs ({error})", request))
            continue
        statuses[status(answer)] += 1
        if wrong := fault(answer):
            faults.append((wrong, request))
    return statuses, faults


def main(words: Sequence[str] | None = None) -> int:
    """Print what each server answered; return 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.nonsense", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="requests, over all servers")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(words)
    wrong = 0
    servers = [(name, *token) for name in ("serve", "speaker") for token in ((), ("--token", TOKEN))]
    for number, server in enumerate(servers):
        with TemporaryDirectory() as folder, running(Path(folder), *server) as (port, process, log):
            statuses, faults = tried(port, given.count // len(servers), given.seed + number)
            if process.poll() is not None or b" 200 " not in ask(
                port, b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"
            ):
                faults.append(("dead", b""))
            said = log.read_text()
            faults += (
                [("in the log", said.encode())] if re.search(r"Traceback|unforeseen|uncaptured", said) else []
            )
        print(" ".join(server), dict(sorted(statuses.items())), f"{len(faults)} faults", flush=True)
        for what, request in faults[:20]:
            print(f"  {what}: {request[:600]!r}", flush=True)
        wrong += len(faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
