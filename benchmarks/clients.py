"""Clients to measure a server with: one that asks as fast as it can, and three hundred that listen."""

from __future__ import annotations

import re
import selectors
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field

RANGE = 64 * 1024
CONNECTIONS = 16


def requests_per_second(port: int, path: str, seconds: float = 3.0) -> tuple[float, str]:
    """Return how many ranges of 64 KiB a second 16 connections get, and what has asked for them."""
    header = f"Range: bytes=1000000-{1_000_000 + RANGE - 1}"
    url = f"http://127.0.0.1:{port}{path}"
    wrk = shutil.which("wrk")
    if wrk is not None:
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "-H", header, url]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = re.search(r"Requests/sec:\s*([\d.]+)", told)
        assert found is not None, told
        assert "Non-2xx" not in told, told
        return float(found[1]), "wrk"
    return asked_by_hand(port, path, header, seconds), "our own client"


def asked_by_hand(port: int, path: str, header: str, seconds: float) -> float:
    """Return the same, asked from Python: where it is the slower side, it hides how fast nginx is."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n".encode()
    room = bytearray(1 << 17)
    with selectors.DefaultSelector() as waiting:
        left: dict[socket.socket, int] = {}
        for _ in range(CONNECTIONS):
            line = socket.create_connection(("127.0.0.1", port))
            line.sendall(request)
            left[line] = -1
            waiting.register(line, selectors.EVENT_READ)
        answered, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            for key, _ in waiting.select(1.0):
                line = key.fileobj
                assert isinstance(line, socket.socket)
                got = line.recv_into(room)
                assert got, "the server hung up"
                if left[line] < 0:
                    head = bytes(room[:got]).index(b"\r\n\r\n") + 4
                    assert b" 206 " in room[:16]
                    left[line], got = RANGE, got - head
                left[line] -= got
                if not left[line]:
                    answered += 1
                    left[line] = -1
                    line.sendall(request)
        for line in left:
            line.close()
        return answered / seconds


@dataclass
class Listener:
    """Takes an MP3 at the rate it plays, and notes for how long it has ever had to wait."""

    line: socket.socket
    started: float
    taken: int = 0
    behind_since: float = 0.0
    longest_wait: float = 0.0
    head: bytes = field(default=b"", repr=False)


def listen(port: int, path: str, count: int, seconds: float, rate: int = 16_000) -> float:
    """Have *count* listeners take *rate* bytes a second each; return the longest that any was out of sound.

    Each begins with two seconds in hand, as a player does.
    """
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    listeners = []
    for _ in range(count):
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        line.connect(("127.0.0.1", port))
        line.sendall(request)
        line.setblocking(False)
        listeners.append(Listener(line, time.perf_counter()))
        take(listeners[-1], time.perf_counter(), rate)
    end = time.perf_counter() + seconds
    while (now := time.perf_counter()) < end:
        for each in listeners:
            take(each, now, rate)
        time.sleep(max(0.0, 0.1 - (time.perf_counter() - now)))
    for each in listeners:
        each.line.close()
    return max(each.longest_wait for each in listeners)


def take(listener: Listener, now: float, rate: int) -> None:
    """Read what *listener* can hold by *now*, and see whether it has run out."""
    played = int((now - listener.started) * rate)
    wanted = played + 2 * rate - listener.taken
    while wanted > 0:
        try:
            data = listener.line.recv(min(wanted, 65_536))
        except BlockingIOError:
            break
        assert data, "the server hung up"
        listener.taken += len(data)
        wanted -= len(data)
    if listener.taken >= played:
        listener.behind_since = 0.0
    elif listener.behind_since:
        listener.longest_wait = max(listener.longest_wait, now - listener.behind_since)
    else:
        listener.behind_since = now


if __name__ == "__main__":
    print(listen(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])))
