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
"""The tests of a length: of one, or of an array of them."""


class Condition(Struct, frozen=True):
    """`if:` on a step. Every option named must have one of the values given, and every length test must hold.

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
    """What every step has: where it was written, and when it applies."""

    where: Where
    when: Condition | None = None


class Leaf(AnyStep, frozen=True):
    """A step that has neither other steps nor words of its author's in it."""


class Phrase(Struct, frozen=True):
    """Words spoken in one go, then an exact pause inside the line (0 after the last, unless written).

    `text` may hold ``{name}`` to fill in and ``*word*`` to lean on.
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
    """Numbers spoken aloud from `start` to `stop` (both included), their first sounds `every` apart."""

    start: int = 0
    stop: int = 0
    every: Frames = Frames(0)


class Bell(Leaf, frozen=True):
    """A bell, `times` strokes `every` apart, ringing on under what follows."""

    sound: str = "bowl"
    times: int = 1
    every: Frames = Frames(0)
    level_db: float = -10.0


class ChangeAmbience(Leaf, frozen=True):
    """The bed changes here; `sound` None is no bed, `level_db` None keeps the level."""

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
    """Steps said again: `times`, or as often as fits in `lasting`."""

    steps: tuple[Step, ...] = ()
    times: int | None = None
    lasting: Frames | None = None


class OneOf(AnyStep, frozen=True):
    """One branch, chosen by the session's seed."""

    branches: tuple[tuple[Step, ...], ...] = ()


class Use(AnyStep, frozen=True):
    """Another file's steps, already read, and its values, defaults included.

    A value may hold placeholders of the file that uses it.
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
    """Gentle exposure, rung by rung; `ground`, a `Use`, brings the listener back."""

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
    """How long a session of this script may be, in frames, as its author declares."""

    default: Frames
    least: Frames
    most: Frames


class Own(Struct, frozen=True):
    """A session is as long as its lines and rests come to: known, to the frame, once it is known who speaks.

    There is no default then. Any length may be asked for from `least` to `most`, in frames; which of them can
    be had is up to the rests.
    """

    least: Frames = Frames(1)
    most: Frames = LONGEST


class Bed(Struct, frozen=True):
    """The ambience under a session; `sound` None is none. `level_db` is relative to the voice."""

    sound: str | None = None
    level_db: float = -20.0


class Script(Struct, frozen=True):
    """One exercise. `name` is its id (the file's stem); `digest` is a SHA-256 over it and all it uses.

    In a library its folders are part of its name. `warnings` are problems that stop nothing, such as an
    option that no step asks for.
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
