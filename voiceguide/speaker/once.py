"""Sessions planned once, and the file that keeps them while no speaker runs."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import parse_qsl

import msgspec
from msgspec import Struct

from voiceguide.audio import Frames
from voiceguide.errors import WishError
from voiceguide.files import put
from voiceguide.server.query import read_query
from voiceguide.speaker.queue_item import QueueItem

log = logging.getLogger("voiceguide")

FILE: Final = "planned-{port}.json"
"""The file's name in the data folder; each speaker of this computer has its own, by port."""

_MOST_BYTES: Final = 256 * 1024
_LATEST: Final = 1e11
"""The latest moment accepted, in seconds since 1970: about the year 5100, well within the range of dates."""


class Once(Struct, frozen=True):
    """`item`, to be played once at `moment`, in seconds since 1970."""

    moment: float
    item: QueueItem


class _Row(Struct, frozen=True):
    """A `Once` as stored in the file: `length` in frames, `asked` as a query."""

    moment: Annotated[float, msgspec.Meta(ge=0.0, le=_LATEST)]
    script: str
    title: str
    length: int
    asked: str
    resume: bool


def read(path: Path, most: int) -> tuple[Once, ...]:
    """Return at most *most* entries of the file *path*; those that cannot be read are logged as warnings.

    A file that is damaged as a whole is renamed, with ``.damaged`` added to its name.
    """
    try:
        with path.open("rb") as file:
            rows = msgspec.json.decode(file.read(_MOST_BYTES), type=list[msgspec.Raw])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        log.warning("what was asked for with `voiceguide at` is lost: %s cannot be read (%s)", path, error)
        with contextlib.suppress(OSError):
            path.replace(path.with_name(f"{path.name}.damaged"))
        return ()
    found = (_read(row, path) for row in rows[:most])
    return tuple(once for once in found if once is not None)


def write(path: Path, planned: Iterable[Once]) -> None:
    """Write *planned* to the file *path*; a failure is logged as a warning."""
    rows = [_row(each) for each in planned]
    failed = "is forgotten when the speaker ends" if rows else "is not forgotten by the next speaker"
    try:
        if rows:
            put(path, msgspec.json.encode(rows))
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        told = "what was asked for with `voiceguide at` %s: %s cannot be written (%s)"
        log.warning(told, failed, path, error.strerror or error)


def seen(path: Path) -> float | None:
    """Return the time in *path*, up to which all due sessions have been played; None if there is none."""
    try:
        moment = float(path.read_text(encoding="utf-8")[:40])
    except (OSError, ValueError):
        return None
    return moment if 0.0 <= moment <= _LATEST else None


def see(path: Path, moment: float) -> bool:
    """Store in *path* that all sessions due up to *moment* have been played; return whether that worked."""
    try:
        put(path, f"{moment}\n".encode())
    except OSError as error:
        log.debug("not kept: %s", error)
        return False
    return True


def _read(row: msgspec.Raw, path: Path) -> Once | None:
    try:
        return _once(msgspec.json.decode(row, type=_Row))
    except (ValueError, RecursionError, WishError) as error:
        log.warning("a session asked for with `voiceguide at` is lost: %s cannot be read (%s)", path, error)
        return None


def _row(once: Once) -> _Row:
    item = once.item
    return _Row(once.moment, item.script, item.title, item.length, item.asked.query, item.resume)


def _once(row: _Row) -> Once:
    asked = read_query(parse_qsl(row.asked, keep_blank_values=True))
    return Once(row.moment, QueueItem(row.script, row.title, Frames(row.length), asked, row.resume))
