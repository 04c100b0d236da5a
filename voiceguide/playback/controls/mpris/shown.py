"""What remotes show of a player, and when they must be notified. Pure, without a bus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from msgspec import Struct

from voiceguide.audio import RATE, Frames, seconds
from voiceguide.playback.now import Now, Status

Playback = Literal["Playing", "Paused", "Stopped"]

_PLAYBACK: Final[Mapping[Status, Playback]] = {
    "starting": "Playing",
    "playing": "Playing",
    "paused": "Paused",
    "waiting": "Playing",
    "choosing": "Playing",
    "grounding": "Playing",
    "lost": "Paused",
    "stopping": "Playing",
    "ended": "Stopped",
}
_MOVING: Final = ("playing", "choosing")
_STILL: Final = ("paused", "lost")
_NOTICED_SECONDS: Final = 1.0

Micros = int
"""A count of microseconds: the time of MPRIS."""


def micros(count: int) -> Micros:
    """Return the length of *count* frames in microseconds."""
    return count * 1_000_000 // RATE


def frames_of(time: Micros) -> Frames:
    """Return the number of frames in *time*."""
    return Frames(time * RATE // 1_000_000)


class Shown(Struct, frozen=True):
    """The properties that are signalled when they change. Remotes advance the position by themselves."""

    playback: Playback
    title: str
    chapter: str
    length: Micros
    volume: float

    @classmethod
    def of(cls, now: Now) -> Shown:
        return cls(_PLAYBACK[now.status], now.title, now.chapter, micros(now.length), now.volume)


class Position:
    """The position that remotes show. While the session plays, they advance the last one signalled."""

    def __init__(self, now: Now, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._told = seconds(now.position)
        self._when = clock()
        self._moving = now.status in _MOVING

    def jumped(self, now: Now) -> bool:
        """Return whether the session is elsewhere than remotes show, so that the caller must notify them.

        This is False while the session waits or the ground is heard, as it continues from the same place.
        """
        if now.status not in _MOVING and now.status not in _STILL:
            return False
        time, place, moving = self._clock(), seconds(now.position), now.status in _MOVING
        believed = self._told + (time - self._when if self._moving else 0.0)
        jumped = abs(place - believed) > _NOTICED_SECONDS
        if jumped or moving != self._moving:
            self._told, self._when, self._moving = place, time, moving
        return jumped
