"""A session before and after it is settled: items whose places are open, cues whose places are exact."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from voiceguide.audio import Frames
from voiceguide.script.model import Bed, Pace, Where

# Items: what is to happen, in order. Only Line, Gap and Sound take time; the others happen at an instant.


@dataclass(frozen=True, slots=True)
class Line:
    """Words spoken in one go. Its length is not known until it is spoken.

    `index` counts lines from 0; `say` is the same for the phrases of one written line (captions join them).
    `slot` > 0: the next item begins `slot` frames after this line's first sound (counting).
    `voice` is a preference the script states, or None.
    """

    index: int
    say: int
    text: str
    pace: Pace
    voice: str | None
    level_db: float
    where: Where
    slot: Frames = Frames(0)


@dataclass(frozen=True, slots=True)
class Gap:
    """Silence of the voice, from last sound before to first sound after; exact where least == most."""

    about: Frames
    least: Frames
    most: Frames
    weight: int = 1

    @property
    def exact(self) -> bool:
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class Sound:
    """A sound of the author's own; what follows waits for its end."""

    path: Path
    length: Frames
    level_db: float


@dataclass(frozen=True, slots=True)
class Overlay:
    """A line spoken on a beat, without moving what follows; left out where its clip is longer than `room`."""

    line: Line
    room: Frames


@dataclass(frozen=True, slots=True)
class Tone:
    """A breath tone, exactly `length` long."""

    kind: Literal["in", "hold", "out"]
    length: Frames


@dataclass(frozen=True, slots=True)
class Strike:
    """One stroke of a bell."""

    sound: str
    level_db: float


@dataclass(frozen=True, slots=True)
class BedChange:
    """The bed turns into `sound` (None: silence) over `fade` frames; `level_db` None keeps the level."""

    sound: str | None
    level_db: float | None
    fade: Frames


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter begins; `depth` is 0 for the outermost."""

    title: str
    depth: int


Item = Line | Gap | Sound | Overlay | Tone | Strike | BedChange | Chapter


@dataclass(frozen=True, slots=True)
class Timeline:
    """A session written out: everything is decided but the lengths of its lines and of its flexible rests.

    The first `lead_in` frames are silent; chapters and bed changes before the first sound are at frame 0 all
    the same. `tail` is the silence after the last item; it takes the last frames. `bed` is how the ambience
    starts. `name` is the script's, for errors.
    """

    name: str
    items: tuple[Item, ...]
    lead_in: Frames
    tail: Gap
    bed: Bed

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line that may be spoken, in order, those on the beat of the breath too."""
        return tuple(
            item.line if isinstance(item, Overlay) else item
            for item in self.items
            if isinstance(item, Line | Overlay)
        )


# Cues: the same, each at its exact frame.


@dataclass(frozen=True, slots=True)
class SpeechCue:
    """`line` is heard from `start` to `start + length`: first sound to last."""

    start: Frames
    length: Frames
    line: Line


@dataclass(frozen=True, slots=True)
class RestCue:
    """The voice rests from `start` for `length` frames. `planned` is what was written ("about")."""

    start: Frames
    length: Frames
    planned: Frames
    exact: bool


@dataclass(frozen=True, slots=True)
class SoundCue:
    start: Frames
    length: Frames
    path: Path
    level_db: float


@dataclass(frozen=True, slots=True)
class ToneCue:
    start: Frames
    length: Frames
    kind: Literal["in", "hold", "out"]


@dataclass(frozen=True, slots=True)
class BellCue:
    start: Frames
    sound: str
    level_db: float


@dataclass(frozen=True, slots=True)
class BedCue:
    start: Frames
    sound: str | None
    level_db: float | None
    fade: Frames


@dataclass(frozen=True, slots=True)
class ChapterCue:
    start: Frames
    title: str
    depth: int


@dataclass(frozen=True, slots=True)
class EndCue:
    """The session ends at `start`, which is its length."""

    start: Frames


Cue = SpeechCue | RestCue | SoundCue | ToneCue | BellCue | BedCue | ChapterCue | EndCue


@dataclass(frozen=True, slots=True)
class Ahead:
    """Not a cue: settling says that the next line begins at `start`, before it asks how long that line is."""

    start: Frames
