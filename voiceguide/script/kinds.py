"""Kinds of single values: how each is read, its name, examples of it, and its JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct

from voiceguide.audio import Frames
from voiceguide.script.durations import LONGEST, PATTERN, duration
from voiceguide.script.model import PACES, Pace
from voiceguide.script.report import nearest, short
from voiceguide.script.text import one_line, phrases, spoken_text

SLOWEST: Final = 60
FASTEST: Final = 200
AUTO: Final = "auto"
QUIETEST_DB: Final = -60.0
LOUDEST_DB: Final = 6.0


class Kind(Struct, frozen=True):
    """A kind of value.

    `read` turns stripped, nonempty text into the value or raises ValueError with a sentence. Without one
    the usual sentence is made of `what` (with article) and `write` (examples). `fills` allows placeholders.
    """

    name: str
    what: str
    write: str
    read: Callable[[str], object]
    schema: Mapping[str, object]
    about: str = ""
    fills: bool = False


class RestSpan(Struct, frozen=True):
    """A rest as written: its usual length and its limits, in frames."""

    about: Frames
    least: Frames
    most: Frames

    @classmethod
    def loose(cls, about: Frames) -> RestSpan:
        """Return what ``~15s`` means: between a third of *about* and four times it, at most `LONGEST`."""
        return cls(about, Frames(max(1, about // 3)), Frames(min(4 * about, LONGEST)))


def _rest(text: str) -> RestSpan:
    try:
        if text.startswith("~"):
            return RestSpan.loose(duration(text[1:].strip()))
        exact = duration(text)
    except ValueError as error:
        # The general advice leaves out that ~ is allowed here.
        raise ValueError(str(error).replace("12s, 1m30s or 10m", "12s, 1m30s or ~12s")) from None
    return RestSpan(exact, exact, exact)


def _length(text: str) -> Frames | str:
    if text == AUTO:
        return AUTO
    try:
        return duration(text)
    except ValueError as error:
        # The general advice leaves out that auto is allowed here.
        raise ValueError(str(error).replace("12s, 1m30s or 10m", "10m, 1h30m or auto")) from None


_LEVEL: Final = re.compile(r"([+-]?\d+(?:\.\d+)?) ?dB", re.ASCII | re.IGNORECASE)


def _level(text: str) -> float:
    match = _LEVEL.fullmatch(text)
    if match is None:
        raise ValueError
    level = float(match[1])
    if not QUIETEST_DB <= level <= LOUDEST_DB:
        raise ValueError(f"{text} is out of range; a level is from {QUIETEST_DB:g} dB to {LOUDEST_DB:+g} dB")
    return level


def _pace(text: str) -> Pace:
    if text in PACES:
        return PACES[text]
    if not (text.isascii() and text.isdigit()):
        raise ValueError
    if len(text) > 3 or not SLOWEST <= int(text) <= FASTEST:
        raise ValueError(
            f"{text} words a minute is out of range; write {SLOWEST} to {FASTEST}, slow or medium"
        )
    return Pace(int(text))


def _matching(pattern: str) -> Callable[[str], str]:
    """Return a reader of text that must match *pattern* as a whole."""
    compiled = re.compile(pattern, re.ASCII)

    def read(text: str) -> str:
        if len(text) > 200 or not compiled.fullmatch(text):
            raise ValueError
        return text

    return read


def _matched(name: str, what: str, write: str, pattern: str, about: str = "") -> Kind:
    return Kind(
        name, what, write, _matching(pattern), {"type": "string", "pattern": f"^(?:{pattern})$"}, about
    )


def choice(*words: str) -> Kind:
    """Return the kind of value that is one of *words*."""

    def read(text: str) -> str:
        if text not in words:
            near = nearest(text, words)
            raise ValueError(
                f'"{short(text)}" is not one of {listed}; did you mean "{near}"?' if near else ""
            )
        return text

    listed = f"{', '.join(words[:-1])} or {words[-1]}"
    return Kind(
        "choice", "one of the choices", listed, read, {"enum": list(words)}, "One of the words listed."
    )


def whole(least: int, most: int) -> Kind:
    """Return the kind of value that is a whole number from *least* to *most*."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise ValueError
        if len(text) > 9 or not least <= int(text) <= most:
            raise ValueError(f"{text[:12]} is out of range; write a whole number from {least} to {most:,}")
        return int(text)

    schema = {"type": "integer", "minimum": least, "maximum": most}
    return Kind("whole number", "a whole number", f"a number from {least} to {most:,}", read, schema)


_OPTION: Final = _matching(r"[^\s{}\[\]*|=,]+(?: [^\s{}\[\]*|=,]+)*")


def _option(text: str) -> str:
    return spoken_text(_OPTION(text))


def _version(text: str) -> int:
    if text != "1":
        raise ValueError(f'"{text}" is not a version of the format that is known here; write voiceguide: 1')
    return 1


_DURATION_SCHEMA: Final = {"type": "string", "pattern": f"^(?=.){PATTERN}$"}
_REST_SCHEMA: Final = {"type": "string", "pattern": f"^~? ?(?=.){PATTERN}$"}
_TEXT_SCHEMA: Final = {"type": ["string", "number", "boolean"], "minLength": 1, "maxLength": 600}

DURATION: Final = Kind(
    "duration",
    "a duration",
    "12s, 1m30s or 10m",
    duration,
    _DURATION_SCHEMA,
    "A time: `0.5s`, `90s`, `1m30s`, `10m`, `1h`; more than nothing, at most 8 hours.",
)
LENGTH: Final = Kind(
    "length",
    "a length",
    "10m, 1h30m or auto",
    _length,
    {"anyOf": [{"const": AUTO}, _DURATION_SCHEMA]},
    "A duration, or `auto`: as long as the lines and rests come to.",
)
REST: Final = Kind(
    "rest",
    "a duration",
    "12s, 1m30s or ~12s",
    _rest,
    _REST_SCHEMA,
    "A duration kept exactly (`6s`), or one that may shrink to a third and grow to four times (`~15s`).",
)
LEVEL: Final = Kind(
    "level",
    "a level",
    "-20 dB",
    _level,
    {"type": "string", "pattern": r"^[+-]?\d+(?:\.\d+)? ?[dD][bB]$"},
    "Loudness relative to the voice, from -60 dB to +6 dB: `-20 dB`.",
)
PACE: Final = Kind(
    "pace",
    "a pace",
    "slow, medium or words a minute such as 100",
    _pace,
    {"anyOf": [{"enum": list(PACES)}, {"type": "integer", "minimum": SLOWEST, "maximum": FASTEST}]},
    f"`slow`, `medium`, or words per minute while speaking, from {SLOWEST} to {FASTEST}.",
)
LINE: Final = Kind(
    "line",
    "a line",
    "some words",
    phrases,
    _TEXT_SCHEMA,
    "Words to speak, at most 600 characters; `[3s]`, `{name}` and `*word*` have a meaning (see above).",
    fills=True,
)
TEXT: Final = Kind("text", "text", "some words", one_line, _TEXT_SCHEMA, "Words, at most 600 characters.")
SAID: Final = Kind("text", "text", "some words", spoken_text, _TEXT_SCHEMA, TEXT.about)
"""Text that may be spoken."""
TITLE: Final = Kind(
    "title",
    "a title",
    "some words",
    spoken_text,
    _TEXT_SCHEMA,
    "Words, at most 600 characters; placeholders are filled in.",
    fills=True,
)
VALUE: Final = Kind(
    "value",
    "text",
    "some words",
    spoken_text,
    {"type": ["string", "number", "boolean"], "maxLength": 600},
    "Words to put in a placeholder's place.",
    fills=True,
)
OPTION: Final = Kind(
    "option",
    "a value of an option",
    "a word or two without any of {}[]*|=,",
    _option,
    {"type": ["string", "number", "boolean"], "pattern": r"^[^{}\[\]*|=,]+$"},
    "A word or two, without any of `{}[]*|=,`.",
)
NAME: Final = _matched(
    "name",
    "a name",
    "small letters, digits and hyphens, as in soft-rain",
    r"[a-z0-9]+(?:-[a-z0-9]+)*",
    "Small letters, digits and hyphens: `soft-rain`.",
)
WORD: Final = _matched(
    "word",
    "a name",
    "letters, digits, - and _, beginning with a letter",
    r"[A-Za-z][A-Za-z0-9_-]*",
    "Letters, digits, `-` and `_`, beginning with a letter.",
)
VOICE: Final = _matched(
    "voice",
    "a voice",
    "an engine or an engine and a voice, as in piper/joe",
    r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.+-]+)?",
    "An engine, or an engine and one of its voices: `piper/joe`. The listener's own choice comes first.",
)
LANGUAGE: Final = _matched(
    "language",
    "a language",
    "en or en-GB",
    r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*",
    "A language tag (BCP 47): `en`, `en-GB`, `de`.",
)
BLOCK: Final = _matched(
    "block",
    "the name of another file",
    "letters, digits, hyphens and /, without .yaml, as in blocks/opening",
    r"[A-Za-z0-9-]+(?:/[A-Za-z0-9-]+)*",
    "Another file, looked for beside the script and then among those that ship; `.yaml` is left out.",
)
FILE: Final = Kind(
    "file",
    "a file name",
    "a file in the script's folder, as in sounds/birds.flac",
    one_line,
    {"type": "string", "minLength": 1},
    "A sound file in the script's folder or a folder inside it, of 10 minutes at most: `sounds/birds.flac`.",
)
VERSION: Final = Kind("version", "a version", "1", _version, {"const": 1}, "The version of the format: `1`.")
