"""Planning beside the requests that wait for it: what is dear to plan holds up nothing else.

Each thing is planned once, however many ask for it; those of one lane (a script) one after the other, so that
no script takes all the places. A lane set apart needs none of them, and who waits for it needs no slot.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Final, Generic, TypeVar

from msgspec import Struct

from voiceguide.errors import BusyError

T = TypeVar("T")

WAITING: Final = 10
"""Requests that may wait for a plan at once: with `Limits.listeners`, fewer than there are threads."""

_AT_ONCE: Final = 4
_RETRY: Final = 10  # seconds


class Task(Struct, Generic[T], frozen=True):
    """*make* gives what `place` stands for; it may be called on any thread. `lane` is whose it is."""

    lane: str
    place: Hashable
    make: Callable[[], T]


class _Job:
    def __init__(self, task: Task[Any]) -> None:
        self.task = task
        self.made: Future[Any] = Future()
        self.since = time.monotonic()
        self.waiting = 0
        self.kept = self.begun = False


class Planning:
    """Does tasks on threads of its own, at most `_AT_ONCE` beside those of the lane *apart*. Thread-safe.

    What takes longer than a *moment* is dear: at most *most* requests wait for such, half of them for one
    lane, for *patience* at most. What is begun is done all the same. Times in seconds.
    """

    def __init__(
        self, apart: str, *, most: int = WAITING, patience: float = 20.0, moment: float = 2.0
    ) -> None:
        self._apart = apart
        self._most = most
        self._patience = patience
        self._a_moment = moment
        self._jobs: dict[Hashable, _Job] = {}
        self._busy: dict[str, float] = {}
        self._waiting: Counter[str] = Counter()
        self._lock = threading.Lock()

    def result(self, task: Task[T]) -> T:
        """Return what *task* makes.

        Raises:
            BusyError: if too many wait already, or it takes too long.
            VoiceguideError: whatever the task does.
        """
        with self._awaited([task], kept=False) as (job,):
            with self._slot(task.lane, free=_over(job, self._moment(job)) or task.lane == self._apart):
                if not _over(job, self._patience):
                    raise BusyError(
                        f'"{task.lane}" is still being planned; try again in {_RETRY} seconds', _RETRY
                    )
            made: T = job.made.result()
            return made

    def results(self, tasks: Sequence[Task[T]], within: float, *, kept: bool = False) -> list[T | None]:
        """Return what each of *tasks* makes; None for one asked for *within* seconds that is not done.

        Those which nobody waits for any more are not begun, unless they are *kept*.

        Raises:
            BusyError: if one has to be waited for, and too many wait already.
        """
        with self._awaited(tasks, kept=kept) as jobs:
            for job in jobs:
                _over(job, min(_left(job, within), self._moment(job)))
            pending = [job for job in jobs if not job.made.done() and _left(job, within) > 0]
            with self._slot("", free=not pending):
                for job in pending:
                    _over(job, _left(job, within))
            return [job.made.result() if job.made.done() else None for job in jobs]

    def _moment(self, job: _Job) -> float:
        """Return the seconds in which *job* shows whether it is dear: all may wait for what is not."""
        with self._lock:
            return self._busy.get(job.task.lane, job.since) + self._a_moment - time.monotonic()

    @contextmanager
    def _slot(self, lane: str, *, free: bool) -> Iterator[None]:
        """Keep a place of those who wait for *lane* while the block runs; *free*: it needs none."""
        with self._lock:
            full = self._waiting.total() >= self._most or self._waiting[lane] >= self._most // 2
            if full and not free:
                raise BusyError(
                    f"too many wait for a session to be planned; try again in {_RETRY} seconds", _RETRY
                )
            self._waiting[lane] += not free
        try:
            yield
        finally:
            with self._lock:
                self._waiting[lane] -= not free
                if not self._waiting[lane]:
                    del self._waiting[lane]

    @contextmanager
    def _awaited(self, tasks: Sequence[Task[Any]], *, kept: bool) -> Iterator[list[_Job]]:
        """Give the job of each of *tasks*, begun as soon as may be, while the block runs."""
        with self._lock:
            jobs = [self._jobs.setdefault(task.place, _Job(task)) for task in tasks]
            for job in jobs:
                job.waiting += 1
                job.kept |= kept
            self._go_on()
        try:
            yield jobs
        finally:
            with self._lock:
                for job in jobs:
                    job.waiting -= 1
                self._go_on()

    def _go_on(self) -> None:
        """Begin what may begin, in the order asked for. The lock is held."""
        for place, job in list(self._jobs.items()):
            lane = job.task.lane
            if job.begun:
                continue
            if not job.waiting and not job.kept:
                del self._jobs[place]
                continue
            free = lane == self._apart or len(self._busy.keys() - {self._apart}) < _AT_ONCE
            if free and lane not in self._busy:
                job.begun = True
                self._busy[lane] = time.monotonic()
                threading.Thread(target=self._do, args=(job,), name="plan", daemon=True).start()

    def _do(self, job: _Job) -> None:
        failure: BaseException | None = None
        made: Any = None
        try:
            made = job.task.make()
        except BaseException as error:  # it is for who asked to look at
            failure = error
        with self._lock:  # first, so that who asks after this is not given what was
            del self._jobs[job.task.place]
            del self._busy[job.task.lane]
            self._go_on()
        if failure is None:
            job.made.set_result(made)
        else:
            job.made.set_exception(failure)


def _left(job: _Job, within: float) -> float:
    return job.since + within - time.monotonic()


def _over(job: _Job, seconds: float) -> bool:
    """Return whether *job* is over, after at most *seconds*; what it failed with is not raised."""
    try:
        job.made.exception(max(0.0, seconds))
    except TimeoutError:
        return False
    return True
