"""The values of a session: items before it is settled, and cues at exact frames after."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct

from voiceguide.audio import Frames
from voiceguide.script.model import Bed, Pace, Where

# Items: what happens, in order. Only Line, Gap and Sound take time; the others happen at an instant.


class Line(Struct, frozen=True):
    """Words spoken in one go. Its length is not known until it is spoken.

    `index` counts lines from 0. Phrases of one written line share `say`, by which captions join them.
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
    """Silence of the voice, from the last sound before to the first sound after; exact if least == most."""

    about: Frames
    least: Frames
    most: Frames
    weight: int = 1

    @property
    def exact(self) -> bool:
        return self.least == self.most


class Sound(Struct, frozen=True):
    """A sound file of the author's own; the next item begins at its end."""

    path: Path
    length: Frames
    level_db: float


class Overlay(Struct, frozen=True):
    """A line spoken on a beat without moving the next item; left out if its clip is longer than `room`."""

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
    """A session written out: only the lengths of its lines and of its flexible rests are open.

    The first `lead_in` frames are silent, but chapters and bed changes before the first sound are at frame 0.
    `tail` is the silence after the last item, which takes the remaining frames. `bed` is the ambience at the
    start. `name` is the script's, for errors.
    """

    name: str
    items: tuple[Item, ...]
    lead_in: Frames
    tail: Gap
    bed: Bed

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every line that may be spoken, in order, including those on the beat of the breath."""
        return tuple(
            item.line if isinstance(item, Overlay) else item
            for item in self.items
            if isinstance(item, Line | Overlay)
        )


# Cues: items at their exact frames.


class SpeechCue(Struct, frozen=True):
    """`line` is heard from `start` to `start + length`, first sound to last.

    `over` is the number of frames by which it exceeds its slot.
    """

    start: Frames
    length: Frames
    line: Line
    over: Frames = Frames(0)


class RestCue(Struct, frozen=True):
    """The voice rests from `start` for `length` frames. `planned` is the written length ("about").

    `short` is the number of frames missing to the written least, if lines took longer than promised.
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
    """The session ends at `start`, which is its length; `unheard` lines and sounds did not fit before it."""

    start: Frames
    unheard: int = 0


Cue = SpeechCue | RestCue | SoundCue | ToneCue | BellCue | BedCue | ChapterCue | EndCue


class Ahead(Struct, frozen=True):
    """Not a cue: announces that the next line begins at `start`, before its length is asked for."""

    start: Frames
