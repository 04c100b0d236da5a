"""Samples of voices, each spoken once, and few at a time so that playing sessions are not slowed down."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Final

from voiceguide.errors import BusyError
from voiceguide.export.sample import Sample
from voiceguide.sounds.kept import Kept

AT_ONCE: Final = 2
"""How many samples are spoken at once."""

MOST: Final = 6
"""How many samples may be spoken or waiting; a request for another is refused."""

_HELD_BYTES: Final = 4_000_000  # some forty samples


class Samples:
    """Samples by voice, each made by *make*. A request that waits holds a *slot*. Thread-safe.

    A request waits at most *patience* seconds, but its sample is still finished: the client can get it by
    asking again after *retry* seconds.
    """

    def __init__(
        self,
        make: Callable[[str], Sample],
        slot: Callable[[], AbstractContextManager[None]],
        *,
        patience: float,
        retry: int,
    ) -> None:
        self._make = make
        self._slot = slot
        self._patience = patience
        self._retry = retry
        self._held: Kept[str, Sample] = Kept(_HELD_BYTES, lambda held: len(held.data))
        self._making: dict[str, Future[Sample]] = {}
        self._lock = threading.Lock()
        self._speakers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sample")

    def get(self, voice: str) -> Sample:
        """Return the sample of *voice*, ENGINE/NAME.

        Raises:
            UnknownError: if there is no such voice here.
            EngineError: if it cannot speak.
            BusyError: if too many samples are being spoken or waiting, or it takes too long.
        """
        held = self._held.find(voice)
        if held is not None:
            return held
        with self._slot():
            try:
                return self._begun(voice).result(self._patience)
            except TimeoutError:
                raise self._busy("this voice is still getting ready") from None
            except CancelledError:
                raise self._busy("the server is closing") from None

    def close(self) -> None:
        """Begin no more samples; requests that wait for one that has not begun get a `BusyError`."""
        self._speakers.shutdown(wait=False, cancel_futures=True)

    def _begun(self, voice: str) -> Future[Sample]:
        """Return the future of *voice*'s sample, begun now if there is none."""
        with self._lock:
            found = self._making.get(voice)
            if found is not None:
                return found
            if len(self._making) >= MOST:
                raise self._busy("too many voices are being tried at once")
            making = self._making[voice] = self._submit(voice)
        making.add_done_callback(lambda _: self._over(voice))
        return making

    def _submit(self, voice: str) -> Future[Sample]:
        try:
            return self._speakers.submit(lambda: self._held.put(voice, self._make(voice)))
        except RuntimeError:  # the executor is shut down
            raise self._busy("the server is closing") from None

    def _over(self, voice: str) -> None:
        with self._lock:
            del self._making[voice]

    def _busy(self, why: str) -> BusyError:
        return BusyError(f"{why}; try again in {self._retry} seconds", self._retry)
