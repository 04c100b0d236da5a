"""How much is remembered: one table. What is refused is refused in one sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, assert_never

import msgspec
from msgspec import Struct

from voiceguide.errors import LimitError
from voiceguide.listeners.records import (
    Bookmark,
    CheckIn,
    Favourite,
    Heard,
    Note,
    PlayQueue,
    ProgramDay,
    Record,
    Setting,
    kind_name,
)

NOTE_BYTES: Final = 8_000
LONGEST_NAME: Final = 200
"""Of a script or a program, in letters."""

LONGEST_VALUE: Final = 200
LONGEST_ID: Final = 64
LONGEST_DEVICE: Final = 40
MOST_QUEUED: Final = 200
_MOST_BYTES: Final = 100_000  # of one record as JSON, whatever it is
_LATEST: Final = 1 << 60  # a number that every database takes

_ID: Final = re.compile(rf"[A-Za-z0-9_.:-]{{1,{LONGEST_ID}}}")
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f\u2028\u2029]*")


class Limit(Struct, frozen=True):
    """At most `most` of a kind, called `plural`, are kept; then the oldest *leave*, or no more come."""

    most: int
    plural: str
    leave: bool = False


LIMITS: Final[Mapping[str, Limit]] = {
    kind_name(kind): limit
    for kind, limit in (
        (Bookmark, Limit(10_000, "bookmarks", leave=True)),
        (Favourite, Limit(2_000, "favourites")),
        (Heard, Limit(20_000, "entries of the history", leave=True)),
        (Setting, Limit(5_000, "settings")),
        (ProgramDay, Limit(5_000, "days of programs")),
        (CheckIn, Limit(10_000, "check-ins")),
        (Note, Limit(5_000, "notes")),
        (PlayQueue, Limit(1, "queues")),
    )
}
"""How many of each kind are kept, by its name. What machines write has the oldest leave."""


def check_device(device: str) -> None:
    """Raises:
    LimitError: if *device* is no name for one.
    """
    if not 1 <= len(device) <= LONGEST_DEVICE or not _is_line(device) or not _is_whole(device):
        raise LimitError(f"a device has a name of 1 to {LONGEST_DEVICE} letters; give it another")


def check_time(at: int) -> None:
    """Raises:
    LimitError: if *at* is no time in ms.
    """
    if not 0 <= at <= _LATEST:
        raise LimitError("a time is written in milliseconds since 1970; that was none")


def check_key(key: str) -> None:
    """Raises:
    LimitError: if nothing can be kept under *key*.
    """
    if len(key) > 2 * LONGEST_NAME or not _is_line(key) or not _is_whole(key):
        raise LimitError(f"a key is one line of at most {2 * LONGEST_NAME} letters; that was none")


def encoded(record: Record) -> str:
    """Return *record* as JSON, once it is found to be within bounds.

    Raises:
        LimitError: if it is not.
    """
    _check(record)
    try:
        made = msgspec.json.encode(record)
        msgspec.json.decode(made, type=type(record))  # or it could not be read again
    except UnicodeEncodeError:
        raise LimitError(f"a {kind_name(type(record))} with half a letter in it cannot be kept") from None
    except msgspec.ValidationError as error:
        raise LimitError(f"that is no {kind_name(type(record))}: {error}") from error
    if len(made) > _MOST_BYTES:
        raise LimitError(
            f"a {kind_name(type(record))} can have {_MOST_BYTES} bytes; this one has {len(made)}"
        )
    return made.decode()


def _check(record: Record) -> None:
    match record:
        case Bookmark():
            _named(record.script, "an exercise")
            _short(record.digest, "a digest")
            _short(record.session, "a session's key")
            _short(record.place.line, "the mark of a line", 4 * LONGEST_NAME)
        case Favourite():
            _named(record.script, "an exercise")
        case Heard():
            _id(record.id)
            _named(record.script, "an exercise")
            check_time(record.began)
            check_time(record.heard)
        case Setting():
            _named(record.name, "a setting")
            if "/" in record.name:
                raise LimitError('the name of a setting has no "/" in it')
            _short(record.value, "the value of a setting", LONGEST_VALUE)
            _short(record.script, "the name of an exercise")
        case ProgramDay():
            _named(record.program, "a program")
            check_time(record.day)
            check_time(record.heard)
        case CheckIn():
            _id(record.id)
            _named(record.scale, "a scale")
            _short(record.script, "the name of an exercise")
        case Note():
            _id(record.id)
            _short(record.script, "the name of an exercise")
            size = len(record.text.encode(errors="replace"))
            if size > NOTE_BYTES:
                raise LimitError(f"a note can have {NOTE_BYTES} bytes; this one has {size}")
        case PlayQueue():
            if len(record.items) > MOST_QUEUED:
                raise LimitError(f"a queue can have {MOST_QUEUED} sessions; this one has {len(record.items)}")
            for item in record.items:
                _named(item.script, "an exercise")
        case _:
            assert_never(record)


def _id(text: str) -> None:
    if not _ID.fullmatch(text):
        raise LimitError(f"an id has 1 to {LONGEST_ID} letters, digits, dots, colons and dashes")


def _named(text: str, what: str) -> None:
    if not text:
        raise LimitError(f"{what} has a name; that one had none")
    _short(text, f"the name of {what}")


def _short(text: str, what: str, most: int = LONGEST_NAME) -> None:
    if len(text) > most:
        raise LimitError(f"{what} can have {most} letters; this one has {len(text)}")
    if not _is_line(text):
        raise LimitError(f"{what} is one line of text; this one is not")


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _is_line(text: str) -> bool:
    return _LINE.fullmatch(text) is not None
