from __future__ import annotations

import numpy as np

from tests.playback.sources import Flat
from voiceguide.audio import frames
from voiceguide.playback.feeder import Feeder
from voiceguide.playback.montage import Montage, SilentSource


def test_changes_come_in_the_order_in_which_they_are_asked_for() -> None:
    """A change that had to be put off because it took long is heard, even where another follows at once."""
    feeder, sound = Feeder(), Flat(0.5)
    out = np.empty((480, 2), np.float32)
    feeder.ring.fill(out)
    slow = iter((True,))

    def take_long(montage: Montage, at: int) -> Montage:
        if next(slow, False):
            feeder.ring.fill(np.empty((frames(0.1), 2), np.float32))
        return montage.then(sound, 0, at)

    first = feeder.change(take_long)
    assert feeder.place(feeder.soon) == (sound, 0)
    second = feeder.change(lambda montage, at: montage.then(SilentSource(), 0, at))
    assert second >= first
