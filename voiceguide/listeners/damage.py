"""Setting a damaged database aside: it is renamed, so that a new one can take its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from voiceguide.files.locks import locked

MOST: Final = 3
"""Most damaged files kept for one listener; a further one replaces the last."""


def set_aside(path: Path, still: Callable[[], bool]) -> Path | None:
    """Rename the file *path* and its log, and return the new path; None if it is not *still* the same file.

    Raises:
        OSError: if it cannot be renamed.
    """
    with locked(path.parent / ".lock"):
        if not still():
            return None
        names = [path.with_name(f"{path.name}.damaged-{number}") for number in range(1, MOST + 1)]
        target = next((name for name in names if not name.exists()), names[-1])
        _log_of(path, "-shm").unlink(missing_ok=True)
        _log_of(target, "-wal").unlink(missing_ok=True)
        if _log_of(path, "-wal").exists():  # before the file, or the next one there would read it
            _log_of(path, "-wal").replace(_log_of(target, "-wal"))
        return path.replace(target)


def files_aside(path: Path) -> Iterator[Path]:
    """Yield the files that *path* was set aside as, with their logs."""
    for found in path.parent.glob("*"):
        if found.name.startswith(f"{path.name}.damaged-"):
            yield found


def _log_of(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
