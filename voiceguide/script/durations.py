"""Durations as a person writes them: ``12s``, ``1m30s``, ``10m``, ``1h``, ``0.5s``."""

from __future__ import annotations

import re
from typing import Final

from voiceguide.audio import RATE, Frames, frames

LONGEST: Final = frames(8 * 3600)
"""The longest duration in a script, in frames: eight hours."""

PATTERN: Final = r"(?:(\d+(?:\.\d+)?)h)? ?(?:(\d+(?:\.\d+)?)m)? ?(?:(\d+(?:\.\d+)?)s)?"
"""Hours, minutes and seconds in ASCII digits; each may be left out."""

_DURATION: Final = re.compile(PATTERN, re.ASCII)
_CLOCK: Final = re.compile(r"(\d+):(\d\d)", re.ASCII)
_NUMBER: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)


def duration(text: str) -> Frames:
    """Return the duration that *text* states, in frames; more than 0 and at most `LONGEST`.

    Raises:
        ValueError: with a sentence that says what is wrong and what to write instead.
    """
    match = _DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        raise ValueError(f'"{text}" is not a duration; write {_instead(text)}')
    hours, minutes, secs = (float(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + secs
    if total * RATE > LONGEST:
        raise ValueError(f'"{text}" is longer than 8 hours, the most there is')
    if frames(total) == 0:
        raise ValueError(f'"{text}" is no time at all; write a duration such as 2s, or leave it out')
    return frames(total)


def _instead(text: str) -> str:
    """Return what the author of *text* may have meant."""
    clock = _CLOCK.fullmatch(text)
    if clock:
        return f"{clock[1]}m{clock[2]}s"
    if _NUMBER.fullmatch(text) and len(text) <= 8:
        return f"{text}s for seconds or {text}m for minutes"
    if text.startswith("-"):
        return "a time that is not negative, such as 12s or 1m30s"
    return "12s, 1m30s or 10m"


def written(length: int) -> str:
    """Return *length*, in frames, as an author writes it: ``1m30s``. `duration` reads it back exactly."""
    hundred_thousandths = round(length * 100_000 / RATE)
    whole, fraction = divmod(hundred_thousandths, 100_000)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    text = f"{hours}h" * bool(hours) + f"{minutes}m" * bool(minutes)
    if fraction:
        return text + f"{secs}.{fraction:05}".rstrip("0") + "s"
    return text + f"{secs}s" * bool(secs or not text)
