"""Which sound device is played on, and which when that one goes away."""

from __future__ import annotations

from dataclasses import dataclass

from voiceguide.errors import DeviceMissing
from voiceguide.sinks.device import Fill, Output, open_output, refresh_devices


@dataclass(frozen=True, slots=True)
class Speakers:
    """*device* is a name, part of one, or a number; None is the default. *latency* is as in `open_output`."""

    device: str | int | None = None
    latency: str | float = 0.15

    def open(self, fill: Fill) -> Output:
        """Return a started output that plays what *fill* writes.

        Raises:
            DeviceMissing: if there is no PortAudio, or no such device.
        """
        return open_output(fill, self.device, self.latency)

    def reopen(self, fill: Fill) -> Output:
        """Look for devices anew, and open the same one, or else the default; as `open`."""
        refresh_devices()
        if self.device is not None:
            try:
                return self.open(fill)
            except DeviceMissing:
                pass
        return open_output(fill, None, self.latency)
