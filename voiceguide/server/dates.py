"""Stable publication dates for the episodes of a feed, by which podcast apps sort them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_DAY: Final = 86_400
_APART: Final = 60  # seconds


def by_name(files: Mapping[str, Path]) -> dict[str, int]:
    """Return a date for each of *files*, in seconds since 1970: the day on which it was modified.

    Many files are installed at once. Those of one day are a minute apart, the first name latest, so that
    apps that show the newest first sort them by name.
    """
    days: dict[int, list[str]] = {}
    for name in sorted(files):
        days.setdefault(_changed(files[name]), []).append(name)
    return {name: day - place * _APART for day, names in days.items() for place, name in enumerate(names)}


def by_day(file: Path, days: Sequence[int]) -> list[int]:
    """Return a date for each sitting of the program in *file*, in order, in seconds since 1970.

    *days* are the program days of the sittings. The last date is the day on which the file was modified; the
    others precede it as in the program.
    """
    end, last, count = _changed(file), max(days, default=0), len(days)
    return [end - (last - day) * _DAY - (count - 1 - place) * _APART for place, day in enumerate(days)]


def _changed(file: Path) -> int:
    """Return the start of the day on which *file* was modified, in seconds since 1970; 0 if it is gone."""
    try:
        return int(file.stat().st_mtime) // _DAY * _DAY
    except OSError:
        return 0
