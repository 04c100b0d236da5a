"""A file in place of a sound device."""

from __future__ import annotations

import threading
import time
import wave
from contextlib import suppress
from pathlib import Path
from typing import Final, NoReturn

import numpy as np

from voiceguide.audio import CHANNELS, RATE, frames, seconds
from voiceguide.errors import SinkError
from voiceguide.playback.outputs import Fill, OpenOutput

_BLOCK: Final = frames(0.05)


class WavFile:
    """Writes what a card would play into the file *path*, in real time, as a 16-bit WAV.

    The file is valid at any moment. After an error in writing, it cannot be opened again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: _Writing | None = None

    @property
    def where(self) -> str:
        return f"the file {self._path.name}"

    def open(self, fill: Fill) -> OpenOutput:
        """As `Output.open`; the file is written anew.

        Raises:
            SinkError: if it cannot be written.
        """
        try:
            self._opened = _Writing(self._path, fill)
        except OSError as error:
            self._refuse(error)
        return self._opened

    def reopen(self, fill: Fill) -> OpenOutput:
        """Raise a SinkError with the reason why the file cannot be written any more."""
        self._refuse(None if self._opened is None else self._opened.failure)

    def close(self) -> None:
        """There is nothing to release."""

    def _refuse(self, error: OSError | None) -> NoReturn:
        why = (error and error.strerror) or "it was closed"
        raise SinkError(f"{self._path.name} cannot be written: {why}; choose another file") from error


class _Writing:
    """Asks *fill* for one block after another, on a thread of its own."""

    latency = 0.0
    underflows = 0

    def __init__(self, path: Path, fill: Fill) -> None:
        self.failure: OSError | None = None
        self._fill = fill
        self._bytes = path.open("wb")
        self._file = wave.open(self._bytes, "wb")  # noqa: SIM115  # closed with the rest
        self._file.setnchannels(CHANNELS)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="file", daemon=True)
        self._thread.start()

    @property
    def active(self) -> bool:
        return not self._over.is_set()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        with suppress(OSError):  # what could be written has been
            self._file.close()
        with suppress(OSError):
            self._bytes.close()

    def _run(self) -> None:
        block = np.empty((_BLOCK, CHANNELS), np.float32)
        due = time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            self._fill(block)
            try:
                self._file.writeframes((np.clip(block, -1.0, 1.0) * 32767.0).round().astype("<i2").tobytes())
            except OSError as error:
                self.failure = error
                self._over.set()
            due = max(
                due + seconds(_BLOCK), time.monotonic()
            )  # nobody listens, so late blocks need not catch up
