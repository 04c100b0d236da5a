"""Speaks lines ahead, in the order in which they will be heard, which may change at any moment."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from itertools import islice
from typing import Final

from voiceguide.audio import Frames
from voiceguide.errors import EngineClosed
from voiceguide.plan.items import Line

_BEFORE_KEPT: Final = 2
_PATIENCE_SECONDS: Final = 3.0
_Key = tuple[str, int, str | None]


class Speech:
    """Speaks lines on *executor*, at most *jobs* at a time; *speak* makes a clip and returns its frames.

    Thread-safe. Each line is spoken once. The executor is given one line after another, so that sessions
    sharing it take turns.
    """

    def __init__(self, speak: Callable[[Line], Frames], executor: Executor, jobs: int) -> None:
        self._speak = speak
        self._executor = executor
        self._jobs = jobs
        self._made: dict[_Key, Future[Frames]] = {}
        self._wanted: deque[Line] = deque()
        self._kept: tuple[Line, ...] = ()
        self._at_work = 0
        self._stopped = False
        self._lock = threading.Condition()

    def want(self, lines: Iterable[Line]) -> None:
        """Speak *lines* next, in this order; others are dropped unless a thread waits for them."""
        with self._lock:
            awaited = [line for line in self._wanted if _key(line) in self._made]
            order = iter(lines)
            soon = list(islice(order, _BEFORE_KEPT))
            others = (line for line in (*soon, *self._kept, *order) if _key(line) not in self._made)
            self._wanted = deque((*awaited, *others))
            self._hire()

    def keep(self, lines: Iterable[Line]) -> None:
        """Speak *lines* soon, after the first `_BEFORE_KEPT` of the lines wanted, now or later."""
        with self._lock:
            self._kept = tuple(lines)
            wanted = list(self._wanted)
            self._wanted = deque((*wanted[:_BEFORE_KEPT], *self._kept, *wanted[_BEFORE_KEPT:]))
            self._hire()

    def length(self, line: Line) -> Frames:
        """Return the length of *line* in frames; if it is not spoken, speak it before all others and wait.

        Raises:
            EngineError: if no engine can speak it.
            EngineClosed: if speaking was stopped.
        """
        with self._lock:
            if _key(line) not in self._made:
                self._wanted.appendleft(line)
                made = self._made[_key(line)] = Future()
                self._hire()
            made = self._made[_key(line)]
            if self._stopped:
                self._let_go()
        return made.result()

    def known(self, line: Line) -> Frames | None:
        """Return the length of *line* in frames, or None if it is not spoken yet."""
        made = self._made.get(_key(line))
        return made.result() if made is not None and made.done() and made.exception() is None else None

    def stop(self, patience: float = _PATIENCE_SECONDS) -> None:
        """Speak nothing more; waiting threads get an EngineClosed. Lines being spoken are finished.

        This waits for them, for *patience* seconds at most.
        """
        with self._lock:
            self._let_go()
            self._lock.wait_for(lambda: self._at_work == 0, patience)

    def _let_go(self) -> None:
        """Wake all waiting threads with an EngineClosed; the lock is held."""
        self._stopped = True
        self._wanted.clear()
        for made in self._made.values():
            if not made.done() and not made.running():
                made.set_exception(EngineClosed("the session was stopped"))

    def _hire(self) -> None:
        """Start as many jobs as there are lines and room for; the lock is held."""
        while not self._stopped and self._at_work < min(self._jobs, len(self._wanted)):
            try:
                work = self._executor.submit(self._work)
            except RuntimeError:  # the executor was shut down
                self._let_go()
                return
            self._at_work += 1
            work.add_done_callback(self._over)

    def _work(self) -> None:
        task = self._take()
        if task is None:
            return
        line, made = task
        try:
            made.set_result(self._speak(line))
        except BaseException as error:
            made.set_exception(error)

    def _over(self, work: Future[None]) -> None:
        """A job has ended: its line is spoken, or the executor was shut down."""
        with self._lock:
            self._at_work -= 1
            if work.cancelled():
                self._let_go()
            self._hire()
            self._lock.notify_all()

    def _take(self) -> tuple[Line, Future[Frames]] | None:
        with self._lock:
            while self._wanted:
                line = self._wanted.popleft()
                made = self._made.setdefault(_key(line), Future())
                if not made.running() and not made.done() and made.set_running_or_notify_cancel():
                    return line, made
            return None


class Recital:
    """Has *speech* speak *lines* in order, at most *ahead* lines beyond the last one asked for."""

    def __init__(self, speech: Speech, lines: Sequence[Line], ahead: int) -> None:
        self._speech = speech
        self._lines = lines
        self._place = {line.index: place for place, line in enumerate(lines)}
        self._ahead = ahead

    def length(self, line: Line) -> Frames:
        """Return the length of *line* in frames, once it is spoken; raises as `Speech.length` does."""
        place = self._place[line.index]
        self._speech.want(self._lines[place : place + 1 + self._ahead])
        return self._speech.length(line)


def _key(line: Line) -> _Key:
    return line.text, line.pace, line.voice
