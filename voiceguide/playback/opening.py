"""The first moment of a session, heard while what plays the rest of it is made ready."""

from __future__ import annotations

from typing import Final

import numpy as np

from voiceguide.audio import Block, frames
from voiceguide.playback.device.ring import RAMP, Ring

OPENING: Final = frames(0.8)
"""Less than the time before the first word of a session: nothing need be spoken for it."""

_MOST_LATENCY: Final = 0.3
"""Of a card that takes more at once, the opening would be over before anything else can follow."""


def lasts(latency: str | float) -> bool:
    """Return whether a card of this *latency* leaves time to go on from an opening.

    It is as for `PortAudioOutput`.
    """
    return latency == "low" or (not isinstance(latency, str) and latency <= _MOST_LATENCY)


class Opening:
    """*sound*, shape (frames, 2), in the `ring` from which a card is to play it, at *volume* (0 to 1).

    Whoever writes on there knows from `block` what it holds, at full volume. If nobody does, it fades out.
    """

    def __init__(self, sound: Block, volume: float = 1.0) -> None:
        self.ring = Ring()
        self._sound = sound
        heard = sound * np.float32(volume)
        fade = np.linspace(1.0, 0.0, RAMP, dtype=np.float32)[:, np.newaxis]
        self.ring.write(0, heard[:-RAMP], heard[-RAMP:] * fade)

    @property
    def known(self) -> int:
        """How many frames there are."""
        return len(self._sound)

    def block(self, start: int, count: int) -> Block:
        """Return *count* frames from *start*; silence after the end."""
        sound = self._sound[start : start + count]
        return np.pad(sound, ((0, count - len(sound)), (0, 0)))
