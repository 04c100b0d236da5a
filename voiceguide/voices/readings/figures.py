"""Figures: counts, ranges, times of day, fractions, dates, ordinals, Roman numerals."""

from __future__ import annotations

import re
from typing import Final

from voiceguide.voices.readings.numbers import decade, ordinal, roman, spaced
from voiceguide.voices.readings.row import Reading, row
from voiceguide.voices.readings.short_forms import spelled, stop

NUMBER: Final = r"\d+(?:,\d{3})*(?:\.\d+)?"
DASH: Final = r"\s?[-‐‑–—−]\s?"
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
    *("November", "December"),
)
_PARTS: Final = ("half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth")
_WHOSE: Final = "the|my|your|his|her|our|their|early|mid|late"
_BARE: Final = ((24, 7), (9, 11))  # "twenty-four seven", "nine eleven"
_NUMBERED: Final = (
    r"[Pp]art|[Cc]hapter|[Ss]tep|[Ss]ection|[Ss]tage|[Pp]hase|[Ll]evel|[Vv]olume|[Bb]ook|[Aa]ct|[Ww]eek|[Dd]ay"
    r"|[Ss]ession|[Tt]ype|[Rr]ound|War"
)
_CROWNED: Final = (
    "Alexander|Benedict|Charles|Edward|Elizabeth|Francis|Frederick|George|Gregory|Henry|James|John|Leo|Louis|Mary"
    "|Napoleon|Nicholas|Paul|Peter|Philip|Pius|Richard|William"
)


def _chain(match: re.Match[str]) -> str:
    """Return "5-4-3" without dashes; telephone numbers digit by digit, with short stops."""
    groups = re.split(DASH, match[0])
    if any(len(group) > 2 or (len(group) > 1 and group[0] == "0") for group in groups):
        return ", ".join(map(spaced, groups))
    return " ".join(groups)


def _range(match: re.Match[str]) -> str:
    first, second = match[1], match[2]
    if first == second:
        return f"{first} {second}"
    if "0" in (first[0], second[0]) and len(first) > 2:
        return f"{spaced(first)}, {spaced(second)}"
    return f"{first} to {second}"


def _date(match: re.Match[str]) -> str:
    year, month, day = match[1], int(match[2]), int(match[3])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return match[0]
    return f"{_MONTHS[month - 1]} {ordinal(day)} {year}"


def _clock(match: re.Match[str]) -> str:
    hours, minutes, half, over = int(match[1]), int(match[2]), match[3], match[4]
    said = str(hours)
    if minutes:
        said += f" oh {minutes}" if minutes < 10 else f" {minutes}"
    elif hours in (0, 24) and not half:
        said = "midnight"
    elif not half:
        said += " o'clock" if hours <= 12 else " hundred"
    return said + _half(match, half) + (" to " if over else "")


def _hour(match: re.Match[str]) -> str:
    return match[1] + _half(match, match[2]) + (" to " if match[3] else "")


def _half(match: re.Match[str], half: str | None) -> str:
    """Return the half of the day at the end of *match*, and the stop that its dot stands for."""
    if not half:
        return ""
    return " " + spelled(f"{half}m") + (stop(match) if match[0].endswith(".") else "")


def _fraction(match: re.Match[str]) -> str:
    whole, above, below = match[1], int(match[2]), int(match[3])
    if not below or (whole and above >= below):
        return match[0]
    if (above, below) in _BARE and not whole:
        return f"{above} {below}"
    if above > below:
        return f"{above} over {below}"
    if above == below or below > 9 or below == 1:
        return f"{whole or ''} {above} out of {below}".strip()
    part = _part(above, below)
    if whole:
        return f"{whole} and {part if above > 1 else 'a ' + part}"
    if above > 1:
        return part
    before, after = match.string[: match.start()], match.string[match.end() :]
    if re.search(r"\b(?:an?|and|the|one|first|other)\s+$", before) or re.match(r"(?:-|\s+an?\b)", after):
        return part
    measured = re.match(r"\s+(hour|hr|minute|min|second|sec|day|mile|cup|step|breath)\b", after)
    if below == 2 and measured:
        return "half an" if measured[1][0] == "h" else "half a"
    return f"a {part}"


def _part(above: int, below: int) -> str:
    if below == 2:
        return "half"
    return f"{above} {_PARTS[below - 2]}s" if above > 1 else _PARTS[below - 2]


def _ordinal(match: re.Match[str]) -> str:
    return ordinal(int(match[1])) if len(match[1]) < 4 else match[0]


def _decade(match: re.Match[str]) -> str:
    return f"{match[1] or ''} {decade(int(match[2]))}".strip()


def _decade_of(match: re.Match[str]) -> str:
    return match[1] + match[2] + decade(int(match[3]))


def _numbered(match: re.Match[str]) -> str:
    number = roman(match[2])
    return match[0] if number is None else f"{match[1]} {number}"


def _crowned(match: re.Match[str]) -> str:
    number = roman(match[2])
    return match[0] if number is None else f"{match[1]} the {ordinal(number)}"


def _alone(match: re.Match[str]) -> str:
    number = roman(match[0])
    return match[0] if number is None else str(number)


def _decimal(match: re.Match[str]) -> str:
    return f"{match[1]} point {spaced(match[2])}"


_M: Final = r"(?:\s?([aApP])(?:\.\s?)?[mM]\b\.?)"
_TO: Final = rf"({DASH}(?=\d))?"

ROWS: Final[tuple[Reading, ...]] = (
    row(r"(?<![\w-])(\d{4})-(\d\d)-(\d\d)(?![\w-])", _date),
    row(r"(?<![\w/])(\d+)/(\d+)/(\d+)(?![\w/])", r"\1 \2 \3"),
    row(rf"(?<![\w.,:/–-])\d+(?:{DASH}\d+){{2,}}(?!\d|[.,:]\d)", _chain),
    row(r"(?<![\d.,])\d(?:,\d)+(?![\d,])", lambda match: match[0].replace(",", ", ")),
    row(r"(?<![\w.,])\d+(?:\.\d+){2,}(?![\d.]*\d)", lambda match: match[0].replace(".", " ")),
    row(r"(?<![\d:.,])(\d{1,2}):([0-5]\d):([0-5]\d)(?![\d:])", r"\1 \2 \3"),
    row(rf"(?<![\d:.,])(2[0-4]|[01]?\d):([0-5]\d)(?![\d:]){_M}?{_TO}", _clock),
    row(rf"(?<![\d:.,])(\d{{1,2}}){_M}{_TO}", _hour),
    row(r"(?<![\w:.,])(\d+):(\d+)(?![\w:])", r"\1 to \2"),
    row(rf"(?<![\w.,/–-])({NUMBER}){DASH}({NUMBER})(?!\d|[-–/]\d)", _range),
    row(r"(?<![\w./])(?:(\d+)\s+)?(\d{1,3})/(\d{1,4})(?![\d/]|\.\d)", _fraction),
    row(r"(?<!\d)(\d+)(?:st|nd|rd|th|ST|ND|RD|TH)\b", _ordinal),
    row(r"\b(1[5-9]|20)([1-9])0['’]?s\b", _decade),
    row(rf"\b({_WHOSE})([\s-])([2-9])0['’]?s\b", _decade_of, any_case=True),
    row(rf"\b({_NUMBERED})\s+([IVX]{{2,}})\b", _numbered),
    row(rf"\b(?![a-z])({_NUMBERED})\s+([IVX])\b(?!['’])", _numbered),
    row(rf"\b({_CROWNED})\s+([IVX]{{2,}})\b", _crowned),
    row(r"\b(?:II|[IVX]{3,})\b", _alone),
)

LAST: Final[tuple[Reading, ...]] = (
    row(r"(?<=\d),(?=\d{3}\b)", ""),
    row(r"(?<![\d.])(\d+)\.(\d+)(?![\d.]*\d)", _decimal),
)
"""Rows that run last, since the rows of units need the original text."""
