"""When the episodes of a feed appeared: podcast apps put them in order by it, and it has to stay the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_DAY: Final = 86_400
_APART: Final = 60  # seconds


def by_name(files: Mapping[str, Path]) -> dict[str, int]:
    """Return a moment for each of *files*, in seconds since 1970: when it was changed, in whole days.

    Many are installed in one go. What changed on one day is apart by minutes, the first name latest, so that
    apps that put the newest first show them by name.
    """
    days: dict[int, list[str]] = {}
    for name in sorted(files):
        days.setdefault(_changed(files[name]), []).append(name)
    return {name: day - place * _APART for day, names in days.items() for place, name in enumerate(names)}


def by_day(file: Path, days: Sequence[int]) -> list[int]:
    """Return a moment for each sitting of the program in *file*, in order; *days* are those they are for.

    The last is when the file was changed, in whole days; the others are as far before it as in the program.
    """
    end, last, count = _changed(file), max(days, default=0), len(days)
    return [end - (last - day) * _DAY - (count - 1 - place) * _APART for place, day in enumerate(days)]


def _changed(file: Path) -> int:
    """Return the start of the day on which *file* was changed; 1970 where it is gone."""
    try:
        return int(file.stat().st_mtime) // _DAY * _DAY
    except OSError:
        return 0
