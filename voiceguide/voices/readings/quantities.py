"""Figures with what they count: money, units, percentages, "#1", "10+", "3x"."""

from __future__ import annotations

import re
from typing import Final

from voiceguide.voices.readings.figures import DASH, NUMBER
from voiceguide.voices.readings.row import Reading, row
from voiceguide.voices.readings.short_forms import stop

_MONEY: Final = {
    "$": ("dollar", "cents"),
    "£": ("pound", "pence"),
    "€": ("euro", "cents"),
    "₹": ("rupee", "paise"),
}
_SCALES: Final = {"k": "thousand", "m": "million", "bn": "billion"}

_UNITS: Final = {
    "second": ("s", "sec", "secs"),
    "minute": ("m", "min", "mins"),
    "hour": ("h", "hr", "hrs"),
    "millisecond": ("ms",),
    "week": ("wk", "wks"),
    "year": ("yr", "yrs"),
    "kilometre": ("km",),
    "centimetre": ("cm",),
    "millimetre": ("mm",),
    "kilogram": ("kg",),
    "gram": ("g",),
    "milligram": ("mg",),
    "millilitre": ("ml", "mL"),
    "litre": ("l", "L"),
    "pound": ("lb", "lbs"),
    "ounce": ("oz",),
    "foot": ("ft",),
    "mile per hour": ("mph",),
    "kilometre per hour": ("kph", "km/h"),
    "beat per minute": ("bpm",),
    "degree Celsius": ("°C", "°c"),
    "degree Fahrenheit": ("°F",),
    "degree": ("°", "º"),
    "hertz": ("Hz",),
    "kilohertz": ("kHz",),
    "decibel": ("dB",),
    "calorie": ("cal",),
    "kilocalorie": ("kcal",),
}
_NAMES: Final = {short: name for name, shorts in _UNITS.items() for short in shorts}
_SHORT: Final = "|".join(re.escape(short) for short in sorted(_NAMES, key=len, reverse=True))
_UNCHANGED: Final = {"foot": "feet", "hertz": "hertz", "kilohertz": "kilohertz"}
_LONG: Final = re.compile(
    r"\s+(?:tall|away|long|wide|deep|high|far|down|up|apart|across|of|from|radius|race|walk)\b"
)
_PER: Final = {
    **{short: name for short, name in _NAMES.items() if name in ("second", "minute", "hour")},
    **{
        name: name
        for name in ("second", "minute", "hour", "day", "night", "week", "month", "year", "session")
    },
}
_EVERY: Final = "|".join(sorted(_PER, key=len, reverse=True))


def _money(match: re.Match[str]) -> str:
    unit, cents = _MONEY[match[1]]
    amount, upto, scale = match[2], match[3], match[4]
    if scale:
        scale = _SCALES.get(scale.lower(), scale.lower())
    if upto or scale:
        return " ".join(part for part in (amount, upto and f"to {upto}", scale, f"{unit}s") if part)
    whole, _, part = amount.partition(".")
    named = unit if whole == "1" else f"{unit}s"
    if len(part) != 2:
        return f"{amount} {unit if amount == '1' else unit + 's'}"
    if not int(whole.replace(",", "")):
        return f"{int(part)} {cents}"
    return f"{whole} {named} {int(part)}" if int(part) else f"{whole} {named}"


def _unit(match: re.Match[str]) -> str:
    amount, between, short = match[1], match[2], match[3]
    name = _NAMES[short]
    if short == "m" and (between or _LONG.match(match.string, match.end())):
        name = "metre"
    ended = stop(match) if match[0].endswith(".") else ""
    single = amount == "1" or between == "-"
    return f"{amount} {name if single else _many(name)}{ended}"


def _many(name: str) -> str:
    first, _, rest = name.partition(" ")
    return f"{_UNCHANGED.get(first, first + 's')} {rest}".strip()


def _composed(match: re.Match[str]) -> str:
    """Return "1h30m" or "1m30s" in words."""
    found = re.findall(r"(\d+)([hms])", match[0].replace(" ", ""))
    return " ".join(f"{count} {_NAMES[unit]}{'' if count == '1' else 's'}" for count, unit in found)


def _bare(match: re.Match[str]) -> str:
    name = _NAMES[match[1]]
    ended = stop(match) if match[0].endswith(".") else ""
    return (f"{name}s" if match[1].endswith("s") else name) + ended


MONEY: Final[tuple[Reading, ...]] = (
    row(
        rf"([$£€₹])\s?({NUMBER})(?:{DASH}[$£€₹]?({NUMBER}))?(?:\s?(k|K|m|M|bn|thousand|million|billion)\b)?",
        _money,
    ),
    row(r"(?<=\d)\s?¢", " cents"),
)

ROWS: Final[tuple[Reading, ...]] = (
    row(r"\b(\d+h\s?\d+m(?:\s?\d+s)?|\d+m\s?\d+s)\b", _composed),
    row(rf"(?<![\w.,])({NUMBER})(\s|-|)({_SHORT})(?![\w/]|['’-]\w)\.?", _unit),
    row(r"\b(mins|secs|hrs|sec|hr)\b\.?", _bare),
    row(r"\b(?<=\s)(min)\b\.?(?<!\d min)", _bare),
    row(rf"\s?/\s?({_EVERY})\b(?!/)", lambda match: f" per {_PER[match[1]]}"),
    row(r"\s?%", " percent"),
    row(r"#\s?(?=\d)", "number "),
    row(r"(?<=\d)\s?[x×]\s?(?=\d)", " by "),
    row(r"(?<=\d)\s?[x×](?!\w)", " times"),
    row(r"(?<=\d)\+(?=\s|$|[,.;:!?])", " plus"),
    row(r"\s?\+\s?(?=\w)", " plus "),
    row(r"\s?=\s?(?=\w)", " equals "),
    row(r"(?<!\w)[~≈]\s?(?=\d)", "about "),
    row(r"(?<![\w-])[-−](?=\d)", "minus "),
    row(r"(?<!\S)<3(?=\s*(?:$|[.!?,]))", ""),  # a heart, not spoken
    row(r"(?<!\S)<(?=\s?\d)", "less than "),
    row(r"(?<!\S)[>](?=\s?\d)", "more than "),
    row(r"≤\s?", "at most "),
    row(r"≥\s?", "at least "),
)
