"""The table of commands as the manual shows it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from voiceguide.playback.commands import ROWS, Row
from voiceguide.script.reference import refresh, table


def reference() -> str:
    """Return the table as Markdown, with commands that do the same in one row."""
    return table(("command", "key", "said", "what it does"), _rows()) + "\n"


def _rows() -> Iterator[tuple[str, str, str, str]]:
    for does, same in groupby(ROWS, lambda row: row.does):
        rows = list(same)
        keys = [", ".join(_key(key) for key in row.keys) for row in rows]
        yield _span([_name(row) for row in rows]), _span(keys), rows[0].said, does


def _span(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{words[0]} to {words[-1]}"


def _name(row: Row) -> str:
    """Return the row's name in the speaker's API, and its address there."""
    return ", ".join(f"`{word}`" for word in (row.name, row.address) if word)


def _key(key: str) -> str:
    return key if len(key) > 1 else "space" if key == " " else f"`{key}`"


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = Path(name)
        page.write_text(refresh(page.read_text(encoding="utf-8"), reference()), encoding="utf-8")
