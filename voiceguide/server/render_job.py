"""A session being made for everybody who waits for it: what the two ways to make one have in common."""

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
"""Bytes handed out at a time."""

POLL: Final = 1.0
"""Seconds between looks at whether a waiting client is still there."""


class Failed(Exception):
    """A job cannot go on; the cause is the sentence to show. Never leaves this package."""


class RenderJob(ABC):
    """Makes *part* in a thread of its own; *ended* is called once, in that thread, whatever came of it.

    `failure` is what kept it from being made, `kept` that somebody asked for all of it.
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
        """The part of it that is made, from 0 to 1."""

    @property
    @abstractmethod
    def idle(self) -> bool:
        """Whether nobody waits for it and nobody asked to keep it."""

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self._done

    @abstractmethod
    def _make(self) -> None:
        """Make it, for as long as somebody wants it. Whatever is raised becomes `failure`."""

    def keep(self) -> None:
        """Go on to the end, whoever waits."""
        with self._changed:
            self.kept = True
            self._changed.notify_all()

    def stop(self) -> None:
        """End as soon as what is under way is done; who waits gets what is made and no more."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def stop_if_idle(self) -> bool:
        """End if nobody would miss it; return whether it ends."""
        with self._changed:
            if self.idle:
                self._stopping = True
                self._changed.notify_all()
            return self._stopping or self._done

    def join(self, timeout: float | None = None) -> None:
        """Wait for its thread to end."""
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
        except Exception as error:  # nobody may wait for ever, whatever it was
            log.exception("unforeseen: %s", error)
            self.failure = VoiceguideError("the session could not be made; the server's log says why")
        finally:
            self._ended(self)
            with self._changed:
                self._done = True
                self._changed.notify_all()
                self._leave()

    def _leave(self) -> None:  # noqa: B027 - only one of them holds anything
        """Give back what it holds; the lock is held, and nothing more is made."""
