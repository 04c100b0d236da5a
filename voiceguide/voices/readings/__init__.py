"""Rewrites text so that voices read it right: figures, short forms, capitals and marks.

Engines read “4-7-8” with two dashes, “OUT” as three letters, and stop for a second after “p.m.”. Each
language has one table with a row for each such form: the text that every engine is given and, where it
differs, that of a single engine. Text in a language without a table is unchanged.
"""

from __future__ import annotations

from functools import lru_cache

from voiceguide.voices.readings.row import Table

_KEPT = 4096


@lru_cache(maxsize=_KEPT)
def speakable(text: str, engine: str, language: str) -> str:
    """Return *text*, in the *language* of a BCP 47 tag, rewritten for *engine*. Pure."""
    table = _table(language.split("-")[0].lower())
    if table is None or not table.hint.search(text):
        return text
    for row in table.rows():
        text = row.read(text, engine)
    return " ".join(text.split())


def _table(language: str) -> Table | None:
    """Return the table of *language*, loaded when first needed."""
    if language == "en":
        from voiceguide.voices.readings.english import TABLE

        return TABLE
    return None
