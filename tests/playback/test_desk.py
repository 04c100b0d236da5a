from __future__ import annotations

import numpy as np

from tests.playback.sources import Flat
from voiceguide.audio import frames
from voiceguide.playback.desk import Feeder
from voiceguide.playback.programme import Programme, SilentSource


def test_changes_come_in_the_order_in_which_they_are_asked_for() -> None:
    """A change that had to be put off because it took long is heard, even where another follows at once."""
    desk, sound = Feeder(), Flat(0.5)
    out = np.empty((480, 2), np.float32)
    desk.ring.fill(out)
    slow = iter((True,))

    def take_long(programme: Programme, at: int) -> Programme:
        if next(slow, False):
            desk.ring.fill(np.empty((frames(0.1), 2), np.float32))
        return programme.then(sound, 0, at)

    first = desk.change(take_long)
    assert desk.place(desk.soon) == (sound, 0)
    second = desk.change(lambda programme, at: programme.then(SilentSource(), 0, at))
    assert second >= first
