"""A session being rendered into a file whose size is known only at its end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Final

from voiceguide.errors import VoiceguideError
from voiceguide.files import PartFile
from voiceguide.server.making import CHUNK, Failed

log = logging.getLogger("voiceguide")

_POLL: Final = 1.0


class _Unwanted(Exception):
    """Raised inside a render that nobody waits for any more. Never leaves this module."""


class Rendering:
    """Has *render* write *part*, in a thread of its own.

    *render* is called with it and with a function to tell the part done, from 0 to 1. It stops when
    nobody waits for it and nobody asked to `keep` it. *ended* is called once, in its thread.
    """

    def __init__(
        self,
        render: Callable[[PartFile, Callable[[float], None]], object],
        part: PartFile,
        *,
        ended: Callable[[Rendering], None],
    ) -> None:
        self.part = part
        self.progress = 0.0
        self.failure: VoiceguideError | None = None
        self.kept = False
        self.over = False
        self.whole = False
        self._stopping = False
        self._render = render
        self._ended = ended
        self._waiting = 0
        self._wanted = False  # nobody can have lost interest before anybody had any
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"render {part.path.stem[-8:]}", daemon=True)
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Whether nobody waits and nobody asked to keep it."""
        return self._wanted and not self._waiting and not self.kept

    def keep(self) -> None:
        """Go on to the end, whoever waits."""
        with self._changed:
            self.kept = self._wanted = True

    def stop(self) -> None:
        """End as soon as the segments under way are done."""
        with self._changed:
            self._stopping = True

    def stop_if_idle(self) -> bool:
        """End if nobody would miss it; return whether it ends."""
        with self._changed:
            self._stopping = self._stopping or self.idle
            return self._stopping

    def join(self, timeout: float | None = None) -> None:
        """Wait for its thread to end."""
        self._thread.join(timeout)

    def hold(self) -> None:
        """Go on until `release` is called as often."""
        with self._changed:
            self._waiting += 1
            self._wanted = True

    def release(self) -> None:
        """Wait no more."""
        with self._changed:
            self._waiting -= 1

    def wait(self, gone: Callable[[], bool]) -> bool:
        """Return True when it is whole, False if it was stopped or *gone* says to give up.

        Raises:
            Failed: if it cannot be made.
        """
        with self._changed:
            while not self.over:
                if not self._changed.wait(_POLL) and gone():
                    return False
            if self.failure is not None:
                raise Failed from self.failure
            return self.whole

    def grown(self, gone: Callable[[], bool]) -> bool:
        """Wait until there may be more in the file; return whether that was all, or *gone* says to stop."""
        with self._changed:
            if self.over:
                return True
            return not self._changed.wait(_POLL) and gone()

    def _run(self) -> None:
        try:
            self._render(self.part, self._report)
            self.whole = True
        except _Unwanted:
            pass
        except VoiceguideError as error:
            log.warning("%s", error)
            self.failure = error
        except Exception as error:  # nobody may wait for ever, whatever it was
            log.exception("unforeseen: %s", error)
            self.failure = VoiceguideError("the session could not be made; the server's log says why")
        finally:
            self._ended(self)
            with self._changed:
                self.over = True
                self._changed.notify_all()

    def _report(self, part: float) -> None:
        with self._changed:
            self.progress = part
            self._changed.notify_all()
            if self._stopping or self.idle:
                raise _Unwanted


class Follower:
    """The bytes of a file that grows, as they come. Iterate, and close; *left* is then called, once."""

    def __init__(self, rendering: Rendering, gone: Callable[[], bool], left: Callable[[], None]) -> None:
        self._rendering = rendering
        self._gone = gone
        self._left = left
        self._file = rendering.part.path.open("rb")
        rendering.hold()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        """Return the next bytes.

        Raises:
            OSError: if there will be no more, and these were not all: the client has to know.
        """
        data = b"" if self._file.closed else self._file.read(CHUNK)
        while not data and not self._file.closed:
            over = self._rendering.grown(self._gone)
            data = self._file.read(CHUNK)
            if over and not data:
                self.close()
                if not self._rendering.whole:
                    raise OSError("the session could not be made to its end")
        if not data:
            raise StopIteration
        return data

    def close(self) -> None:
        """Read no more."""
        if not self._file.closed:
            self._file.close()
            self._rendering.release()
            self._left()
