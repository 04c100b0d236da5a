"""The microphone, through PortAudio."""

from __future__ import annotations

import queue
import time
from typing import Any, Final, Protocol

import numpy as np

from voiceguide.audio import Mono
from voiceguide.errors import ListeningMissing
from voiceguide.playback.controls.voice.words import LISTEN_RATE

BLOCK_SECONDS: Final = 0.1
GONE_SECONDS: Final = 3.0
"""A microphone that has sent no samples for this long is gone: a quiet room sends silence."""

_MOST_WAITING: Final = 20
"""Blocks that may wait to be read; further ones are dropped."""


class Microphone(Protocol):
    """A source of recorded sound."""

    def read(self, timeout: float) -> Mono | None:
        """Return what was heard next, at `LISTEN_RATE`; None if nothing came within *timeout* seconds.

        Raises:
            ListeningMissing: if it has gone.
        """

    def close(self) -> None:
        """Stop recording."""


def open_microphone() -> Microphone:
    """Return the default microphone, listening.

    Raises:
        ListeningMissing: if there is no PortAudio, or no microphone.
    """
    return _PortAudio()


class _PortAudio:
    """A `Microphone` at the rate that the device likes best."""

    def __init__(self) -> None:
        self._heard: queue.Queue[Mono] = queue.Queue(_MOST_WAITING)
        try:
            import sounddevice
        except OSError as error:
            raise ListeningMissing("voice commands need PortAudio, which is not installed") from error
        try:
            rate = int(sounddevice.query_devices(kind="input")["default_samplerate"])
            self._stream = sounddevice.InputStream(
                samplerate=rate,
                blocksize=int(rate * BLOCK_SECONDS),
                channels=1,
                dtype="float32",
                callback=self._callback,
            )
            try:
                self._stream.start()
            except sounddevice.PortAudioError:
                self._stream.close(ignore_errors=True)
                raise
        except (sounddevice.PortAudioError, ValueError) as error:
            raise ListeningMissing(
                "no microphone can be used here; plug one in, or allow this terminal to use it"
            ) from error
        import soxr

        self._came = time.monotonic()
        self._resample = soxr.ResampleStream(rate, LISTEN_RATE, 1, dtype="float32")

    def read(self, timeout: float) -> Mono | None:
        try:
            heard = self._heard.get(timeout=timeout)
        except queue.Empty:
            if not self._stream.active or time.monotonic() - self._came > GONE_SECONDS:
                raise ListeningMissing("the microphone is gone") from None
            return None
        self._came = time.monotonic()
        block: Mono = self._resample.resample_chunk(heard)
        return block

    def close(self) -> None:
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

    def _callback(self, heard: Mono, count: int, times: object, status: Any) -> None:
        """Queue a copy of *heard*. Runs on the audio thread: no waiting."""
        if not self._heard.full():
            self._heard.put_nowait(np.ascontiguousarray(heard[:, 0]).copy())
