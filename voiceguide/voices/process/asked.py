"""The parent's side of one speaking process: start it, ask it with a deadline, end it without a trace."""

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

_LOOK: Final = 0.5  # seconds between looks at whether the process is there at all
_LAST_WORDS: Final = 1.0  # seconds for what a process says as it ends

_Answer = tuple[Header, Mono] | Exception


class ProcessFailed(Exception):
    """The process died, hung or answered wrongly; the message says which, in the middle of a sentence.

    `died`: a new one may do better.
    """

    def __init__(self, message: str, *, died: bool = False) -> None:
        super().__init__(message)
        self.died = died


class SpeakingProcess:
    """One process with the engine *engine_path* (``module:Class``) in it. Asked by one thread at a time.

    All that may block, because a pipe of the process is held by what it left behind, has a thread of its own:
    whoever asks waits no longer than allowed.
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
        )  # Ctrl-C amid `put` leaves no lock
        self._answers: SimpleQueue[_Answer] = SimpleQueue()
        self._talker = threading.Thread(target=self._talk, daemon=True)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        try:
            self._talker.start()
            self._listener.start()
        except RuntimeError as error:  # no more threads here
            self._group.end()
            raise ProcessFailed(f"its process cannot be listened to ({error})") from error

    def ask(self, request: Header, allowed: float, most: int) -> tuple[Header, Mono]:
        """Send *request* and return the answer; after *allowed* seconds the process and its group are killed.

        An answer of more than *most* frames is refused before it is read.

        Raises:
            ProcessFailed: if there is no answer. The process is of no more use: `end` it.
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
        """Return what comes of a request, None if nothing has come of it by *deadline*.

        Whether the process has ended is looked at, too: its pipe stays open where it left another with it.
        """
        while (left := deadline - time.monotonic()) > 0:
            over = self._group.over(0.0)
            with suppress(Empty):
                return self._answers.get(timeout=_LAST_WORDS if over else min(left, _LOOK))
            if over:
                return WireEnded("it ended")
        return None

    def kill(self) -> None:
        """Kill the process and its group, whatever they are doing. From any thread."""
        self._group.kill()

    def end(self) -> int:
        """Kill the process, wait until it is gone, and give back its pipes and temporary files.

        Returns its status.
        """
        status = self._group.end()
        self._requests.put(None)
        for thread in (self._talker, self._listener):
            thread.join(_LAST_WORDS)
            if thread.is_alive():
                return status  # something holds a pipe that nothing here can end: let it, and wait for nobody
        for pipe in (self._group.stdin, self._group.stdout, self._group.stderr):
            with suppress(OSError):  # a request it never read
                pipe.close()
        return status

    def _talk(self) -> None:
        """Pass requests on, and answers back, until one fails or there are no more."""
        requests, answers = cast(BinaryIO, self._group.stdin), cast(BinaryIO, self._group.stdout)
        try:
            while (asked := self._requests.get()) is not None:
                request, most = asked
                send(requests, request)
                self._answers.put(receive(answers, most))
        except (BrokenWire, OSError, MemoryError) as error:
            self._answers.put(error)

    def _listen(self) -> None:
        """Keep the end of what the process complains of, and only that; unread, it would fill its pipe."""
        while chunk := os.read(self._group.stderr.fileno(), TAIL_BYTES):
            self._tail = (self._tail + chunk)[-TAIL_BYTES:]

    def _last_words(self) -> str:
        """End the process, whose pipe has closed, and return how it ended, with the last it said."""
        self._listener.join(_LAST_WORDS)  # its last words come after its pipe has closed
        status = self.end()
        last = last_line(self._tail)
        return f"its process ended with status {status}" + (f" ({last})" if last else "")
