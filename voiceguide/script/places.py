"""Finds the place of a script's top-level keys, for problems found after reading."""

from __future__ import annotations

from pathlib import Path

from voiceguide.script.model import Where
from voiceguide.script.source import Node, Pairs, read


def place(path: Path, *keys: str) -> Where:
    """Return the place of the value at the path *keys* in the file *path*.

    If a key is missing, the place is that of the key around it, or else the first line.
    """
    try:
        node, _ = read(path.read_bytes(), str(path))
    except OSError:
        node = None
    found = Where(str(path), 1, 1, keys[0])
    field = ""
    for name in keys:
        key = node.key(name) if isinstance(node, Pairs) else None
        if key is None:
            break
        field = f"{field}.{name}".lstrip(".")
        found = Where(str(path), key.line, key.column, field)
        node = _value(node, name)
    return found


def _value(node: Node | None, name: str) -> Node | None:
    return node.get(name) if isinstance(node, Pairs) else None
