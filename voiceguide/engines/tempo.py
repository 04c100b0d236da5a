"""How long speech should take at a pace: the one measure that the neural voices estimate by and are held to.

Fitted to 317 sentences as piper's joe and kokoro's af_heart speak them, each at one overall rate;
a voice left to itself strays 10 % from it on average, and up to 35 % on a single word. So each voice's rate
is measured once, and a sentence that still strays is spoken again, a little faster or slower: see `retake`.
"""

from __future__ import annotations

import re
from typing import Final

from voiceguide.audio import Frames, frames
from voiceguide.engines import words
from voiceguide.script.model import PACES, Pace

# Seconds at the slow pace.
_SENTENCE: Final = 0.25
_SYLLABLE: Final = 0.109
_LETTER: Final = 0.032
_COMMA: Final = 0.35
_STOP: Final = 0.9

_NEAR: Final = 0.10
"""A take within this part of its due length is kept."""

_MOST_CHANGE: Final = 1.4
"""A second take is at most this much faster or slower: speech must not drawl."""

_LETTERS: Final = re.compile(r"[^\W\d_]")
_DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)*")

SAMPLE: Final = "You might notice how your feet rest on the floor, and let the chair do some of the work."
"""A sentence of middling words, to measure a voice's own rate by."""


def slowness(pace: Pace) -> float:
    """Return how much longer speech takes at *pace* than at the slow pace; 1 for slow, less for faster."""
    return PACES["slow"] / pace


def stop_seconds(pace: Pace) -> float:
    """Return the silence between two sentences."""
    return _STOP * slowness(pace)


def due_seconds(sentence: str, pace: Pace) -> float:
    """Return how long *sentence* takes at *pace*, from first sound to last."""
    digits = sum(words.syllables(number) for number in _DIGITS.findall(sentence))
    letters = len(_LETTERS.findall(sentence)) + 3 * digits
    slow = (
        _SENTENCE
        + _SYLLABLE * words.syllables(sentence)
        + _LETTER * letters
        + _COMMA * words.commas(sentence)
    )
    return slow * slowness(pace)


def estimate(text: str, pace: Pace) -> Frames:
    """Return how long *text* takes at *pace*, stops between its sentences included. Pure."""
    found = words.sentences(words.plain(text))
    stops = stop_seconds(pace) * max(0, len(found) - 1)
    return frames(sum(due_seconds(sentence, pace) for sentence in found) + stops)


def retake(took_seconds: float, due: float) -> float | None:
    """Return how many times longer to speak what took *took_seconds* and is *due*; None if it will do."""
    ratio = due / took_seconds if took_seconds > 0.0 else 1.0
    if abs(1.0 / ratio - 1.0) <= _NEAR:
        return None
    return min(max(ratio, 1.0 / _MOST_CHANGE), _MOST_CHANGE)
