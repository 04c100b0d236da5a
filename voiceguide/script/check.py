"""Lists all problems of a file, warnings included, and never raises for its contents."""

from __future__ import annotations

from pathlib import Path

from voiceguide.errors import Problem
from voiceguide.script.parse import examine, examine_block

BLOCKS = "blocks"
"""The name of folders whose files are blocks, not whole scripts."""


def check(path: str | Path) -> tuple[Problem, ...]:
    """Return every problem of the script *path*, read as a block if its folder is called ``blocks``."""
    path = Path(path)
    if path.parent.name == BLOCKS:
        return examine_block(path, folder=path.parent.parent)
    return examine(path)[1]
