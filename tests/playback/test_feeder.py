from __future__ import annotations

import numpy as np

from tests.playback.sources import Flat
from tests.playback.test_ring import filled, waits
from voiceguide.audio import frames
from voiceguide.playback.device.ring import RAMP
from voiceguide.playback.feeder import MARGIN, Feeder
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


def test_just_before_the_bridge_its_own_sound_is_what_is_heard() -> None:
    """A feeder that came late, and goes on, tells where its sound is, and never the bridge."""
    feeder, sound, block = Feeder(), Flat(0.5), frames(0.1)
    feeder.ring.fill(np.empty((block, 2), np.float32))
    feeder.change(lambda montage, at: montage.then(sound, 0, at))
    filled(feeder)
    left = MARGIN + block - RAMP - 1  # so little that it goes on as soon as it has gone over into the bridge
    while (ready := feeder.ring.ready - feeder.ring.read) > left:
        feeder.ring.fill(np.empty((min(block, ready - left), 2), np.float32))
    before = feeder.place(feeder.ring.read)[1]
    while not waits(feeder):
        feeder.fill()
    while waits(feeder):
        feeder.fill()
    source, frame = feeder.place(feeder.ring.read)
    assert source is sound
    assert before <= frame <= before + left
