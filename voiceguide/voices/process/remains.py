"""What a process leaves behind when it is ended: others that it started, and its temporary files.

It imports nothing of ours, so that a process that speaks starts fast.
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
"""What a process, and all that it starts, is told its folder for temporary files by."""

_TRIES: Final = 100
_AGAIN: Final = 0.02  # seconds


def kill_group(leader: int) -> None:
    """Kill the process *leader*, which nobody has waited for yet, and all in its group."""
    if sys.platform == "win32":
        subprocess.run(  # a group cannot be killed there, a process with its children can
            ["taskkill", "/F", "/T", "/PID", str(leader)],  # noqa: S607
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    else:
        with suppress(ProcessLookupError, PermissionError):  # gone meanwhile
            os.killpg(leader, signal.SIGKILL)


def clear(folder: str) -> None:
    """Kill whoever has *folder* for its temporary files, in whatever group, but this process; remove it."""
    for _ in range(_TRIES):
        for pid in _having(folder):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
        if not Path(folder).exists():
            break
        time.sleep(_AGAIN)  # who is being killed may still write


def _having(folder: str) -> Iterator[int]:
    """Yield the processes that were started with *folder* in their environment; none but on Linux."""
    mark = os.fsencode(f"{TEMPORARY[0]}={folder}") + b"\0"
    for place in Path("/proc").glob("[0-9]*/environ"):
        pid = int(place.parent.name)
        with suppress(OSError):  # gone meanwhile, or somebody else's
            if pid != os.getpid() and mark in place.read_bytes():
                yield pid
