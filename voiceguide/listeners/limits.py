"""Bounds on a listener's records: how many of each kind, and how long each may be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, assert_never

import msgspec
from msgspec import Struct

from voiceguide.errors import LimitError
from voiceguide.listeners.records import (
    Bookmark,
    CheckInAnswer,
    Favourite,
    Listening,
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
_MOST_BYTES: Final = 100_000  # of any record as JSON
_LATEST: Final = 253_370_764_800_000  # the year 9999 begins: later ones are no dates

_ID: Final = re.compile(rf"[A-Za-z0-9_.:-]{{1,{LONGEST_ID}}}")
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f\u2028\u2029]*")


class Limit(Struct, frozen=True):
    """At most `most` records, called `plural`; beyond that the oldest are dropped, or new ones refused."""

    most: int
    plural: str
    drops: bool = False


LIMITS: Final[Mapping[str, Limit]] = {
    kind_name(kind): limit
    for kind, limit in (
        (Bookmark, Limit(10_000, "bookmarks", drops=True)),
        (Favourite, Limit(2_000, "favourites")),
        (Listening, Limit(20_000, "entries of the history", drops=True)),
        (Setting, Limit(5_000, "settings")),
        (ProgramDay, Limit(5_000, "days of programs")),
        (CheckInAnswer, Limit(10_000, "check-ins")),
        (Note, Limit(5_000, "notes")),
        (PlayQueue, Limit(1, "queues")),
    )
}
"""Limits by kind. Records that are written automatically drop the oldest; the others are refused."""


def check_device(device: str) -> None:
    """Raises:
    LimitError: if *device* is not a valid name.
    """
    if not 1 <= len(device) <= LONGEST_DEVICE or not _is_line(device) or not is_whole(device):
        raise LimitError(f"the name of a device has 1 to {LONGEST_DEVICE} letters, on one line")


def check_time(at: int) -> None:
    """Raises:
    LimitError: if *at* is not a valid time in ms.
    """
    if not 0 <= at <= _LATEST:
        raise LimitError("a time is a number of milliseconds since 1970, before the year 9999")


def check_key(key: str) -> None:
    """Raises:
    LimitError: if *key* is not a valid key.
    """
    if len(key) > 2 * LONGEST_NAME or not _is_line(key) or not is_whole(key):
        raise LimitError(f"a key is one line of at most {2 * LONGEST_NAME} letters")


def encoded(record: Record) -> str:
    """Check *record* and return it as JSON.

    Raises:
        LimitError: if it is too long or malformed.
    """
    _check(record)
    try:
        made = msgspec.json.encode(record)
        msgspec.json.decode(made, type=type(record))  # a record of wrong types could not be read back
    except UnicodeEncodeError:
        raise LimitError(
            f"a {kind_name(type(record))} has to be valid Unicode; half a surrogate pair is not"
        ) from None
    except msgspec.ValidationError as error:
        raise LimitError(f"not a valid {kind_name(type(record))}: {error}") from error
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
        case Listening():
            _id(record.id)
            _named(record.script, "an exercise")
            check_time(record.began)
            check_time(record.heard)
        case Setting():
            _named(record.name, "a setting")
            if "/" in record.name:
                raise LimitError('the name of a setting must not contain "/"')
            _short(record.value, "the value of a setting", LONGEST_VALUE)
            _short(record.script, "the name of an exercise")
        case ProgramDay():
            _named(record.program, "a program")
            check_time(record.day)
            check_time(record.heard)
        case CheckInAnswer():
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
        raise LimitError(f"the name of {what} must not be empty")
    _short(text, f"the name of {what}")


def _short(text: str, what: str, most: int = LONGEST_NAME) -> None:
    if len(text) > most:
        raise LimitError(f"{what} can have {most} letters; this one has {len(text)}")
    if not _is_line(text):
        raise LimitError(f"{what} has to be one line of text")


def is_whole(text: str) -> bool:
    """Return whether *text* is valid Unicode; the name of a file need not be."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _is_line(text: str) -> bool:
    return _LINE.fullmatch(text) is not None
