"""The base of the two render jobs, which make a session for all clients that wait for it."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final

from voiceguide.errors import VoiceguideError
from voiceguide.files import PartFile

log = logging.getLogger("voiceguide")

CHUNK: Final = 64 * 1024
"""The most bytes read at a time."""

POLL: Final = 1.0
"""Seconds between looks at whether a waiting client is still there."""


class Failed(Exception):
    """Raised when a job has failed; its cause has the sentence to show. Never leaves this package."""


class RenderJob(ABC):
    """Makes *part* in a thread of its own. *ended* is called once, in that thread, after success or failure.

    `failure` is the error, if there is one. `kept` is set if the whole file is asked for.
    """

    def __init__(self, part: PartFile, ended: Callable[[RenderJob], None]) -> None:
        self.part = part
        self.failure: VoiceguideError | None = None
        self.kept = False
        self._ended = ended
        self._stopping = self._done = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=f"make {part.path.stem[-8:]}", daemon=True)

    @property
    @abstractmethod
    def whole(self) -> bool:
        """Whether every byte is made."""

    @property
    @abstractmethod
    def progress(self) -> float:
        """The part of the file that is made, from 0 to 1."""

    @property
    @abstractmethod
    def idle(self) -> bool:
        """Whether no client waits for the file, and `keep` was not called."""

    @property
    def over(self) -> bool:
        """Whether the job has ended."""
        return self._done

    @abstractmethod
    def _make(self) -> None:
        """Make the file, as long as a client wants it. An exception becomes `failure`."""

    def keep(self) -> None:
        """Make the whole file, even if no client waits."""
        with self._changed:
            self.kept = True
            self._changed.notify_all()

    def stop(self) -> None:
        """End the job soon; clients that wait get no more than what is made by then."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def stop_if_idle(self) -> bool:
        """End the job if it is idle; return whether it ends."""
        with self._changed:
            if self.idle:
                self._stopping = True
                self._changed.notify_all()
            return self._stopping or self._done

    def join(self, timeout: float | None = None) -> None:
        """Wait for the job's thread to end, at most *timeout* seconds."""
        self._thread.join(timeout)

    def _run(self) -> None:
        try:
            self._make()
        except VoiceguideError as error:
            log.warning("%s", error)
            self.failure = error
        except OSError as error:
            self.failure = VoiceguideError(f"the session cannot be kept while it is made ({error.strerror})")
            log.warning("%s", self.failure)
        except Exception as error:  # no client may wait for ever
            log.exception("unforeseen: %s", error)
            self.failure = VoiceguideError("the session could not be made; the server's log says why")
        finally:
            self._ended(self)
            with self._changed:
                self._done = True
                self._changed.notify_all()
                self._leave()

    def _leave(self) -> None:  # noqa: B027 - only one subclass holds anything
        """Release the job's resources, once nothing more is made. The caller holds the lock."""
