"""Locks between processes: a lock on a file, released when its holder ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

try:
    import fcntl
except ImportError:  # Windows: no process waits for another
    fcntl = None  # type: ignore[assignment]

_PATIENCE: Final = 30.0
"""In seconds: longer than a line takes, so that a stopped process does not block the others."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock on the file *path*, which is created, while the block runs; other processes wait.

    If the file cannot be locked, or not within `_PATIENCE`, the block runs without the lock.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("ab")
    except OSError:
        yield
        return
    with lock:  # closing the file releases the lock, as does the end of the process
        _wait_for(lock)
        yield


def _wait_for(lock: IO[bytes]) -> None:
    until = time.monotonic() + _PATIENCE
    while fcntl is not None:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return
            time.sleep(0.02)
        except OSError:
            return
        else:
            return
