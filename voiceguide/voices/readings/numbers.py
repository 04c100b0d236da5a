"""Numbers as English words, where voices misread digits: ordinals, decades, Roman numerals."""

from __future__ import annotations

from typing import Final

_ORDINALS: Final = (
    *(
        "zeroth",
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
    ),
    *(
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
    ),
    "nineteenth",
)
TENS: Final = ("", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ROMAN: Final = {"I": 1, "V": 5, "X": 10}


def ordinal(number: int) -> str:
    """Return *number*, below 1,000, as in "twenty-first"; hundreds stay digits, which voices read well."""
    if number >= 100:
        rest = number % 100
        return f"{number // 100} hundred and {ordinal(rest)}" if rest else f"{number // 100} hundredth"
    if number < 20:
        return _ORDINALS[number]
    tens = TENS[number // 10]
    return f"{tens}-{_ORDINALS[number % 10]}" if number % 10 else tens.removesuffix("y") + "ieth"


def decade(tens: int) -> str:
    """Return the decade of *tens* (3 for thirty) as in "thirties"."""
    return TENS[tens].removesuffix("y") + "ies"


def roman(numeral: str) -> int | None:
    """Return the value of *numeral*, from I to XXXIX; None if it is not a numeral."""
    total = 0
    for sign, after in zip(numeral, [*numeral[1:], ""], strict=True):
        value = _ROMAN[sign]
        total += -value if _ROMAN.get(after, 0) > value else value
    return total if numeral == _numeral(total) else None


def _numeral(number: int) -> str:
    ones = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
    return "X" * (number // 10) + ones[number % 10]


def spaced(digits: str) -> str:
    """Return *digits* to be read one by one."""
    return " ".join(digits)
