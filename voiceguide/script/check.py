"""All that is wrong with a file, warnings too, without ever raising for what is in it."""

from __future__ import annotations

from pathlib import Path

from voiceguide.errors import Problem
from voiceguide.script.parse import examine, examine_block

BLOCKS = "blocks"
"""The name of folders whose files are blocks, not whole scripts."""


def check(path: str | Path) -> tuple[Problem, ...]:
    """Return every problem of the script in *path*, or of the block where its folder is called ``blocks``."""
    path = Path(path)
    if path.parent.name == BLOCKS:
        return examine_block(path, folder=path.parent.parent)
    return examine(path)[1]
