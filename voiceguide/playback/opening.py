"""The first moment of a session, heard while the player of the rest is made ready."""

from __future__ import annotations

from typing import Final

import numpy as np

from voiceguide.audio import RATE, Block, frames
from voiceguide.playback.device.ring import RAMP, Ring

OPENING: Final = frames(1.4)
"""The length of an opening: less than the time before the first word, so that nothing need be spoken."""

_MOST_LATENCY: Final = 0.3
"""Seconds: a card with a higher latency takes the whole opening before anything else can follow."""


def lasts(latency: str | float) -> bool:
    """Return whether a card with this *latency* leaves time to continue an opening.

    *latency* is as for `PortAudioOutput`.
    """
    return latency == "low" or (not isinstance(latency, str) and latency <= _MOST_LATENCY)


class Opening:
    """Puts *sound*, shape (frames, 2), into `ring` for a card to play, at *volume* (0 to 1).

    A player that continues the ring reads from `block` what it holds, at full volume. Without such a player,
    the sound fades out: at its end, or earlier by `end`.
    """

    def __init__(self, sound: Block, volume: float = 1.0) -> None:
        self.ring = Ring()
        self._sound = sound
        self._volume = np.float32(volume)
        self.ring.write(0, sound[:-RAMP] * self._volume, self._faded(self.known - RAMP))

    @property
    def known(self) -> int:
        """The number of frames."""
        return len(self._sound)

    def end(self) -> float:
        """Fade out as soon as that can be heard; return after how many seconds the card has taken the end."""
        ring, margin = self.ring, int(frames(0.02))
        at = self._soon(margin)
        while at < ring.ready and not ring.offer(at, self._sound[:0], self._faded(at)):
            margin *= 2
            at = self._soon(margin)
        return max(0, ring.ready + RAMP + ring.largest - ring.read) / RATE

    def block(self, start: int, count: int) -> Block:
        """Return *count* frames from *start*; silence after the end."""
        sound = self._sound[start : start + count]
        return np.pad(sound, ((0, count - len(sound)), (0, 0)))

    def _soon(self, margin: int) -> int:
        return self.ring.read + self.ring.largest + margin

    def _faded(self, start: int) -> Block:
        """Return `RAMP` frames from *start*, going to silence."""
        fade = np.linspace(self._volume, 0.0, RAMP, dtype=np.float32)[:, np.newaxis]
        return self._sound[start : start + RAMP] * fade
