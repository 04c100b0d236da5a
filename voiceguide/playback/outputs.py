"""What a player plays on: a card, a file, or a speaker on the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceguide.audio import Block

Fill = Callable[[Block], None]
"""Writes the next frames into the block given, shape (frames, 2), on the thread that asks for them."""


class OpenOutput(Protocol):
    """A started output, which asks for frames in real time."""

    @property
    def latency(self) -> float:
        """The time from asking for a frame to hearing it, in seconds; it may change."""

    @property
    def active(self) -> bool:
        """Whether it still asks for frames."""

    @property
    def underflows(self) -> int:
        """How often it has run out of sound, as far as it knows."""

    def close(self) -> None:
        """Stop asking for frames and release everything; closing again is harmless."""


class Output(Protocol):
    """Where a player plays: it asks for frames by calling *fill*.

    An output for a device that takes blocks has *fill* write each block. An output for a device that plays an
    address serves there what *fill* writes, and its `latency` includes what the device buffers. The player
    need not know the difference.
    """

    @property
    def where(self) -> str:
        """Its name as part of a sentence: "the sound device"."""

    def open(self, fill: Fill) -> OpenOutput:
        """Return a started output that plays what *fill* writes.

        Raises:
            DeviceMissing: if the device is not there, but may come.
            SinkError: if it can never be opened.
        """

    def reopen(self, fill: Fill) -> OpenOutput:
        """Search for the device again and open it, as `open`. The open output must be closed before."""

    def close(self) -> None:
        """Release what was made ready and never opened."""


def try_out(output: Output) -> None:
    """Open and close *output* in silence; it must not be open already.

    Raises:
        DeviceMissing: if the device is not there now.
        SinkError: if it can never be opened.
    """
    output.open(_silent).close()


def _silent(out: Block) -> None:
    out.fill(0.0)
