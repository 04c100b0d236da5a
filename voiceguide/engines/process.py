"""The parent's side of one speaking process: start it, ask it with a deadline, end it without a trace."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import IO, BinaryIO, Final, cast

from voiceguide.audio import Mono
from voiceguide.engines.onnx import UNTOLD
from voiceguide.engines.wire import BrokenWire, Header, WireEnded, receive, send

_TAIL_BYTES: Final = 4096
_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_TEMPORARY: Final = ("TMPDIR", "TEMP", "TMP")


class ProcessFailed(Exception):
    """The process died, hung or answered wrongly; the message says which, in the middle of a sentence."""


class SpeakingProcess:
    """One process with the engine *engine_path* (``module:Class``) in it. Asked by one thread at a time."""

    def __init__(self, engine_path: str) -> None:
        self._folder = tempfile.mkdtemp(prefix="voiceguide-")
        self._expired = False
        self._tail = b""
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "voiceguide.engines.child", engine_path, self._folder],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(self._folder),
                start_new_session=True,  # Ctrl-C in the terminal goes to the parent alone
                creationflags=_flags(),
            )
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise ProcessFailed(f"its process did not start ({error.strerror})") from error
        self._clock: SimpleQueue[float | None] = SimpleQueue()  # Ctrl-C in the middle of `put` leaves no lock
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._listener.start()
        self._watcher.start()

    def ask(self, request: Header, allowed: float) -> tuple[Header, Mono]:
        """Send *request* and return the answer; a process that takes more than *allowed* seconds is killed.

        Raises:
            ProcessFailed: if there is no answer. The process is of no more use: `end` it.
        """
        self._clock.put(allowed)
        try:
            send(cast(BinaryIO, self._process.stdin), request)
            answer = receive(cast(BinaryIO, self._process.stdout))
        except (BrokenWire, OSError) as error:
            raise ProcessFailed(self._why(error, allowed)) from error
        finally:
            self._clock.put(None)
        if self._expired:
            raise ProcessFailed(f"it gave no answer in {allowed:.0f} s")
        return answer

    def kill(self) -> None:
        """Kill the process and what it started, whatever it is doing. From any thread."""
        if self._process.poll() is not None:
            return
        if sys.platform == "win32":
            self._process.kill()
        else:
            with suppress(ProcessLookupError, PermissionError):  # gone meanwhile
                os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Kill the process, wait until it is gone, and give back its pipes and its temporary files."""
        self.kill()
        self._process.wait()
        self._clock.put(0.0)
        self._watcher.join()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            with suppress(OSError):  # a request it never read
                cast(IO[bytes], pipe).close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _watch(self) -> None:
        """Kill the process once its time is up, and be done; the clock tells how many seconds it has."""
        allowed: float | None = None
        with suppress(Empty):
            while True:
                allowed = self._clock.get(timeout=allowed)
        self._expired = True
        self.kill()

    def _listen(self) -> None:
        """Keep the end of what the process complains of, and only that; unread, it would fill its pipe."""
        stderr = self._process.stderr
        while stderr is not None and (chunk := os.read(stderr.fileno(), _TAIL_BYTES)):
            self._tail = (self._tail + chunk)[-_TAIL_BYTES:]

    def _why(self, error: Exception, allowed: float) -> str:
        if self._expired:
            return f"it gave no answer in {allowed:.0f} s"
        if isinstance(error, BrokenWire) and not isinstance(error, WireEnded):
            return str(error)
        with suppress(subprocess.TimeoutExpired):  # its last words come after its pipe has closed
            self._process.wait(1.0)
        self.kill()
        status = self._process.wait()
        self._listener.join()
        lines = self._tail.decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f"its process ended with status {status}" + (f" ({last[:200]})" if last else "")


def _flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP  # as start_new_session elsewhere
    return 0


def environment(folder: str) -> dict[str, str]:
    """Return the environment for a process that speaks: our modules, one thread, *folder* for its files."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path),  # noqa: PTH109
        **dict.fromkeys(_ONE_THREAD, "1"),
        **UNTOLD,
        **dict.fromkeys(_TEMPORARY, folder),
    }
