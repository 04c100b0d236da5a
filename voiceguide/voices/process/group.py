"""Starts a process in a session of its own, and ends it with everything it started and its files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final, cast

from voiceguide.voices.engines.onnx import UNTOLD
from voiceguide.voices.process.remains import TEMPORARY, clear, kill_group

_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
TAIL_BYTES: Final = 4096
"""The last bytes kept of a process's standard error."""

_LOOK: Final = 0.003  # seconds between checks whether a process has ended


class ProcessGroup:
    """*command*, with a temporary folder of its own, `folder`, as its last argument.

    Its standard input is a pipe; *stdout* and *stderr* are as in `subprocess`, and without *stderr* its
    standard error goes into a file in its folder. The process is not reaped before `end`, so that its id
    stays valid and the processes it left behind can be killed.

    Raises:
        OSError: if it does not start.
    """

    def __init__(self, command: Sequence[str], stdout: int, stderr: int | None = None) -> None:
        self.folder = tempfile.mkdtemp(prefix="voiceguide-")
        self._ending = threading.Lock()
        self._ended = False
        self._said = Path(self.folder, "said.txt")
        try:
            with self._said.open("wb") as said:
                self._process = subprocess.Popen(
                    [*command, self.folder],
                    stdin=subprocess.PIPE,
                    stdout=stdout,
                    stderr=said if stderr is None else stderr,
                    env=environment(self.folder),
                    start_new_session=True,  # so that Ctrl-C in the terminal goes to the parent alone
                    creationflags=_flags(),
                )
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    @property
    def stdin(self) -> IO[bytes]:
        return cast(IO[bytes], self._process.stdin)

    @property
    def stdout(self) -> IO[bytes]:
        return cast(IO[bytes], self._process.stdout)

    @property
    def stderr(self) -> IO[bytes]:
        return cast(IO[bytes], self._process.stderr)

    def said(self) -> str:
        """Return the last line of the process's standard error, if that goes to its folder's file."""
        with self._said.open("rb") as file:
            file.seek(max(0, self._said.stat().st_size - TAIL_BYTES))
            return last_line(file.read())

    def over(self, timeout: float) -> bool:
        """Return whether the process has ended, waiting at most *timeout* seconds."""
        deadline = time.monotonic() + timeout
        while not self._is_over():
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK)
        return True

    def kill(self) -> None:
        """Kill the process and its group, in any state. From any thread."""
        with self._ending:
            if not self._ended:
                kill_group(self._process.pid)

    def end(self) -> int:
        """Kill the process and everything it started, wait for its end, and remove its files.

        Returns its exit status.
        """
        self.kill()
        with self._ending:
            self._ended = True
            status = self._process.wait()
        clear(self.folder)
        return status

    def _is_over(self) -> bool:
        if sys.platform == "win32" or not hasattr(os, "waitid"):
            return self._process.poll() is not None
        with suppress(ChildProcessError):
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        return True


def last_line(said: bytes) -> str:
    """Return the last line of *said* that is not blank; "" if there is none."""
    lines = said.decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")[:200]


def _flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP  # the equivalent of start_new_session
    return 0


def environment(folder: str) -> dict[str, str]:
    """Return the environment of a speaking process: our modules, one thread, *folder* for its files."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path),  # noqa: PTH109
        **dict.fromkeys(_ONE_THREAD, "1"),
        **UNTOLD,
        **dict.fromkeys(TEMPORARY, folder),
    }
