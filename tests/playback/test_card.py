from __future__ import annotations

import pytest

from voiceguide.errors import DeviceMissing
from voiceguide.playback.device.card import Card
from voiceguide.playback.device.portaudio import Lateness
from voiceguide.playback.outputs import try_out


def test_a_device_that_does_not_exist() -> None:
    """Asking for a device that is not here says what to do instead."""
    with pytest.raises(DeviceMissing, match=r"`?render`?"):
        try_out(Card("no such device, surely"))


@pytest.mark.parametrize(
    ("asked", "late"),
    [
        ((0.0, 0.0, 0.04, 0.08, 0.12), 0),
        ((0.0, 0.0, 0.04, 0.18, 0.18, 0.18), 0),  # late, but the card had something left
        ((0.0, 0.0, 0.0, 1.7, 1.74, 1.78), 0),  # the card has only begun
        ((0.0, 0.04, 0.5, 0.5, 0.5, 0.54), 1),
        ((0.0, 0.04, 0.5, 0.5, 0.5, 0.54, 0.9, 0.9, 0.94), 2),
    ],
)
def test_lateness(asked: tuple[float, ...], late: int) -> None:
    """A card was empty if nobody asked for longer than it holds, and then for several blocks at once."""
    times = iter(asked)
    lateness = Lateness(lambda: 100.0 + next(times))
    for _ in asked:
        lateness.asked(0.04, 0.15)
    assert lateness.count == late
