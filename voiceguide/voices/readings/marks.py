"""Marks that are words ("&"), pauses (dashes, dots, brackets), or silent."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from voiceguide.voices.readings.row import Reading, row

_FRACTIONS: Final = {
    **{"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5"},
    **{"⅘": "4/5", "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8"},
}
_PICTURES: Final = (
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2022\u25a0-\u25ff"
    "\ufe0e\ufe0f\u200d\u20e3\u2122\u00a9\u00ae]"
)
_BEGINS: Final = re.compile(r"(?:^|[.!?…:])[\"'”’“‘*]*\s*$")


def _or(match: re.Match[str]) -> str:
    """Return "he/she" as "he or she", but "and/or" as "and or"."""
    words = [word.strip() for word in match[0].split("/")]
    joined = " or ".join(words)
    return re.sub(r"\b(and|or) or (?=or\b|and\b)", r"\1 ", joined, flags=re.IGNORECASE)


def _dots(match: re.Match[str]) -> str:
    before, after = match.string[: match.start()], match.string[match.end() :]
    if not before.strip("\"'“‘* "):
        return ""
    if after[:1] in tuple(",;:?!.") or not after:
        return "…" if not after else ""
    return "… " if after[0].isalnum() or after[0] in "\"'“‘*(" else "…"


def _dash(mark: str, match: re.Match[str]) -> str:
    """Return *mark* if a dash makes a pause: between words, and not beside another stop."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    if not before or not after or after[0] in ",.;:?!…":
        return ""
    return " " if before[-1] in ",.;:?!…" else mark


def _aside(match: re.Match[str]) -> str:
    """Return the text in brackets between two short stops, or as a sentence of its own."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    inside = match[1].strip()
    if not any(map(str.isalnum, inside)):
        return ""
    if match[0][0] == "(" and before[-1:].isalnum():
        return inside  # "person(s)"
    if _BEGINS.search(before):
        return f" {inside}" if not after[:1].isalnum() else f" {inside}, "
    start = " " if before.rstrip()[-1:] in ",;:" else ", "
    end = "" if not after.strip() or after.lstrip()[0] in ",.;:?!…" or inside[-1] in ".?!…" else ","
    return start + inside + end


CHARACTERS: Final[tuple[Reading, ...]] = (
    row(rf"(?<=\d)\s?([{''.join(_FRACTIONS)}])", lambda match: f" {_FRACTIONS[match[1]]}"),
    row(f"[{''.join(_FRACTIONS)}]", lambda match: _FRACTIONS[match[0]]),
    row(r"\s*(?:[→⇒➔⟶]|[-=]>)\s*", " — "),
    row(_PICTURES, " "),
    row("[\u00a0\u2009\u202f]", " "),
    row("\u00ad|\u200b|\u200c|\ufeff", ""),
)
"""Rows for characters that have to be replaced before figures are read."""

SIGNS: Final[tuple[Reading, ...]] = (
    row(r"\s?&\s?", " and "),
    row(r"\b[wW]/o\b\s?", "without "),
    row(r"\b[wW]/\s?(?=\w)", "with "),
    row(r"(?<![:/.\w])[A-Za-z'’]+(?:\s?/\s?[A-Za-z'’]+)+(?![\w/]|\.\w)", _or),
    row(r"(?<!\S)@\s?(?=\w)", "at "),
    row(r"(?<=\w)_+(?=\w)", " "),
)

PAUSES: Final[tuple[Reading, ...]] = (
    row(r"\s*(?:…|\.(?:\s?\.)+)(?:[….]|\s\.)*\s*", _dots),
    row(r"(?<=[a-z][.!?])(?=[A-Z][a-z])", " "),
    row(r"(?<=day)\s?[-–]\s?(?=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)", " to "),
    row(r"(?<=[A-Za-z])–(?=[A-Za-z])", "-"),
    row(
        r"(?:\s*(?:[—―]|--+)|\s+[-–]+(?=\s))+\s*|^[-–]\s+",
        partial(_dash, ", "),
        dict.fromkeys(("kokoro", "piper", "system"), partial(_dash, " — ")),
    ),
    row(r"\s*\(([^()]*)\)", _aside),
)
