"""A session before and after it is settled: items whose places are open, cues whose places are exact."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

from voiceguide.audio import Frames
from voiceguide.script.model import Bed, Pace, Where

# Items: what is to happen, in order. Only Line, Gap and Sound take time; the others happen at an instant.


class Line(Struct, frozen=True):
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


class Gap(Struct, frozen=True):
    """Silence of the voice, from last sound before to first sound after; exact where least == most."""

    about: Frames
    least: Frames
    most: Frames
    weight: int = 1

    @property
    def exact(self) -> bool:
        return self.least == self.most


class Sound(Struct, frozen=True):
    """A sound of the author's own; what follows waits for its end."""

    path: Path
    length: Frames
    level_db: float


class Overlay(Struct, frozen=True):
    """A line spoken on a beat, without moving what follows; left out where its clip is longer than `room`."""

    line: Line
    room: Frames


class Tone(Struct, frozen=True):
    """A breath tone, exactly `length` long."""

    kind: Literal["in", "hold", "out"]
    length: Frames


class Strike(Struct, frozen=True):
    """One stroke of a bell."""

    sound: str
    level_db: float


class BedChange(Struct, frozen=True):
    """The bed turns into `sound` (None: silence) over `fade` frames; `level_db` None keeps the level."""

    sound: str | None
    level_db: float | None
    fade: Frames


class Chapter(Struct, frozen=True):
    """A chapter begins; `depth` is 0 for the outermost."""

    title: str
    depth: int


Item = Line | Gap | Sound | Overlay | Tone | Strike | BedChange | Chapter


class Timeline(Struct, frozen=True):
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


class SpeechCue(Struct, frozen=True):
    """`line` is heard from `start` to `start + length`: first sound to last.

    `over` is by how much that is more than its slot.
    """

    start: Frames
    length: Frames
    line: Line
    over: Frames = Frames(0)


class RestCue(Struct, frozen=True):
    """The voice rests from `start` for `length` frames. `planned` is what was written ("about").

    `short` is by how much it falls short of the least that was written: then lines took more than they might.
    """

    start: Frames
    length: Frames
    planned: Frames
    exact: bool
    short: Frames = Frames(0)


class SoundCue(Struct, frozen=True):
    start: Frames
    length: Frames
    path: Path
    level_db: float


class ToneCue(Struct, frozen=True):
    start: Frames
    length: Frames
    kind: Literal["in", "hold", "out"]


class BellCue(Struct, frozen=True):
    start: Frames
    sound: str
    level_db: float


class BedCue(Struct, frozen=True):
    start: Frames
    sound: str | None
    level_db: float | None
    fade: Frames


class ChapterCue(Struct, frozen=True):
    start: Frames
    title: str
    depth: int


class EndCue(Struct, frozen=True):
    """The session ends at `start`, which is its length; `unheard` lines and sounds had no room before it."""

    start: Frames
    unheard: int = 0


Cue = SpeechCue | RestCue | SoundCue | ToneCue | BellCue | BedCue | ChapterCue | EndCue


class Ahead(Struct, frozen=True):
    """Not a cue: settling says that the next line begins at `start`, before it asks how long that line is."""

    start: Frames
