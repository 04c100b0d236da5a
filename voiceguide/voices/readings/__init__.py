"""Text as a voice can read it: figures, short forms, capitals and marks as what they stand for.

Engines read “4-7-8” with two dashes, “OUT” as three letters, and stop for a second after “p.m.”. What is
said in place of such text stands in one table a language: a row for each form, with what every engine is
given and, where it differs, what one of them is. A language without a table is left as it is written.
"""

from __future__ import annotations

from functools import lru_cache

from voiceguide.voices.readings.row import Table

_KEPT = 4096


@lru_cache(maxsize=_KEPT)
def speakable(text: str, engine: str, language: str) -> str:
    """Return *text*, in the *language* of a BCP 47 tag, as *engine* is to be given it. Pure."""
    table = _table(language.split("-")[0].lower())
    if table is None or not table.hint.search(text):
        return text
    for row in table.rows():
        text = row.read(text, engine)
    return " ".join(text.split())


def _table(language: str) -> Table | None:
    """Return the table of *language*, which is read when it is first needed."""
    if language == "en":
        from voiceguide.voices.readings.english import TABLE

        return TABLE
    return None
