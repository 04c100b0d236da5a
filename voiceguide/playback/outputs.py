"""Where a session is heard: the seam between a player and a card, a file, or a speaker on the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from voiceguide.audio import Block

Fill = Callable[[Block], None]
"""Writes the next frames into the block it is given, shape (frames, 2), on whatever thread asks for them."""


class OpenOutput(Protocol):
    """An output that asks for what it plays, as fast as that is heard."""

    @property
    def latency(self) -> float:
        """How long it takes from asking to hearing, in seconds; it may change."""

    @property
    def active(self) -> bool:
        """Whether it still asks."""

    @property
    def underflows(self) -> int:
        """How often it has run out of sound, as far as it knows."""

    def close(self) -> None:
        """Ask no more from now on, and give everything back; again is harmless."""


class Output(Protocol):
    """Where a player plays.

    It pulls: one that takes blocks hands each to *fill*, one that plays an address serves what *fill* writes
    there, as its device fetches it, and says by its `latency` how much the device holds. The player need not
    know which.
    """

    @property
    def where(self) -> str:
        """What it is, as a sentence has it: "the sound device"."""

    def open(self, fill: Fill) -> OpenOutput:
        """Return a started output that plays what *fill* writes.

        Raises:
            DeviceMissing: if it is not there; it may come.
            SinkError: if it can never be.
        """

    def reopen(self, fill: Fill) -> OpenOutput:
        """Look for it anew, and open what is there; as `open`. Only once what was open is closed."""

    def close(self) -> None:
        """Give back what was made ready, and never opened."""


def try_out(output: Output) -> None:
    """Open and close *output*, with nothing to hear; nothing may be open there.

    Raises:
        DeviceMissing: if it is not there now.
        SinkError: if it can never be.
    """
    output.open(_silent).close()


def _silent(out: Block) -> None:
    out.fill(0.0)
