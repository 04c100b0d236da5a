"""Removes what a process leaves behind: processes that it started, and its temporary files.

It imports none of our modules, so that a speaking process starts fast.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

TEMPORARY: Final = ("TMPDIR", "TEMP", "TMP")
"""Environment variables that name the temporary folder of a process and all it starts."""

_TRIES: Final = 100
_AGAIN: Final = 0.02  # seconds


def kill_group(leader: int) -> None:
    """Kill the process *leader*, which has not been reaped, and all processes in its group."""
    if sys.platform == "win32":
        subprocess.run(  # Windows cannot kill a group, but a process with its children
            ["taskkill", "/F", "/T", "/PID", str(leader)],  # noqa: S607
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    else:
        with suppress(ProcessLookupError, PermissionError):  # ended meanwhile
            os.killpg(leader, signal.SIGKILL)


def clear(folder: str) -> None:
    """Kill every other process that has *folder* as its temporary folder, in any group, and remove it."""
    for _ in range(_TRIES):
        for pid in _having(folder):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
        if not Path(folder).exists():
            break
        time.sleep(_AGAIN)  # a process being killed may still write


def _having(folder: str) -> Iterator[int]:
    """Yield the processes started with *folder* in their environment; on Linux only."""
    mark = os.fsencode(f"{TEMPORARY[0]}={folder}") + b"\0"
    for place in Path("/proc").glob("[0-9]*/environ"):
        pid = int(place.parent.name)
        with suppress(OSError):  # ended meanwhile, or another user's
            if pid != os.getpid() and mark in place.read_bytes():
                yield pid
