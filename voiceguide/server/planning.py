"""Plans sessions on threads of its own, so that a slow plan delays no other request.

Each plan is made once, for all requests that wait for it. The plans of one lane (a script) are made one after
another, so that no script occupies every thread. One lane is set apart: it needs none of these threads, and
requests that wait for it need no slot.
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
"""Requests that may wait for slow plans at once: with `Limits.listeners`, fewer than the web's threads."""

_AT_ONCE: Final = 4
_RETRY: Final = 10  # seconds


class Task(Struct, Generic[T], frozen=True):
    """A plan to make. `make` returns it, on any thread; `place` is its key, and `lane` the script's name."""

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
    """Runs at most `_AT_ONCE` tasks at once, besides one of the lane *apart*. Thread-safe.

    A task that takes longer than *moment* is slow. At most *most* requests wait for slow tasks, at most half
    of them for one lane, and each for at most *patience*. A task that has begun is finished in any case.
    Times are in seconds.
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
        """Return the result of *task*.

        Raises:
            BusyError: if too many requests wait already, or the task takes too long.
            VoiceguideError: if the task raises it.
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
        """Return the result of each of *tasks*; None if not done *within* seconds of its first request.

        A task that no request waits for any more is not begun, unless it is *kept*.

        Raises:
            BusyError: if a task has to be waited for, and too many requests wait already.
            VoiceguideError: if a task raises it.
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
        """Return for how many more seconds any request may wait for *job*, until it counts as slow."""
        with self._lock:
            return self._busy.get(job.task.lane, job.since) + self._a_moment - time.monotonic()

    @contextmanager
    def _slot(self, lane: str, *, free: bool) -> Iterator[None]:
        """Hold a slot to wait for *lane* while the block runs; none is needed if *free*."""
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
        """Yield the jobs of *tasks*, begun as soon as possible and waited for while the block runs."""
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
        """Begin the jobs that may begin, in the order of request. The caller holds the lock."""
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
        except BaseException as error:  # raised in the threads that wait
            failure = error
        with self._lock:  # before the result is set: a later request begins a new job
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
    """Wait at most *seconds* for *job* and return whether it is over; its failure is not raised."""
    try:
        job.made.exception(max(0.0, seconds))
    except TimeoutError:
        return False
    return True
