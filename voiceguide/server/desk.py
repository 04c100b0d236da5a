"""The desk: every session that is being made, each once, however many ask for it."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from voiceguide.errors import BusyError, SinkError, VoiceguideError
from voiceguide.files.quota import Full, TooLarge
from voiceguide.server.begin import NO_ROOM, TOO_LARGE, begin
from voiceguide.server.file_cache import Draft, FileCache
from voiceguide.server.growing_job import Follower, GrowingJob
from voiceguide.server.job import Job
from voiceguide.server.limits import Limits
from voiceguide.server.ranged_job import GrowingBody, Over, RangedJob
from voiceguide.server.reading import FileBytes
from voiceguide.server.render_job import Failed, RenderJob
from voiceguide.server.seats import SET_APART, Seats, is_ground
from voiceguide.server.sessions import HeldSession

_FAILURES: Final = 64
_LOOKS: Final = 8
State = Literal["waiting", "making", "ready", "failed"]


class Desk:
    """Begins makings, finds those under way, and puts what is whole into *cache*. Thread-safe.

    *forget* is told of sessions that have to begin anew, because they failed.
    """

    def __init__(self, cache: FileCache, limits: Limits, forget: Callable[[HeldSession], None]) -> None:
        self.begun = 0
        self._cache = cache
        self._limits = limits
        self._forget = forget
        self._making: dict[str, RenderJob] = {}
        self._of: dict[str, HeldSession] = {}
        self._failures: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()
        self.seats = Seats(limits)
        self._closed = False

    def listen(self, job: Job, first: int, last: int, gone: Callable[[], bool]) -> GrowingBody | FileBytes:
        """Return bytes [*first*, *last*] of *job* (MP3 or WAV) as they are made; close it.

        Raises:
            BusyError: if too much is made, or too many listen, already.
        """
        rise = self.seats.sit(job.held)
        try:
            while True:
                file = self._cache.open(job.name, job.size)
                if file is not None:
                    return FileBytes(file, first, last, rise)
                found = self._find(job)
                if isinstance(found, Path):
                    continue
                assert isinstance(found, RangedJob)
                try:
                    return found.listen(first, last, gone, rise)
                except Over:
                    found.join()
        except BaseException:
            rise()
            raise

    def finished(self, job: Job, gone: Callable[[], bool]) -> Path | None:
        """Return the file of *job*, of a format that has no length before its end; None if *gone* says so.

        Raises:
            BusyError: if too much is made already.
            VoiceguideError: if it cannot be made.
        """
        with self.seats.taken(job.held):
            while not isinstance(rendering := self._find(job), Path):
                assert isinstance(rendering, GrowingJob)
                rendering.hold()
                try:
                    if rendering.wait(gone):
                        continue
                    if gone() or self._closed:
                        return None
                    rendering.join()
                except Failed as failed:
                    raise _cause(failed) from failed
                finally:
                    rendering.release()
            return rendering

    def follow(self, job: Job, gone: Callable[[], bool]) -> Follower | FileBytes:
        """Return *job*, of a format that has no length before its end, as it is made; close it.

        Raises:
            BusyError: if too much is made, or too many listen, already.
            SinkError: if its file is removed again and again.
        """
        rise = self.seats.sit(job.held)
        missed: GrowingJob | None = None
        try:
            for _ in range(_LOOKS):
                found = self._find(job)
                assert isinstance(found, Path | GrowingJob)
                try:
                    if isinstance(found, GrowingJob):
                        return Follower(found, gone, rise)
                    file = self._cache.open(job.name)
                    if file is not None:
                        return FileBytes(file, 0, os.fstat(file.fileno()).st_size - 1, rise)
                except FileNotFoundError:
                    # It was finished, and got its name, between two looks; if not, somebody has removed it.
                    if found is missed and not found.over:
                        found.stop()
                        found.join()
                    missed = found if isinstance(found, GrowingJob) else None
            raise SinkError("the session was removed while it was made; try again in a moment")
        except BaseException:
            rise()
            raise

    def keep(self, job: Job) -> None:
        """Have *job* made to its end, if it is not there.

        Raises:
            BusyError: if too much is made already.
        """
        found = self._find(job)
        if not isinstance(found, Path):
            found.keep()

    def wait(self, job: Job) -> None:
        """Return once nothing makes *job*, now or any more."""
        with self._lock:
            making = self._making.get(job.slot)
        if making is not None:
            making.join()

    def state(self, job: Job) -> tuple[State, float]:
        """Return how it stands with *job*, and the part that is made, from 0 to 1."""
        if self._cache.find(job.name, job.size) is not None:
            return "ready", 1.0
        with self._lock:
            making = self._making.get(job.slot)
            if making is not None and not making.over:
                return ("ready", 1.0) if making.whole else ("making", making.progress)
            return ("failed" if job.slot in self._failures else "waiting"), 0.0

    def why(self, job: Job) -> str:
        """Return the sentence for a *job* that failed, or ""."""
        return self._failures.get(job.slot, "")

    def under_way(self) -> int:
        """Return how many makings there are."""
        with self._lock:
            return len(self._making)

    def close(self) -> None:
        """Stop everything, and wait for it to have stopped."""
        with self._lock:
            self._closed = True
            making = list(self._making.values())
        for each in making:
            each.stop()
        for each in making:
            each.join(5.0)

    def _find(self, job: Job) -> RenderJob | Path:
        """Return the file of *job*, or its making, begun now if there is none.

        Raises:
            BusyError: if too much is made already, or there is no room for more.
        """
        while True:
            # It may have to be read through, and nobody else at the desk is to wait for that.
            path = self._cache.find(job.name, job.size)
            if path is not None:
                return path
            with self._lock:
                found, leaving = self._look(job)
            if found is not None:
                return found
            for each in leaving:
                each.join()

    def _look(self, job: Job) -> tuple[RenderJob | Path | None, list[RenderJob]]:
        """Return what there is of *job*, or begin it; or else those that make room for it as they end."""
        making = self._making.get(job.slot)
        # In this order: a making leaves the desk after its file is in the cache.
        path = self._cache.known(job.name)
        if path is not None:
            return path, []
        if making is not None and not making.over and not self._another(job, making):
            return making, []
        if self._closed:
            raise self._limits.busy("the server is closing")
        self._admit(self._limits.makings + (SET_APART if is_ground(job.held) else 0))
        try:
            making = begin(job, self._cache, self._limits, self._ended)
        except TooLarge:
            raise SinkError(TOO_LARGE) from None
        except Full:
            leaving = [each for each in self._making.values() if each.stop_if_idle()]
            if not leaving:
                raise self._limits.busy(NO_ROOM) from None
            return None, leaving
        self._failures.pop(job.slot, None)
        self._making[job.slot], self._of[job.slot] = making, job.held
        self.begun += 1
        return making, []

    def _another(self, job: Job, making: RenderJob) -> bool:
        """Return whether *making* is of the same session with another voice in it."""
        held = self._of[job.slot]
        return held is not job.held and held.stood_in

    def _admit(self, most: int) -> None:
        """Make room for one more making beside *most*, by stopping those that nobody would miss."""
        standing = [each for each in self._making.values() if not each.over]
        while len(standing) >= most:
            idle = next((each for each in standing if each.stop_if_idle()), None)
            if idle is None:
                raise self._limits.busy("too many sessions are being made at once")
            standing.remove(idle)

    def _ended(self, job: Job, draft: Draft, making: RenderJob) -> None:
        """Keep what is whole and what it promises to be, and forget the rest. Runs in the making's thread."""
        try:
            if making.whole and making.failure is None:
                draft.keep(job.name)
        except VoiceguideError as error:
            making.failure = error
        draft.drop()
        failure = making.failure
        if failure is not None and not isinstance(failure, BusyError):
            self._forget(job.held)
        with self._lock:
            if self._making.get(job.slot) is making:
                del self._making[job.slot], self._of[job.slot]
            if failure is not None:
                self._failures[job.slot] = str(failure)
                while len(self._failures) > _FAILURES:
                    self._failures.popitem(last=False)


def _cause(failed: Failed) -> VoiceguideError:
    cause = failed.__cause__
    return cause if isinstance(cause, VoiceguideError) else SinkError("the session could not be made")
