"""Detects other tools' markup in spoken text: tags, Markdown, directions, pause marks.

Each kind has a row: its pattern, and what an author writes here instead.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final

from voiceguide.audio import frames
from voiceguide.script.durations import duration, written
from voiceguide.script.report import short

_LEAVE: Final = "leave it out"
_PLAIN: Final = "leave the marks out"
_UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_UNIT: Final = r"ms|msecs?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?"
_AMOUNT: Final = rf"(?P<count>\d+(?:\.\d+)?)\s*-?\s*(?P<unit>(?:{_UNIT})\b)?"
_MOST_SECONDS: Final = 3600.0

_STILL: Final = r"(?:pause[sd]?|pausing|break|silence|silent|beat|wait|rest|hold|slnc|delay|gap)"
_HOW: Final = r"(?:long|longer|short|shorter|brief|small|slight|quick|deep)"
_PAUSE: Final = (
    rf"(?:{_HOW}\s+)?(?:pause[sd]?|pausing|beat|silence)"
    rf"|{_STILL}\s*[:=,-]?\s*(?:of\s+|for\s+)?{_AMOUNT}"
    rf"|{_AMOUNT.replace('count', 'count2').replace('unit', 'unit2')}\s*(?:of\s+)?{_STILL}"
)
_ONLY_TIME: Final = rf"{_AMOUNT}\.?"
_ABBREVIATED: Final = r"\d+(?:\.\d+)?\s*(?:s|secs?|ms)\.?"
_STAMP: Final = r"0?0:\d\d"
_NOISE: Final = (
    r"(?:soft\s+|deep\s+|long\s+|small\s+)?(?:sigh(?:s|ing)?|laugh(?:s|ing|ter)?|chuckles?|giggles?|cough(?:s|ing)?"
    r"|gasps?|sniffs?|yawn(?:s|ing)?|clears\s+throat|whisper(?:s|ing|ed)?|inhales?|exhales?|(?:soft\s+)?music"
    r"(?:\s+\w+)?|sfx.*|sound\s+effects?.*|applause|(?:bell|gong|chime)s?(?:\s+(?:rings?|sounds?))?)"
)
_MANNER: Final = (
    r"(?:in\s+a\s+|speaking\s+|very\s+)*(?:softly|slowly|gently|calmly|quietly|warmly|smiling|smiles|soft|calm|warm"
    r"|soothing|quiet|slow)(?:\s+(?:voice|tone))?"
)
_ENDED: Final = r"(?:^|[.!?…:\]]\s*)$"
_BEGINS: Final = r"\s*(?:$|[A-Z\"“‘(\[{*])"

_Advice = Callable[[re.Match[str]], str | None]
"""Returns what to write instead of a match, or None if the match is not markup."""


def refuse(text: str) -> None:
    """Check that *text* has no markup but this program's own.

    Raises:
        ValueError: with a sentence on the first markup found and what to write instead.
    """
    found = first(text)
    if found is not None:
        raise ValueError(found[1])


def first(text: str) -> tuple[int, str] | None:
    """Return the position of the first other markup in *text* and a sentence on it, or None."""
    found = [
        (match.start(), -len(match[0]), f'"{short(match[0].strip())}" is not to be spoken; {advice}')
        for marks, pattern, advise in _ROWS
        if any(mark in text for mark in marks.split())
        for match in re.finditer(pattern, text, re.IGNORECASE)
        if (advice := advise(match)) is not None
    ]
    return (min(found)[0], min(found)[2]) if found else None


def _pause(text: str) -> str:
    """Return the advice for a pause of the first duration found in *text*, or for any pause."""
    amount = re.search(_AMOUNT, text, re.IGNORECASE)
    if amount is None:
        return "write a pause such as [3s]"
    count, unit = float(amount["count"]), (amount["unit"] or "").lower()
    short_unit = "ms" if unit.startswith(("ms", "milli")) else unit[:1]
    seconds = count * _UNITS.get(short_unit, 0.001 if count >= 100 else 1.0)
    if not 0.0 < seconds <= _MOST_SECONDS:
        return "write a pause such as [3s]"
    return f"write a pause as [{written(frames(seconds))}]"


def _break(match: re.Match[str]) -> str:
    return _pause(match[0])


def _bracket(match: re.Match[str]) -> str | None:
    inside = match[1].strip()
    try:
        duration(inside)
    except ValueError:
        pass
    else:
        return None
    if _is(_PAUSE, inside) or (_is(_ONLY_TIME, inside) and not inside.isdigit()):
        return _pause(inside)
    if not inside[:1].isalpha():
        return None  # a malformed pause is reported where pauses are read
    return f"{_LEAVE}, or write a pause such as [3s]"


def _aside(match: re.Match[str]) -> str | None:
    """Return the advice if brackets hold a direction; most do not, as in "(if you like)"."""
    inside = match[1].strip()
    if _is(_PAUSE, inside):
        return _pause(inside)
    if _is(_ABBREVIATED, inside) or (_is(_ONLY_TIME, inside) and _apart(match)):
        return _pause(inside)
    if _is(_STAMP, inside) or _is(_NOISE, inside) or (_is(_MANNER, inside) and _apart(match)):
        return _LEAVE
    return None


def _leant(match: re.Match[str]) -> str | None:
    inside = match[1].strip()
    if not _apart(match):
        return None
    if _is(_PAUSE, inside):
        return _pause(inside)
    return _LEAVE if _is(_NOISE, inside) else None


def _is(pattern: str, inside: str) -> bool:
    return re.fullmatch(pattern, inside, re.IGNORECASE) is not None


def _apart(match: re.Match[str]) -> bool:
    """Return whether *match* stands between sentences and is not a sentence itself."""
    before, after = match.string[: match.start()], match.string[match.end() :]
    return bool(re.search(_ENDED, before) and re.match(_BEGINS, after))


def _entity(match: re.Match[str]) -> str | None:
    meant = html.unescape(match[0])
    if meant == match[0]:
        return None
    return f'write "{meant}"' if meant.strip() else "write a space"


def _lean(match: re.Match[str]) -> str:
    return f"to lean on a word write *{short(match['word'].strip())}*"


def _always(advice: str) -> _Advice:
    return lambda _: advice


def _row(marks: str, pattern: str, advise: _Advice | str) -> tuple[str, str, _Advice]:
    """Return a row; *pattern* is compiled and searched only in texts with one of the characters *marks*."""
    return marks, pattern, _always(advise) if isinstance(advise, str) else advise


_ROWS: Final = (
    # Tags of SSML and HTML; "<3" and "a < b" are not tags.
    _row("<", r"<break\b[^<>]*>?|<#\s*[\d.]+\s*#>", _break),
    _row("<", r"<(?P<tag>emphasis|em|strong|b|i|u)\b[^<>]*>(?P<word>[^<>]*)</(?P=tag)>", _lean),
    _row("<", r"<[/?]?(?!break\b)[a-z][^<>]*>|<!--.*?(?:-->|$)", _LEAVE),
    _row("<", r"<(?:speak|prosody|emphasis|say-as|phoneme|audio|mark|voice|sub)\b[^<>]*$", _LEAVE),
    _row("&", r"&(?:[a-z][a-z0-9]{1,9}|#\d{1,7}|#x[0-9a-f]{1,6});", _entity),
    # Pause marks of other speech engines.
    _row("[[ \\ #", r"\[\[\s*(?:slnc|pause|break|rest)[^\[\]]*\]\]|\\pau=\d+\\?|#\d+ms?#", _break),
    _row("[[", r"\[\[(?!\s*(?:slnc|pause|break|rest))[^\[\]]*\]\]", _LEAVE),
    _row("/", rf"(?<!\S)/\s?(?:\d+(?:\.\d+)?\s?(?:{_UNIT})|pause|break)\b/?(?=[\s.,;:!?]|$)", _break),
    _row("/ |", r"(?<!\S)(?:/{2,}|\|{1,3})(?!\S)(?![^{}]*\})", "write a pause such as [1s]"),
    _row("\\", r"(?<!\\)\\(?-i:[nrt](?![a-z]))", _LEAVE),
    # Markdown.
    _row("[", r"!?\[(?P<word>[^\[\]]*)\]\([^()\s]*\)", "write its words alone"),
    _row("**", r"\*{2,}(?P<word>[^*\s](?:[^*]*[^*\s])?)\*{2,}", _lean),
    _row("_", r"(?<![\w_])_{1,3}(?P<word>[^_\s](?:[^_]*[^_\s])?)_{1,3}(?![\w_])", _lean),
    _row("~~ `", r"~~[^~]+~~|`+[^`]+`+", _PLAIN),
    _row("# > ___ --- === ***", r"(?<!\S)#{1,6}(?=\s+\D)|^>\s+|_{3,}|^(?:-{3,}|={3,}|\*{3,})$", _LEAVE),
    # Directions to a person who reads aloud.
    _row("[", r"(?<!\[)\[([^\[\]]*)\](?![\](])", _bracket),
    _row("(", r"\(([^()]*)\)", _aside),
    _row("*", r"(?<!\*)\*([^*\s](?:[^*]*[^*\s])?)\*(?!\*)", _leant),
    _row(":", r"^(?:narrator|speaker(?:\s\d+)?|voice-?\s?over|v\.?o\.?)\s*:", _LEAVE),
)
