"""What was asked for once, and the file that keeps it while no speaker runs."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from voiceguide.audio import Frames
from voiceguide.errors import SinkError, WishError
from voiceguide.serving.query import read_query
from voiceguide.sinks.file import write_whole
from voiceguide.speaker.entry import Entry

log = logging.getLogger("voiceguide")

FILE: Final = "planned.json"
"""In the data folder, beside the schedule."""

_MOST_BYTES: Final = 256 * 1024


class Once(Struct, frozen=True):
    """*entry* at *moment*, in seconds since 1970, and never again."""

    moment: float
    entry: Entry


class _Row(Struct, frozen=True):
    """A `Once` as it is written: `length` in frames, `asked` as in an address."""

    moment: float
    script: str
    title: str
    length: int
    asked: str
    resume: bool


def read(path: Path, most: int) -> tuple[Once, ...]:
    """Return what the file *path* keeps, at most so many; nothing, and a warning, where it is damaged."""
    try:
        with path.open("rb") as file:
            rows = msgspec.json.decode(file.read(_MOST_BYTES), type=list[_Row])
        return tuple(_once(row) for row in rows[:most])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, WishError) as error:  # msgspec's errors are ValueErrors
        log.warning("what was asked for with `voiceguide at` is lost: %s cannot be read (%s)", path, error)
        return ()


def write(path: Path, planned: Iterable[Once]) -> None:
    """Keep *planned* in the file *path*. Where that cannot be, a warning says that it will be forgotten."""
    rows = [_row(each) for each in planned]
    if not rows:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, msgspec.json.encode(rows))
    except (OSError, SinkError) as error:
        log.warning("what was asked for with `voiceguide at` is forgotten when the speaker ends: %s", error)


def _row(once: Once) -> _Row:
    entry = once.entry
    return _Row(once.moment, entry.script, entry.title, entry.length, entry.asked.query, entry.resume)


def _once(row: _Row) -> Once:
    asked = read_query(parse_qsl(row.asked, keep_blank_values=True))
    return Once(row.moment, Entry(row.script, row.title, Frames(row.length), asked, row.resume))
