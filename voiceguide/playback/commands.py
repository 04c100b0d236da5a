"""The commands that a listener may give while a session plays, as values, and one table of their facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames, frames
from voiceguide.errors import WishError
from voiceguide.playback.earcons import Earcon

SKIP: Final = frames(15.0)
TEN_MINUTES: Final = frames(600.0)
LEVEL_STEP_DB: Final = 3.0


class Toggle(Struct, frozen=True):
    """Pause, or go on."""


class Pause(Struct, frozen=True):
    """Be silent, until asked to go on."""


class Play(Struct, frozen=True):
    """Go on after a pause."""


class GoOn(Struct, frozen=True):
    """Go on after a pause; where the ground is heard, come back from it."""


class LineBack(Struct, frozen=True):
    """Go to the start of this line, or of the one before."""


class LineOn(Struct, frozen=True):
    """Go to the next line."""


class Next(Struct, frozen=True):
    """Go to the next chapter or rung; from an aside, come back."""


class Back(Struct, frozen=True):
    """Go to the start of this chapter, or to the one before; on a ladder, a rung back."""


class ToChapter(Struct, frozen=True):
    """Go to chapter *number*, counted from 1."""

    number: int


class Skip(Struct, frozen=True):
    """Go `by` frames on, back where negative."""

    by: int


class Seek(Struct, frozen=True):
    """Go to frame `to` of the session."""

    to: Frames


class Stay(Struct, frozen=True):
    """Make this rest longer."""


class Longer(Struct, frozen=True):
    """Make the session `by` frames longer, shorter where negative."""

    by: int


class GroundMe(Struct, frozen=True):
    """Leave for the ground."""


class Finish(Struct, frozen=True):
    """Go to the closing."""


class Stop(Struct, frozen=True):
    """Fade out and end."""


class Sleep(Struct, frozen=True):
    """Fade out slowly and end in `after` frames; None cancels that."""

    after: Frames | None


class Louder(Struct, frozen=True):
    """Make everything a step louder."""


class Softer(Struct, frozen=True):
    """Make everything a step softer."""


class Volume(Struct, frozen=True):
    """Set the volume to `level`, from 0 to 1; `answered` with a short sound."""

    level: float
    answered: bool = True


class NextBed(Struct, frozen=True):
    """Change to the next ambience."""


class BedLevel(Struct, frozen=True):
    """Make the bed `by_db` louder, softer where negative."""

    by_db: float


class VoiceLevel(Struct, frozen=True):
    """Make the voice `by_db` louder, softer where negative."""

    by_db: float


class Help(Struct, frozen=True):
    """Read the ways to answer aloud."""


OfSession = (
    Toggle | Pause | LineBack | LineOn | Next | Back | ToChapter | Skip | Seek | Stay | Longer | Finish
    | Louder | Softer | NextBed | BedLevel | VoiceLevel | Help
)  # fmt: skip
"""The commands that concern only the session that plays."""

Command = OfSession | Play | GoOn | GroundMe | Stop | Sleep | Volume
"""All commands. Those that are no `OfSession` also concern a speaker as a whole."""


class Row(Struct, frozen=True):
    """A command, and what it `does` in the words of the manual.

    `name` is its name in the speaker's API; `address` is its own address there, if it has one. A row without
    a name is for a command with a value that the listener chooses, and stands for any value. `keys` give it
    in a terminal; `aloud` describes the first of them in the spoken help. `said` is its voice phrase.
    `sounds` are the earcons that confirm it.

    While the session falls asleep, a command that `wakes` cancels the fade and is obeyed; one that `stirs`
    only cancels the fade and restarts the timer. `leaving`: it is obeyed even in the fade-out at the end.
    `newest`: of several in a row only the last is obeyed, as a slider sends more than can be heard.
    """

    name: str
    command: Command
    does: str
    keys: tuple[str, ...] = ()
    aloud: str = ""
    said: str = ""
    sounds: tuple[Earcon, ...] = ()
    address: str = ""
    wakes: bool = True
    stirs: bool = False
    leaving: bool = False
    newest: bool = False


_PAUSES: Final = (
    Row("toggle", Toggle(), "pause, go on", (" ",), "pause, or go on", "", ("pause", "play"), stirs=True),
    Row("pause", Pause(), "pause", (), "", "pause", ("pause",), "/pause", stirs=True),
    Row("play", Play(), "go on after a pause", (), "", "", ("play",), stirs=True),
    Row(
        "go on", GoOn(), "go on after a pause, come back from the ground",
        (), "", "go on", ("play", "next"), "/resume", stirs=True,
    ),
)  # fmt: skip
_LINES: Final = (
    Row("line back", LineBack(), "a line back", ("left",), "a line back", "", ("line back",)),
    Row("line on", LineOn(), "a line on", ("right",), "a line on", "", ("line on",)),
)
_VOLUMES: Final = (
    Row("louder", Louder(), "the volume up", ("up",), "louder", "louder", ("louder",)),
    Row("softer", Softer(), "the volume down", ("down",), "softer", "softer", ("softer",), wakes=False),
    Row("", Volume(1.0), "the volume", (), "", "", ("louder", "softer"), "/volume", newest=True),
)
_PARTS: Final = (
    Row("stay", Stay(), "this rest lasts 30 seconds longer", ("s",), "stay longer", "stay", ("stay",)),
    Row(
        "next", Next(), "the next part; comes back from the ground",
        ("n", "page down"), "the next part", "next", ("next",),
    ),
    Row(
        "back", Back(), "back to the start of this part or to the one before",
        ("b", "page up"), "back", "back", ("back",),
    ),
)  # fmt: skip
_ENDS: Final = (
    Row(
        "ground", GroundMe(), "ground me; then `next` comes back and `finish` finishes",
        ("g",), "ground me", "ground me", ("ground",), "/ground-me", leaving=True,
    ),
    Row(
        "finish", Finish(), "finish gently, with the closing; a session that has none fades out",
        ("q",), "finish gently", "finish", ("finish",),
    ),
    Row(
        "stop", Stop(), "stop now, in a second and a half",
        ("Q",), "stop now", "", ("stop",), "/stop", wakes=False, leaving=True,
    ),
    Row("", Sleep(None), "fade out after this time, over 20 seconds", address="/sleep"),
)  # fmt: skip
_LENGTHS: Final = (
    Row(
        "longer", Longer(TEN_MINUTES), "ten minutes more, as far as the script can; on a ladder, stay",
        ("+", "="), "ten minutes more", "", ("longer", "stay"),
    ),
    Row(
        "shorter", Longer(-TEN_MINUTES),
        "ten minutes less, as far as the script can; the closing comes in any case",
        ("-",), "ten minutes less", "", ("shorter",),
    ),
)  # fmt: skip
_PLACES: Final = (
    Row("skip back", Skip(-SKIP), "15 seconds back", (",",), "fifteen seconds back", "", ("skip back",)),
    Row("skip on", Skip(SKIP), "15 seconds on", (".",), "fifteen seconds on", "", ("skip on", "next")),
    Row("chapter 1", ToChapter(1), "that part", ("1",), "that part", "", ("next",)),
    *(Row(f"chapter {n}", ToChapter(n), "that part", (str(n),), "", "", ("next",)) for n in range(2, 10)),
    Row("", Seek(Frames(0)), "a place in the session: a slider's", sounds=("line on",), newest=True),
)
_BEDS: Final = (
    Row(
        "ambience", NextBed(), "another sound behind the voice, and after the last one none",
        ("c",), "another sound behind the voice", "", ("ambience",),
    ),
    Row(
        "ambience louder", BedLevel(LEVEL_STEP_DB), "that sound louder, by 3 dB",
        ("a",), "more of it", "", ("ambience louder",),
    ),
    Row(
        "ambience softer", BedLevel(-LEVEL_STEP_DB), "that sound softer, by 3 dB",
        ("A",), "less", "", ("ambience softer",),
    ),
)  # fmt: skip
_VOICES: Final = (
    Row(
        "voice louder", VoiceLevel(LEVEL_STEP_DB), "the voice louder, by 3 dB",
        ("v",), "the voice louder", "", ("voice louder",),
    ),
    Row(
        "voice softer", VoiceLevel(-LEVEL_STEP_DB), "the voice softer, by 3 dB",
        ("V",), "softer", "", ("voice softer",),
    ),
)  # fmt: skip
_HELP: Final = (Row("help", Help(), "hear the keys", ("?",), "", "", ("help",)),)

GROUPS: Final = (
    _PAUSES, _LINES, _VOLUMES, _PARTS, _ENDS, _LENGTHS, _PLACES, _BEDS, _VOICES, _HELP
)  # fmt: skip
"""The rows, grouped as the spoken help reads them, a line for each group."""

ROWS: Final = tuple(row for group in GROUPS for row in group)

COMMANDS: Final[Mapping[str, Command]] = {row.name: row.command for row in ROWS if row.name}
"""The commands that have a name."""

SAID: Final[Mapping[str, Command]] = {row.said: row.command for row in ROWS if row.said}
"""The command of each voice phrase."""

_OF_VALUE: Final[Mapping[Command, Row]] = {row.command: row for row in ROWS}
_OF_KIND: Final[Mapping[type[Command], Row]] = {type(row.command): row for row in reversed(ROWS)}


def row_of(command: Command) -> Row:
    """Return the row of *command*, or else the first row of its type."""
    return _OF_VALUE.get(command) or _OF_KIND[type(command)]


def named(name: str) -> Command:
    """Return the command called *name*.

    Raises:
        WishError: if there is none; the message lists the names.
    """
    try:
        return COMMANDS[name]
    except KeyError:
        raise WishError(f'"{name[:40]}" is no command; there are {", ".join(COMMANDS)}') from None
