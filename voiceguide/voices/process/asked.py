"""The parent's side of one speaking process: starts it, sends requests with a deadline, and ends it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import BinaryIO, Final, cast

from voiceguide.audio import Mono
from voiceguide.voices.process.group import TAIL_BYTES, ProcessGroup, last_line
from voiceguide.voices.process.wire import BrokenWire, Header, WireEnded, receive, send

_LOOK: Final = 0.5  # seconds between checks whether the process still exists
_LAST_WORDS: Final = 1.0  # seconds to wait for a process's output as it ends

_Answer = tuple[Header, Mono] | Exception


class ProcessFailed(Exception):
    """The process died, hung or sent an invalid answer; the message says which, as a part of a sentence.

    If `died`, another process may succeed.
    """

    def __init__(self, message: str, *, died: bool = False) -> None:
        super().__init__(message)
        self.died = died


class SpeakingProcess:
    """A process with the engine *engine_path* (``module:Class``) in it. Used by one thread at a time.

    Calls that may block, because child processes left behind hold a pipe open, run on a thread of their own,
    so that callers never wait longer than allowed.
    """

    def __init__(self, engine_path: str) -> None:
        self._tail = b""
        command = [sys.executable, "-P", "-m", "voiceguide.voices.process.child", engine_path]
        try:
            self._group = ProcessGroup(command, subprocess.PIPE, subprocess.PIPE)
        except OSError as error:
            raise ProcessFailed(f"its process did not start ({error.strerror})") from error
        self._requests: SimpleQueue[tuple[Header, int] | None] = (
            SimpleQueue()
        )  # so that Ctrl-C inside `put` leaves no lock held
        self._answers: SimpleQueue[_Answer] = SimpleQueue()
        self._talker = threading.Thread(target=self._talk, daemon=True)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        try:
            self._talker.start()
            self._listener.start()
        except RuntimeError as error:  # no more threads can be started
            self._group.end()
            raise ProcessFailed(f"its process cannot be listened to ({error})") from error

    def ask(self, request: Header, allowed: float, most: int) -> tuple[Header, Mono]:
        """Send *request* and return the answer; after *allowed* seconds the process and its group are killed.

        An answer of more than *most* frames is refused before it is read.

        Raises:
            ProcessFailed: if there is no valid answer. The process cannot be used again: `end` it.
        """
        self._requests.put((request, most))
        answer = self._answer(time.monotonic() + allowed)
        if answer is None:
            self.kill()
            raise ProcessFailed(f"it gave no answer in {allowed:.0f} s")
        if isinstance(answer, WireEnded | OSError):
            raise ProcessFailed(self._last_words(), died=True) from answer
        if isinstance(answer, Exception):
            raise ProcessFailed(str(answer)) from answer
        return answer

    def _answer(self, deadline: float) -> _Answer | None:
        """Return the result of a request, None if there is none by *deadline*.

        It also checks whether the process has ended, since child processes left behind can hold its pipe
        open.
        """
        while (left := deadline - time.monotonic()) > 0:
            over = self._group.over(0.0)
            with suppress(Empty):
                return self._answers.get(timeout=_LAST_WORDS if over else min(left, _LOOK))
            if over:
                return WireEnded("it ended")
        return None

    def kill(self) -> None:
        """Kill the process and its group, in any state. From any thread."""
        self._group.kill()

    def end(self) -> int:
        """Kill the process, wait for its end, and release its pipes and temporary files.

        Returns its exit status.
        """
        status = self._group.end()
        self._requests.put(None)
        for thread in (self._talker, self._listener):
            thread.join(_LAST_WORDS)
            if thread.is_alive():
                return status  # something holds a pipe and cannot be ended from here: do not wait for it
        for pipe in (self._group.stdin, self._group.stdout, self._group.stderr):
            with suppress(OSError):  # the process never read the request
                pipe.close()
        return status

    def _talk(self) -> None:
        """Send requests and receive answers until one fails or there are no more."""
        requests, answers = cast(BinaryIO, self._group.stdin), cast(BinaryIO, self._group.stdout)
        try:
            while (asked := self._requests.get()) is not None:
                request, most = asked
                send(requests, request)
                self._answers.put(receive(answers, most))
        except (BrokenWire, OSError, MemoryError) as error:
            self._answers.put(error)

    def _listen(self) -> None:
        """Keep only the end of the process's standard error; unread, it would fill its pipe."""
        while chunk := os.read(self._group.stderr.fileno(), TAIL_BYTES):
            self._tail = (self._tail + chunk)[-TAIL_BYTES:]

    def _last_words(self) -> str:
        """End the process, whose pipe has closed, and return how it ended, with its last output."""
        self._listener.join(_LAST_WORDS)  # output may follow the closing of its pipe
        status = self.end()
        last = last_line(self._tail)
        return f"its process ended with status {status}" + (f" ({last})" if last else "")
