"""The public state of a player."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from voiceguide.audio import Frames

Status = Literal[
    "starting", "playing", "paused", "waiting", "choosing", "grounding", "lost", "stopping", "ended"
]
"""`waiting`: a line is still being spoken; `lost`: there is no sound device any more."""


class Now(Struct, frozen=True):
    """The session as it is heard. `words` is the last line; `choices` are the commands it waits for.

    `volume` is from 0 to 1; `note` is something to tell the listener, or ""; `underruns` counts how often
    the card asked for more than was ready. `speaking`: a voice sounds at this moment.
    """

    status: Status = "starting"
    title: str = ""
    chapter: str = ""
    words: str = ""
    position: Frames = Frames(0)
    length: Frames = Frames(0)
    volume: float = 1.0
    choices: tuple[str, ...] = ()
    note: str = ""
    underruns: int = 0
    speaking: bool = False

    @property
    def remaining(self) -> Frames:
        return Frames(max(0, self.length - self.position))
