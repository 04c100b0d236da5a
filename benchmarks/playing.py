"""What `player.py` has done in processes of their own; `first` imports no more than the command has."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from voiceguide.audio import Block
from voiceguide.playback.device import card
from voiceguide.playback.outputs import Fill


def first(*words: str) -> None:
    """Run `voiceguide play`, and end the process when the card is given its first sound."""

    class Once(card.Card):
        def begin(self, fill: Fill, end: Callable[[], float]) -> None:
            def listen(out: Block) -> None:
                fill(out)
                if out.any():
                    os._exit(0)

            super().begin(listen, end)

    card.Card = Once  # type: ignore[misc]
    from voiceguide.cli import main

    main(["play", *words])


def cpu(script: str, seconds: str) -> None:
    """Print the share of one processor that playing *script* takes once everything is spoken."""
    from voiceguide.plan.wishes import Wishes
    from voiceguide.playback import Player
    from voiceguide.session import Studio

    with Studio() as studio:
        player = Player(studio.session(script, Wishes(voice="hum")), card.Card())
        player.open()
        player.wait(15.0)
        start = time.process_time()
        player.wait(float(seconds))
        print((time.process_time() - start) / float(seconds))
        player.close()


if __name__ == "__main__":
    {"first": first, "cpu": cpu}[sys.argv[1]](*sys.argv[2:])
