"""The contract for a card, to be run where a sound server is: `test_outputs.py` does."""

from __future__ import annotations

from voiceguide.playback.device.card import Card
from voiceguide.playback.outputs import Output
from voiceguide.testing.outputs import OutputContract


class TestCard(OutputContract):
    """The default card."""

    def output(self) -> Output:
        return Card()

    def absent(self) -> Output | None:
        return Card("no such device, surely")
