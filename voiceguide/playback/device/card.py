"""The sound device that is played on, and its replacement when it goes away."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread

from voiceguide.errors import DeviceMissing
from voiceguide.playback.device.portaudio import PortAudioOutput, refresh_devices
from voiceguide.playback.outputs import Fill, OpenOutput


class Card:
    """The sound card as an `Output`.

    *device* is a name, part of one, or a number; None is the default. *latency* is as for `PortAudioOutput`.
    Opening a device takes as long as planning a session: `prepare` opens it meanwhile.
    """

    def __init__(self, device: str | int | None = None, latency: str | float = 0.15) -> None:
        self._device = device
        self._latency = latency
        self._prepared: Future[PortAudioOutput] | None = None
        self._begun: OpenOutput | None = None
        self._end: Callable[[], float] = float

    @property
    def where(self) -> str:
        return "the sound device"

    def prepare(self) -> None:
        """Begin to open the device in a thread; `open` returns or raises the result."""
        self._prepared = Future()
        Thread(target=self._prepare, args=(self._prepared,), name="device", daemon=True).start()

    def begin(self, fill: Fill, end: Callable[[], float]) -> None:
        """Play what *fill* writes at once; `open`, with the same *fill*, then returns that output.

        If it is closed before that, *end* fades the sound out, and returns how many seconds it takes to fill.

        Raises:
            DeviceMissing: if there is no PortAudio, or no such device.
        """
        self._begun, self._end = self.open(fill), end

    def open(self, fill: Fill) -> OpenOutput:
        """Return a started output that plays what *fill* writes.

        Raises:
            DeviceMissing: if there is no PortAudio, or no such device.
        """
        begun, self._begun = self._begun, None
        if begun is not None:
            return begun
        prepared, self._prepared = self._prepared, None
        output = PortAudioOutput(self._device, self._latency) if prepared is None else prepared.result()
        output.start(fill)
        return output

    def reopen(self, fill: Fill) -> OpenOutput:
        """Search for devices again, and open the same one or else the default; as `open`."""
        refresh_devices()
        if self._device is not None:
            try:
                return self.open(fill)
            except DeviceMissing:
                pass
        output = PortAudioOutput(None, self._latency)
        output.start(fill)
        return output

    def close(self) -> None:
        """Release what was begun or prepared, and never opened."""
        begun, self._begun = self._begun, None
        if begun is not None:
            time.sleep(self._end() + begun.latency)  # until it has been heard
            begun.close()
        prepared, self._prepared = self._prepared, None
        if prepared is not None and prepared.exception() is None:
            prepared.result().close()

    def _prepare(self, prepared: Future[PortAudioOutput]) -> None:
        try:
            prepared.set_result(PortAudioOutput(self._device, self._latency))
        except Exception as error:  # raised by `open`
            prepared.set_exception(error)
