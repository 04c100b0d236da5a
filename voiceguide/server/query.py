"""The query parameters of a session's address: one table for parsing, errors and the API's description."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from msgspec import Struct, field

from voiceguide.errors import WishError
from voiceguide.plan.wishes import LONGEST_NAME, LOUDEST_DB, LOUDNESSES, QUIETEST_DB, Wishes
from voiceguide.script.durations import duration, written

MOST_VALUES: Final = 24
LONGEST_VALUE: Final = 80
LONGEST_PROGRAM: Final = 60

_VOICE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}(/[A-Za-z0-9_.-]{1,40})?")
_SOUND: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_SEED: Final = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
_LEVEL: Final = re.compile(r"[+-]?\d{1,2}(\.\d{1,20})?([eE]-\d{1,3})?")
_COUNT: Final = re.compile(r"\d{1,3}")
_MOST_COUNT: Final = 999
_SIXTY: Final = r"(?:[1-9]|[1-5]\d)"
# Lengths up to eight hours, in the usual ways to write them: 90 or 90s, 7m13s, 1h5m, 100m, 8h.
_LENGTH: Final = (
    rf"^(?:[1-9]\d{{0,3}}s?|(?:[1-7]h)?(?:{_SIXTY}m)?{_SIXTY}s|[1-7]h{_SIXTY}m"
    r"|(?:[1-9]\d?|[1-3]\d\d|4[0-7]\d)m|[1-8]h)$"
)
# Without the characters of markup, which is not spoken, and control characters and line breaks.
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029<>\[\]{}()*_~`|/\\&#=:]*")
_PART: Final = re.compile(r"[a-z]{1,12}(-\d{1,3})?")
_PROGRAM: Final = re.compile(rf"[^\x00-\x1f\x7f/\\]{{1,{LONGEST_PROGRAM}}}\.[1-9]\d{{0,2}}")


class Parameter(Struct, frozen=True):
    """A query parameter. `read` parses its text (ValueError: it is invalid), and `write` formats it again.

    `wish` is the field of `Wishes` it fills, or "". `schema` describes it in JSON Schema.
    """

    name: str
    about: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    wish: str = ""


class Asked(Struct, frozen=True):
    """A parsed query: the wishes, and the form in which the session is asked for.

    `part` is one of a ladder's parts, "" for the whole; `program` is the program and day, as PROGRAM.DAY, ""
    for none. `bitrate` is in bit/s. `query` is the canonical text of everything but `download`: equal wishes
    have the same text.
    """

    wishes: Wishes = field(default_factory=Wishes)
    part: str = ""
    program: str = ""
    bitrate: int | None = None
    download: bool = False
    query: str = ""


def _matching(pattern: re.Pattern[str], what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(what)
        return text

    return read


def _number(pattern: re.Pattern[str], what: str, kind: Callable[[str], Any]) -> Callable[[str], Any]:
    check = _matching(pattern, what)
    return lambda text: kind(check(text))


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"write {' or '.join(choices)}")
        return text

    return read


def _name(text: str) -> str:
    if len(text) > LONGEST_NAME or not _NAME.fullmatch(text):
        raise ValueError(f"write at most {LONGEST_NAME} letters, without brackets and the like")
    return text


PARAMETERS: Final = {
    row.name: row
    for row in (
        Parameter(
            "length",
            "How long, to the frame, such as 7m or 7m13s; the script's usual length unless given.",
            {"type": "string", "pattern": _LENGTH, "examples": ["7m", "7m13s"]},
            lambda text: duration(f"{text}s" if text.isdecimal() else text),
            written,
            "length",
        ),
        Parameter(
            "voice",
            "Who speaks, as ENGINE or ENGINE/NAME; see /api/voices.",
            {"type": "string", "pattern": f"^{_VOICE.pattern}$"},
            _matching(_VOICE, "write ENGINE or ENGINE/NAME, such as piper/joe"),
            wish="voice",
        ),
        Parameter(
            "ambience",
            "What sounds underneath: a name from /api/ambiences, or none.",
            {"type": "string", "pattern": f"^{_SOUND.pattern}$"},
            _matching(_SOUND, "write the name of a sound, such as soft-rain, or none"),
            wish="ambience",
        ),
        Parameter(
            "level",
            "How loud the ambience is, in dB against the voice.",
            {"type": "number", "minimum": QUIETEST_DB, "maximum": LOUDEST_DB},
            _number(_LEVEL, "write a number of dB, such as -20", float),
            lambda level: f"{level:g}",
            "ambience_level_db",
        ),
        Parameter(
            "seed",
            "Chooses between variants of a script; the day's date unless given.",
            {"type": "string", "pattern": f"^{_SEED.pattern}$"},
            _matching(_SEED, "write up to 40 letters and digits"),
            wish="seed",
        ),
        Parameter(
            "rungs",
            "How far up a ladder to go; the first rung unless given.",
            {"type": "integer", "minimum": 1, "maximum": _MOST_COUNT},
            _number(_COUNT, "write a whole number", int),
            wish="rungs",
        ),
        Parameter(
            "name",
            "What to call the listener, in scripts that do.",
            {"type": "string", "maxLength": LONGEST_NAME, "pattern": f"^{_NAME.pattern}$"},
            _name,
            wish="name",
        ),
        Parameter(
            "loudness",
            "calm: speech at -19 LUFS; podcast: at -16.",
            {"type": "string", "enum": list(LOUDNESSES)},
            _one_of(*LOUDNESSES),
            wish="loudness",
        ),
        Parameter(
            "part",
            "One part of a ladder, as listed under parts in /api/scripts/{script}.",
            {"type": "string", "pattern": f"^{_PART.pattern}$"},
            _matching(_PART, "write a part's name, such as rung-1"),
        ),
        Parameter(
            "program",
            "The program and the day that it is heard in, as PROGRAM.DAY: an audiobook then says its series.",
            {"type": "string", "pattern": f"^{_PROGRAM.pattern}$"},
            _matching(_PROGRAM, "write a program and a day of it, such as first-week.2"),
        ),
        Parameter(
            "bitrate",
            "In kbit/s, where the format has a choice.",
            {"type": "integer", "minimum": 1, "maximum": _MOST_COUNT},
            _number(_COUNT, "write a whole number of kbit/s, such as 128", lambda text: int(text) * 1000),
            lambda bitrate: str(bitrate // 1000),
        ),
        Parameter(
            "download",
            "1: answer as a file to keep, and make it to the end.",
            {"type": "string", "enum": ["0", "1"]},
            lambda text: _one_of("0", "1")(text) == "1",
        ),
    )
}
"""Every query parameter but the script's own options, by name."""

_OWN: Final = "option."
TAKEN: Final = frozenset([*PARAMETERS, "sig", "token", "script", "resume", "at"])
"""Names with a meaning of their own in an address or for a speaker; a script's options may have them too."""


def option_name(name: str) -> str:
    """Return the parameter for the script's option *name*: option.NAME if NAME has another meaning."""
    return _OWN + name if name in TAKEN or name.startswith(_OWN) else name


def read_query(pairs: Iterable[tuple[str, str]]) -> Asked:
    """Parse *pairs* of names and values; a name that is not in the table is an option of the script.

    Raises:
        WishError: if there are too many, or one is too long, repeated or invalid.
    """
    values: dict[str, Any] = {}
    options: dict[str, str] = {}
    given = list(pairs)
    if len(given) > MOST_VALUES:
        raise WishError(f"the address asks for {len(given)} things; {MOST_VALUES} are the most")
    for name, text in given:
        row = PARAMETERS.get(name)
        option = name.removeprefix(_OWN)
        if name in values or (row is None and option in options):
            raise WishError(f'"{name[:40]}" is asked for twice; leave one out')
        if not text:
            continue  # forms send empty fields too
        if len(name) > LONGEST_VALUE or len(text) > LONGEST_VALUE:
            raise WishError(f'"{name[:40]}" is too long; {LONGEST_VALUE} letters are the most')
        if row is None:
            options[option] = text
        else:
            values[name] = _read(row, text)
    wishes = Wishes(
        options=options,
        **{PARAMETERS[name].wish: value for name, value in values.items() if PARAMETERS[name].wish},
    )
    return Asked(
        wishes,
        values.get("part", ""),
        values.get("program", ""),
        values.get("bitrate"),
        values.get("download", False),
        _canonical(values, options),
    )


def named(wishes: Wishes) -> dict[str, str]:
    """Return those of *wishes* that differ from the defaults, as parameters and texts, without options."""
    usual = Wishes()
    asked = [(row, getattr(wishes, row.wish)) for row in PARAMETERS.values() if row.wish]
    return {row.name: row.write(value) for row, value in asked if value != getattr(usual, row.wish)}


def pairs(wishes: Wishes) -> dict[str, str]:
    """Return *wishes* as names and values from which `read_query` makes the same wishes."""
    return named(wishes) | {option_name(name): value for name, value in wishes.options.items()}


def _read(row: Parameter, text: str) -> Any:
    try:
        return row.read(text)
    except ValueError as error:
        raise WishError(f'"{row.name}" cannot be "{text}": {error}') from error


def _canonical(values: Mapping[str, Any], options: Mapping[str, str]) -> str:
    ordered = [(name, row.write(values[name])) for name, row in PARAMETERS.items() if name in values]
    kept = [pair for pair in ordered if pair[0] != "download"]
    own = sorted((option_name(name), value) for name, value in options.items())
    return urlencode([*kept, *own])
