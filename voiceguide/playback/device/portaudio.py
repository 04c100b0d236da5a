"""A sound card that asks for what it plays, through PortAudio."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from voiceguide.audio import CHANNELS, RATE, Block
from voiceguide.errors import DeviceMissing
from voiceguide.playback.outputs import Fill

_MENDS: Final = {"linux": "sudo apt install libportaudio2"}  # elsewhere the wheel brings it


class Lateness:
    """Counts how often a card ran empty, by the times of its requests: PulseAudio and PipeWire do not tell.

    A card that ran empty, since it could not ask for longer than its sound lasted, then asks for several
    blocks at once. A card that is merely slow, as at its start, asks for one.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.count = 0
        self._clock = clock
        self._last: float | None = None
        self._long = False

    def asked(self, block_seconds: float, held_seconds: float) -> None:
        """Note a request for a block now, by a card that holds *held_seconds*. Runs on the audio thread."""
        now = self._clock()
        since, self._last = 0.0 if self._last is None else now - self._last, now
        if self._long and since < block_seconds / 2:
            self.count += 1
        self._long = since > block_seconds + held_seconds


class PortAudioOutput:
    """An `OpenOutput` on PortAudio, with *device* opened; silent until `start`.

    *latency* is in seconds, or ``low`` or ``high``.

    Raises:
        DeviceMissing: if PortAudio or the device is not there.
    """

    def __init__(self, device: str | int | None, latency: str | float) -> None:
        self._told = 0
        self._begun = False
        self._lateness = Lateness()
        self._device = device
        self._fill: Fill | None = None
        self._stream = _opened(device, latency=latency, callback=self._callback)

    def start(self, fill: Fill) -> None:
        """Play what *fill* writes.

        Raises:
            DeviceMissing: if the device has gone.
        """
        self._fill = fill
        _start(self._stream, self._device)

    @property
    def latency(self) -> float:
        return float(self._stream.latency)

    @property
    def active(self) -> bool:
        return bool(self._stream.active)

    @property
    def underflows(self) -> int:
        return max(self._told, self._lateness.count)

    def close(self) -> None:
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

    def _callback(self, out: Block, count: int, times: object, status: Any) -> None:
        assert self._fill is not None
        if not self._begun:
            self._begun = True
            _go_first()
        self._fill(out)
        if status:
            self._told += status.output_underflow
        self._lateness.asked(count / RATE, self.latency)


def _go_first() -> None:
    """Raise this thread's priority, as sound servers do, if the system allows that to the user."""
    if sys.platform == "linux":  # elsewhere it would affect the whole process
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, -11)


def refresh_devices() -> None:
    """Make PortAudio search for devices again; no stream may be open.

    Raises:
        DeviceMissing: if it finds no way to any device, as while a sound server restarts.
    """
    import sounddevice

    with suppress(sounddevice.PortAudioError):  # after a search that found nothing, there is nothing to end
        sounddevice._terminate()
    try:
        sounddevice._initialize()
    except sounddevice.PortAudioError as error:
        raise _unusable(None) from error


def _opened(device: str | int | None, **options: Any) -> Any:
    try:
        import sounddevice
    except OSError as error:
        mend = _MENDS.get(sys.platform, "pip install --force-reinstall sounddevice")
        raise DeviceMissing(
            f"PortAudio is not installed; run: {mend}", " (or use `voiceguide serve` or `render`)"
        ) from error
    try:
        return sounddevice.OutputStream(
            samplerate=RATE, channels=CHANNELS, dtype="float32", device=device, **options
        )
    except (sounddevice.PortAudioError, ValueError) as error:
        raise _unusable(device) from error


def _start(stream: Any, device: str | int | None) -> None:
    import sounddevice

    try:
        stream.start()
    except sounddevice.PortAudioError as error:
        stream.close(ignore_errors=True)
        raise _unusable(device) from error


def _unusable(device: str | int | None) -> DeviceMissing:
    wanted = "no audio device here" if device is None else f"the audio device {device!r} cannot be used"
    return DeviceMissing(wanted, "; use `voiceguide serve` or `render`")
