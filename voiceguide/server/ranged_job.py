"""A session being made into a file of known size, by one thread, for everybody who listens to it.

Any byte can be made before the others, so the thread works where it is needed most: wherever a listener is
about to run out of bytes. What is made is made once and stays in the file.
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
    """What is made: `voiceguide.export.stream.Stream`."""

    @property
    def size(self) -> int:
        """How many bytes there are."""

    def read(self, first: int, last: int) -> Iterator[bytes]:
        """Yield bytes [*first*, *last*] as they are made."""


class Over(Exception):
    """This job has stopped: begin another. Never leaves this package."""


class RangedJob(RenderJob):
    """Makes *source* into *part*.

    It stays at most *ahead* bytes before each listener, unless somebody asked to `keep` it; without listeners
    it ends after *linger* seconds. *ended* is called once, in its thread, when it is whole, given up or
    failed.
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
        """Return bytes [*first*, *last*] as an iterator that has to be closed; *gone* tells to give up.

        *left* is called once, when it is closed.

        Raises:
            Over: if it has ended.
        """
        with self._changed:
            if self.over:
                raise Over
            listener = RangedBody(self, first, last, gone, left)
            self._listeners.append(listener)
            self._changed.notify_all()
            return listener

    def take(self, listener: RangedBody) -> bytes:
        """Return the next bytes for *listener*, waiting for them; none when it has had all, or has gone.

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
        """*listener* has gone."""
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
        """Return where to go on making, waiting until there is a need; None at the end."""
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
        """Return the byte needed most: for the listener nearest to the end of what is made."""
        needs = []
        for listener in self._listeners:
            gap = self._ranges.until(listener.at)
            lead = gap - listener.at
            going = gap == self._at
            # Beginning anew costs a little: it waits until half of what is allowed ahead has been heard.
            if gap <= listener.last and lead < (self._ahead if going else self._ahead // 2):
                needs.append((lead // self._turn, not going, gap))
        if needs:
            return min(needs)[2]
        if self.kept:
            gap = self._ranges.until(self._at)
            return gap if gap < self.size else self._ranges.until(0)
        return None

    def _fill(self, at: int) -> None:
        """Make bytes from *at* on, as long as they are what is needed most."""
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
    """Bytes for one response, as they are made. Iterate, and close."""

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
            data = b""  # said in the log; the client sees an answer that is too short
        if not data:
            self.close()
            raise StopIteration
        return data

    def close(self) -> None:
        """Listen no more."""
        if not self._closed:
            self._closed = True
            self._job.leave(self)
            self._left()
