"""The written exercise as frozen values. Durations are in frames at `audio.RATE`, levels in dB."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, NewType, TypeAlias

from msgspec import Struct, field

from voiceguide.audio import Frames
from voiceguide.errors import Problem
from voiceguide.script.durations import LONGEST

Pace = NewType("Pace", int)
"""Words per minute while speaking, short stops between sentences included."""

PACES: Final = {"slow": Pace(105), "medium": Pace(130)}

BELLS: Final = ("bowl", "chime", "wood")
BREATH_GUIDES: Final = ("tones", "words", "tones and words")
INTENSITIES: Final = ("gentle", "steady", "strong")


class Where(Struct, frozen=True):
    """A place in a file; `line` and `column` count from 1, `field` is the path of the value there."""

    path: str
    line: int
    column: int
    field: str = ""


COMPARE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
"""The comparisons of a length test; they work on one length or an array of lengths."""


class Condition(Struct, frozen=True):
    """`if:` on a step. Each option named must have one of the given values, and every length test must hold.

    `length` has pairs such as ``(">=", frames(600))``.
    """

    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    length: tuple[tuple[str, Frames], ...] = ()

    def holds(self, options: Mapping[str, str], length: Frames) -> bool:
        """Return whether the step is part of a session with these *options* and this *length*."""
        return all(options.get(name) in values for name, values in self.options) and all(
            COMPARE[sign](length, bound) for sign, bound in self.length
        )


class AnyStep(Struct, frozen=True):
    """The fields common to all steps: where it was written, and when it applies."""

    where: Where
    when: Condition | None = None


class Leaf(AnyStep, frozen=True):
    """A step that contains neither other steps nor text of the author's."""


class Phrase(Struct, frozen=True):
    """Words spoken in one go, then an exact pause inside the line (0 after the last, unless written).

    `text` may hold ``{name}`` to fill in and ``*word*`` for emphasis.
    """

    text: str
    pause: Frames = Frames(0)


class Say(AnyStep, frozen=True):
    """One line of speech."""

    phrases: tuple[Phrase, ...] = ()
    pace: Pace | None = None
    voice: str | None = None
    level_db: float = 0.0


class Rest(Leaf, frozen=True):
    """The voice is silent; the bed goes on. Exact where `least` == `about` == `most`."""

    about: Frames = Frames(0)
    least: Frames = Frames(0)
    most: Frames = Frames(0)
    weight: int = 1


class Breathe(Leaf, frozen=True):
    """Paced breathing. Either `rounds` or `lasting` is given; a phase of 0 frames is left out."""

    breath_in: Frames = Frames(0)
    hold_full: Frames = Frames(0)
    breath_out: Frames = Frames(0)
    hold_empty: Frames = Frames(0)
    rounds: int | None = None
    lasting: Frames | None = None
    guide: str = "tones and words"


class Count(Leaf, frozen=True):
    """Numbers spoken aloud from `start` to `stop` (both included), each beginning `every` after the last."""

    start: int = 0
    stop: int = 0
    every: Frames = Frames(0)


class Bell(Leaf, frozen=True):
    """A bell: `times` strokes, `every` apart; it rings on under the next steps."""

    sound: str = "bowl"
    times: int = 1
    every: Frames = Frames(0)
    level_db: float = -10.0


class ChangeAmbience(Leaf, frozen=True):
    """The bed changes here; `sound` None stops it, `level_db` None keeps the level."""

    sound: str | None = None
    level_db: float | None = None
    fade: Frames = Frames(0)


class PlaySound(Leaf, frozen=True):
    """A sound file of the author's own; `length` is read from its header."""

    path: Path = Path()
    length: Frames = Frames(0)
    level_db: float = 0.0


class Section(AnyStep, frozen=True):
    """A chapter."""

    title: str = ""
    steps: tuple[Step, ...] = ()


class Repeat(AnyStep, frozen=True):
    """Steps repeated `times` times, or as often as fits in `lasting`."""

    steps: tuple[Step, ...] = ()
    times: int | None = None
    lasting: Frames | None = None


class OneOf(AnyStep, frozen=True):
    """Several branches, one of which is chosen by the session's seed."""

    branches: tuple[tuple[Step, ...], ...] = ()


class Use(AnyStep, frozen=True):
    """The steps of another file, already read, and the values it is used with, defaults included.

    A value may hold placeholders of the using file.
    """

    name: str = ""
    steps: tuple[Step, ...] = ()
    values: tuple[tuple[str, str], ...] = ()


class CheckIn(Leaf, frozen=True):
    """An optional 0 to 10 question; in a recording it is only spoken."""

    moment: Literal["before", "after"] = "before"


class Rung(Struct, frozen=True):
    """One step of a ladder; `stay` is the rest at its end."""

    where: Where
    title: str
    steps: tuple[Step, ...]
    stay: Rest


class Ladder(AnyStep, frozen=True):
    """Gentle exposure, rung by rung; `ground`, a `Use`, brings the listener back to calm."""

    rungs: tuple[Rung, ...] = ()
    ground: tuple[Step, ...] = ()


Step: TypeAlias = (
    Say
    | Rest
    | Breathe
    | Count
    | Bell
    | ChangeAmbience
    | PlaySound
    | Section
    | Repeat
    | OneOf
    | Use
    | CheckIn
    | Ladder
)


class Lengths(Struct, frozen=True):
    """The lengths that the author declares for a session, in frames."""

    default: Frames
    least: Frames
    most: Frames


class Own(Struct, frozen=True):
    """The script has no declared length: a session is as long as its lines and rests.

    There is no default. Any length from `least` to `most`, in frames, may be asked for; the rests and the
    voice decide which of them are possible.
    """

    least: Frames = Frames(1)
    most: Frames = LONGEST


class Bed(Struct, frozen=True):
    """The ambience under a session; `sound` None means none. `level_db` is relative to the voice."""

    sound: str | None = None
    level_db: float = -20.0


class Script(Struct, frozen=True):
    """One exercise. `name` is its id (the file's stem); `digest` is a SHA-256 over all its files.

    In a library, `name` includes its folders. `warnings` do not prevent use, such as an option that no step
    uses.
    """

    name: str
    path: Path
    title: str
    summary: str
    technique: str
    language: str
    intensity: str
    contains: tuple[str, ...]
    length: Lengths | Own
    options: Mapping[str, tuple[str, ...]]
    pace: Pace
    voice: str | None
    bed: Bed
    steps: tuple[Step, ...]
    digest: str
    warnings: tuple[Problem, ...] = field(default=())
