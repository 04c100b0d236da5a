"""Short forms with a dot, which voices take for the end of a sentence."""

from __future__ import annotations

import re
from typing import Final

from voiceguide.voices.readings.row import Reading, row

_OVER: Final = re.compile(r"[\"'’”)*]*(?:$|\s+[\"'“‘(*]*[A-Z])")
_GOES_ON: Final = re.compile(r"\s+I\b")

_FORMS: Final = {
    "etc": "et cetera",
    "approx": "approximately",
    "incl": "including",
    "esp": "especially",
    "jr": "junior",
    "sr": "senior",
}
_LEADING: Final = {
    "e.g": "for example",
    "eg": "for example",
    "i.e": "that is",
    "ie": "that is",
    "vs": "versus",
    "cf": "compare",
}
_TITLES: Final = {
    "Dr": "Doctor",
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Prof": "Professor",
    "Mt": "Mount",
}
_LABELS: Final = re.compile(r"(?i:plan|vitamin|type|option|step|point|letter|group|grade|section)\s+$")


def stop(match: re.Match[str]) -> str:
    """Return the punctuation that the dot at the end of *match* stands for, apart from the short form.

    A capital letter after it means that the sentence has ended, except for "I", which tells nothing.
    """
    if _GOES_ON.match(match.string, match.end()):
        return ","
    return "." if _OVER.match(match.string, match.end()) else ""


def spelled(letters: str) -> str:
    """Return *letters* so that every engine reads them one by one: "A M" would begin with the article."""
    return "-".join(letters.upper())


def _known(match: re.Match[str]) -> str:
    return _FORMS[match[1].lower()] + stop(match)


def _leading(match: re.Match[str]) -> str:
    return _LEADING[match[1].lower()]


def _saint_or_street(match: re.Match[str]) -> str:
    """Return "Saint" before a name, "Street" after one."""
    before = match.string[: match.start()]
    named = re.search(r"\w[*'’]*\s+[A-Z][\w'’]*\s+$", before)
    if not named and re.match(r"\s+[*]?[A-Z]", match.string[match.end() :]):
        return "Saint"
    return "Street" + stop(match)


def _letters(match: re.Match[str]) -> str:
    return spelled(re.sub(r"\W", "", match[0])) + (stop(match) if match[0].endswith(".") else "")


def _initial(match: re.Match[str]) -> str:
    """Return an initial of a name, or the end of a sentence, as in "vitamin C. Rest"."""
    return match[0] if _LABELS.search(match.string[: match.start()]) else match[1]


def _either(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in words)


ROWS: Final[tuple[Reading, ...]] = (
    row(rf"\b({_either(_FORMS)})\.(?!\w)", _known, any_case=True),
    row(rf"\b({_either(_LEADING)})\.(?!\w),?", _leading, any_case=True),
    row(r"\bvs\b", "versus"),
    row(rf"\b({_either(_TITLES)})\b\.?(?=\s+[A-Z])", lambda match: _TITLES[match[1]]),
    row(r"\bSt\.(?!\w)", _saint_or_street),
    row(r"\b(?:No|no|Nos|nos|Nr)\.\s?(?=\d)", "number "),
    row(r"\baka\b|\ba\.k\.a\.(?!\w)", "also known as"),
    row(r"(?<![\d\s])\s+[ap]\.\s?m\.(?!\w)", lambda match: " " + _letters(match), any_case=True),
    row(r"\b(?:[A-Z]\.){2,}|\bPh\.?D\b\.?", _letters),
    row(r"(?<![\w.-])([A-HJ-Z])\.(?=\s+[A-Z][a-z])", _initial),
)
