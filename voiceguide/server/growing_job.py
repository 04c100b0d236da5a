"""A session being rendered into a file whose size is known only at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

from voiceguide.files import PartFile
from voiceguide.server.render_job import CHUNK, POLL, Failed, RenderJob


class _Unwanted(Exception):
    """Raised to end a render that no client waits for any more. Never leaves this module."""


class GrowingJob(RenderJob):
    """Runs *render* in a thread of its own to write *part*.

    *render* is called with *part* and a function that takes the progress, from 0 to 1. The job stops once
    no client waits for it, unless `keep` was called. *ended* is called once, in the job's thread.
    """

    def __init__(
        self,
        render: Callable[[PartFile, Callable[[float], None]], object],
        part: PartFile,
        *,
        ended: Callable[[RenderJob], None],
    ) -> None:
        super().__init__(part, ended)
        self._render = render
        self._told = 0.0
        self._whole = False
        self._waiting = 0
        self._wanted = False  # not idle before the first client waits
        self._thread.start()

    @property
    def whole(self) -> bool:
        return self._whole

    @property
    def progress(self) -> float:
        return self._told

    @property
    def idle(self) -> bool:
        return self._wanted and not self._waiting and not self.kept

    def hold(self) -> None:
        """Count one more waiting client, until it calls `release`."""
        with self._changed:
            self._waiting += 1
            self._wanted = True

    def release(self) -> None:
        """Count one waiting client less."""
        with self._changed:
            self._waiting -= 1

    def wait(self, gone: Callable[[], bool]) -> bool:
        """Wait for the end; return True if the file is whole, False if the job stopped or *gone* says so.

        Raises:
            Failed: if the file cannot be made.
        """
        with self._changed:
            while not self.over:
                if not self._changed.wait(POLL) and gone():
                    return False
            if self.failure is not None:
                raise Failed from self.failure
            return self.whole

    def grown(self, gone: Callable[[], bool]) -> bool:
        """Wait up to `POLL` seconds for more bytes; return whether the job is over or *gone* returns True."""
        with self._changed:
            if self.over:
                return True
            return not self._changed.wait(POLL) and gone()

    def _make(self) -> None:
        with suppress(_Unwanted):
            self._render(self.part, self._report)
            self._whole = True

    def _report(self, part: float) -> None:
        with self._changed:
            self._told = part
            self._changed.notify_all()
            if self._stopping or self.idle:
                raise _Unwanted


class GrowingBody:
    """Iterates over the bytes of a growing file as they are written. `close` calls *left*, once."""

    def __init__(self, job: GrowingJob, gone: Callable[[], bool], left: Callable[[], None]) -> None:
        self._job = job
        self._gone = gone
        self._left = left
        self._file = job.part.path.open("rb")
        job.hold()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """Return the next bytes.

        Raises:
            OSError: if the job ends before the file is whole, so that the client notices.
        """
        data = b"" if self._file.closed else self._file.read(CHUNK)
        while not data and not self._file.closed:
            over = self._job.grown(self._gone)
            data = self._file.read(CHUNK)
            if over and not data:
                self.close()
                if not self._job.whole:
                    raise OSError("the session could not be made to its end")
        if not data:
            raise StopIteration
        return data

    def close(self) -> None:
        """Stop reading, and release the job."""
        if not self._file.closed:
            self._file.close()
            self._job.release()
            self._left()
