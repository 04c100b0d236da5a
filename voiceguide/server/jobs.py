"""The render jobs: each rendition is made once, for all clients that ask for it."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from voiceguide.errors import BusyError, SinkError, VoiceguideError
from voiceguide.files.quota import Full, TooLarge
from voiceguide.server.file_body import FileBody
from voiceguide.server.file_cache import Draft, FileCache
from voiceguide.server.growing_job import GrowingBody, GrowingJob
from voiceguide.server.limits import SET_APART, Limits, Slots, is_ground
from voiceguide.server.ranged_job import Over, RangedBody, RangedJob
from voiceguide.server.render_job import Failed, RenderJob
from voiceguide.server.rendition import NO_ROOM, TOO_LARGE, Rendition, begin
from voiceguide.server.sessions import HeldSession

_FAILURES: Final = 64
_LOOKS: Final = 8
State = Literal["waiting", "making", "ready", "failed"]


class Jobs:
    """Begins render jobs, finds running ones, and puts finished files into *cache*. Thread-safe.

    *forget* is called with each session whose job failed, so that it is planned anew.
    """

    def __init__(self, cache: FileCache, limits: Limits, forget: Callable[[HeldSession], None]) -> None:
        self.begun = 0
        self._cache = cache
        self._limits = limits
        self._forget = forget
        self._jobs: dict[str, RenderJob] = {}
        self._of: dict[str, HeldSession] = {}
        self._failures: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()
        self.slots = Slots(limits)
        self._closed = False

    def listen(
        self, rendition: Rendition, first: int, last: int, gone: Callable[[], bool]
    ) -> RangedBody | FileBody:
        """Return bytes [*first*, *last*] of *rendition* (MP3 or WAV) as they are made. The caller closes it.

        Raises:
            BusyError: if too many sessions are being made, or listened to, already.
        """
        leave = self.slots.take(rendition.held)
        try:
            while True:
                file = self._cache.open(rendition.name, rendition.size)
                if file is not None:
                    return FileBody(file, first, last, leave)
                found = self._find(rendition)
                if isinstance(found, Path):
                    continue
                assert isinstance(found, RangedJob)
                try:
                    return found.listen(first, last, gone, leave)
                except Over:
                    found.join()
        except BaseException:
            leave()
            raise

    def finished(self, rendition: Rendition, gone: Callable[[], bool]) -> Path | None:
        """Return the finished file of *rendition*, whose size is unknown before; None if *gone* says so.

        Raises:
            BusyError: if too many sessions are being made already.
            VoiceguideError: if it cannot be made.
        """
        with self.slots.taken(rendition.held):
            while not isinstance(job := self._find(rendition), Path):
                assert isinstance(job, GrowingJob)
                job.hold()
                try:
                    if job.wait(gone):
                        continue
                    if gone() or self._closed:
                        return None
                    job.join()
                except Failed as failed:
                    raise _cause(failed) from failed
                finally:
                    job.release()
            return job

    def follow(self, rendition: Rendition, gone: Callable[[], bool]) -> GrowingBody | FileBody:
        """Return the bytes of *rendition*, whose size is unknown, as they are made. The caller closes it.

        Raises:
            BusyError: if too many sessions are being made, or listened to, already.
            SinkError: if its file is removed again and again.
        """
        leave = self.slots.take(rendition.held)
        missed: GrowingJob | None = None
        try:
            for _ in range(_LOOKS):
                found = self._find(rendition)
                assert isinstance(found, Path | GrowingJob)
                try:
                    if isinstance(found, GrowingJob):
                        return GrowingBody(found, gone, leave)
                    file = self._cache.open(rendition.name)
                    if file is not None:
                        return FileBody(file, 0, os.fstat(file.fileno()).st_size - 1, leave)
                except FileNotFoundError:
                    # The file was finished and renamed between two looks, or another program removed it.
                    if found is missed and not found.over:
                        found.stop()
                        found.join()
                    missed = found if isinstance(found, GrowingJob) else None
            raise SinkError("the session was removed while it was made; try again in a moment")
        except BaseException:
            leave()
            raise

    def keep(self, rendition: Rendition) -> None:
        """Make all of *rendition*, even if no client waits, unless its file exists.

        Raises:
            BusyError: if too many sessions are being made already.
        """
        found = self._find(rendition)
        if not isinstance(found, Path):
            found.keep()

    def wait(self, rendition: Rendition) -> None:
        """Wait until no job makes *rendition*."""
        with self._lock:
            job = self._jobs.get(rendition.id)
        if job is not None:
            job.join()

    def state(self, rendition: Rendition) -> tuple[State, float]:
        """Return the state of *rendition*, and the part of it that is made, from 0 to 1."""
        if self._cache.find(rendition.name, rendition.size) is not None:
            return "ready", 1.0
        with self._lock:
            job = self._jobs.get(rendition.id)
            if job is not None and not job.over:
                return ("ready", 1.0) if job.whole else ("making", job.progress)
            return ("failed" if rendition.id in self._failures else "waiting"), 0.0

    def why(self, rendition: Rendition) -> str:
        """Return the error message of a *rendition* that failed, or ""."""
        return self._failures.get(rendition.id, "")

    def under_way(self) -> int:
        """Return the number of running jobs."""
        with self._lock:
            return len(self._jobs)

    def close(self) -> None:
        """Stop every job, and wait at most 5 seconds for each."""
        with self._lock:
            self._closed = True
            jobs = list(self._jobs.values())
        for each in jobs:
            each.stop()
        for each in jobs:
            each.join(5.0)

    def _find(self, rendition: Rendition) -> RenderJob | Path:
        """Return the file of *rendition*, or its job, begun now if there is none.

        Raises:
            BusyError: if too many sessions are being made, or there is no room for another.
        """
        while True:
            # Without the lock: the file may have to be read whole, which others should not wait for.
            path = self._cache.find(rendition.name, rendition.size)
            if path is not None:
                return path
            with self._lock:
                found, leaving = self._look(rendition)
            if found is not None:
                return found
            for each in leaving:
                each.join()

    def _look(self, rendition: Rendition) -> tuple[RenderJob | Path | None, list[RenderJob]]:
        """Return the file or job of *rendition*, or None and the jobs that make room for it as they end."""
        job = self._jobs.get(rendition.id)
        # The job is looked up first: it is forgotten only after its file is in the cache.
        path = self._cache.known(rendition.name)
        if path is not None:
            return path, []
        if job is not None and not job.over and not self._another(rendition, job):
            return job, []
        if self._closed:
            raise self._limits.busy("the server is closing")
        self._admit(self._limits.jobs + (SET_APART if is_ground(rendition.held) else 0))
        try:
            job = begin(rendition, self._cache, self._limits, self._ended)
        except TooLarge:
            raise SinkError(TOO_LARGE) from None
        except Full:
            leaving = [each for each in self._jobs.values() if each.stop_if_idle()]
            if not leaving:
                raise self._limits.busy(NO_ROOM) from None
            return None, leaving
        self._failures.pop(rendition.id, None)
        self._jobs[rendition.id], self._of[rendition.id] = job, rendition.held
        self.begun += 1
        return job, []

    def _another(self, rendition: Rendition, job: RenderJob) -> bool:
        """Return whether *job* makes the same session in a stand-in voice."""
        held = self._of[rendition.id]
        return held is not rendition.held and held.stood_in

    def _admit(self, most: int) -> None:
        """Stop idle jobs until fewer than *most* are running.

        Raises:
            BusyError: if too many of them are not idle.
        """
        standing = [each for each in self._jobs.values() if not each.over]
        while len(standing) >= most:
            idle = next((each for each in standing if each.stop_if_idle()), None)
            if idle is None:
                raise self._limits.busy("too many sessions are being made at once")
            standing.remove(idle)

    def _ended(self, rendition: Rendition, draft: Draft, job: RenderJob) -> None:
        """Keep the draft if it is whole, else drop it, and forget the job. Runs in the job's thread."""
        try:
            if job.whole and job.failure is None:
                draft.keep(rendition.name)
        except VoiceguideError as error:
            job.failure = error
        draft.drop()
        failure = job.failure
        if failure is not None and not isinstance(failure, BusyError):
            self._forget(rendition.held)
        with self._lock:
            if self._jobs.get(rendition.id) is job:
                del self._jobs[rendition.id], self._of[rendition.id]
            if failure is not None:
                self._failures[rendition.id] = str(failure)
                while len(self._failures) > _FAILURES:
                    self._failures.popitem(last=False)


def _cause(failed: Failed) -> VoiceguideError:
    cause = failed.__cause__
    return cause if isinstance(cause, VoiceguideError) else SinkError("the session could not be made")
