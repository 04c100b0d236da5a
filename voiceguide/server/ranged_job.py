"""Makes a session into a file of known size, in one thread, for all of its listeners.

The bytes can be made in any order, so the thread works where a listener will run out of them first. Each byte
is made once and stays in the file.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import BinaryIO, Protocol

from voiceguide.files import PartFile
from voiceguide.server.ranges import RangeSet
from voiceguide.server.render_job import CHUNK, POLL, Failed, RenderJob


class ByteSource(Protocol):
    """The source of the bytes: `voiceguide.export.stream.Stream`."""

    @property
    def size(self) -> int:
        """The size in bytes."""

    def read(self, first: int, last: int) -> Iterator[bytes]:
        """Yield bytes [*first*, *last*] as they are made."""


class Over(Exception):
    """Raised by a job that has stopped, so that the caller begins another. Never leaves this package."""


class RangedJob(RenderJob):
    """Writes the bytes of *source* into *part*.

    The job makes at most *ahead* bytes beyond each listener, unless `keep` was called, and compares the leads
    of listeners in steps of *turn* bytes. Without listeners it ends after *linger* seconds. *ended* is called
    once, in the job's thread, when the file is whole or the job has stopped or failed.
    """

    def __init__(
        self,
        source: ByteSource,
        part: PartFile,
        *,
        ahead: int,
        turn: int,
        linger: float,
        ended: Callable[[RenderJob], None],
    ) -> None:
        super().__init__(part, ended)
        self._source = source
        self._ahead = ahead
        self._turn = turn
        self._linger = linger
        self._ranges = RangeSet(source.size)
        self._listeners: list[RangedBody] = []
        self._file: BinaryIO = part.path.open("r+b", buffering=0)
        self._file_lock = threading.Lock()
        self._at = 0
        self._thread.start()

    @property
    def size(self) -> int:
        return self._ranges.size

    @property
    def whole(self) -> bool:
        return self._ranges.whole

    @property
    def progress(self) -> float:
        return self._ranges.total / max(1, self.size)

    @property
    def idle(self) -> bool:
        return not self._listeners and not self.kept

    @property
    def over(self) -> bool:
        return self._stopping or self._done

    def listen(
        self, first: int, last: int, gone: Callable[[], bool], left: Callable[[], None] = lambda: None
    ) -> RangedBody:
        """Return an iterator over bytes [*first*, *last*], which the caller closes.

        It ends early if *gone* returns True. *left* is called once, when it is closed.

        Raises:
            Over: if the job has ended.
        """
        with self._changed:
            if self.over:
                raise Over
            listener = RangedBody(self, first, last, gone, left)
            self._listeners.append(listener)
            self._changed.notify_all()
            return listener

    def take(self, listener: RangedBody) -> bytes:
        """Wait for the next bytes of *listener* and return them; b"" once it has all of them or has gone.

        Raises:
            Failed: if they cannot be made.
        """
        with self._changed:
            while (stop := self._ranges.until(listener.at)) == listener.at:
                if self.failure is not None:
                    raise Failed from self.failure
                if listener.at > listener.last or self.over:
                    return b""
                if not self._changed.wait(POLL) and listener.gone():
                    return b""
            start = listener.at
            listener.at = min(stop, listener.last + 1, start + CHUNK)
            self._changed.notify_all()
            stop = listener.at
        with self._file_lock:
            self._file.seek(start)
            return self._file.read(stop - start)

    def leave(self, listener: RangedBody) -> None:
        """Remove *listener*."""
        with self._changed:
            if listener in self._listeners:
                self._listeners.remove(listener)
            self._changed.notify_all()
            self._leave()

    def _make(self) -> None:
        while (at := self._next()) is not None:
            self._fill(at)

    def _leave(self) -> None:
        if self._done and not self._listeners:
            self._file.close()

    def _next(self) -> int | None:
        """Wait until bytes are needed, and return the position of the first; None at the end."""
        with self._changed:
            while not (self.over or self.whole):
                at = self._needed()
                if at is not None:
                    return at
                rested = self._changed.wait(self._linger if self.idle else None)
                if not rested and self.idle:
                    self._stopping = True
            return None

    def _needed(self) -> int | None:
        """Return the position of the byte needed first, by the listener with the shortest lead, if any is."""
        needs = []
        for listener in self._listeners:
            gap = self._ranges.until(listener.at)
            lead = gap - listener.at
            going = gap == self._at
            # Starting elsewhere has a cost, so it waits until half of *ahead* has been used up.
            if gap <= listener.last and lead < (self._ahead if going else self._ahead // 2):
                needs.append((lead // self._turn, not going, gap))
        if needs:
            return min(needs)[2]
        if self.kept:
            gap = self._ranges.until(self._at)
            return gap if gap < self.size else self._ranges.until(0)
        return None

    def _fill(self, at: int) -> None:
        """Make bytes from *at* on, as long as the next one is the one needed first."""
        self._at = at
        with closing(self._source.read(at, self._ranges.next(at) - 1)) as made:  # type: ignore[type-var]
            for part in made:
                with self._file_lock:
                    self._file.seek(self._at)
                    self._file.write(part)
                with self._changed:
                    self._ranges.add(self._at, self._at + len(part))
                    self._at += len(part)
                    self._changed.notify_all()
                    if self.over or self._needed() != self._at:
                        return


class RangedBody:
    """Iterates over the bytes of one response as they are made. The caller closes it."""

    def __init__(
        self,
        job: RangedJob,
        first: int,
        last: int,
        gone: Callable[[], bool],
        left: Callable[[], None],
    ) -> None:
        self.at = first
        self.last = last
        self.gone = gone
        self._job = job
        self._left = left
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            data = self._job.take(self)
        except Failed:
            data = b""  # it is in the log; the client notices that bytes are missing
        if not data:
            self.close()
            raise StopIteration
        return data

    def close(self) -> None:
        """Stop listening."""
        if not self._closed:
            self._closed = True
            self._job.leave(self)
            self._left()
