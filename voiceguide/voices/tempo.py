"""How long speech takes at a pace: the estimate of the neural voices, which they are made to keep.

Its proportions are fitted to 317 sentences spoken by piper's joe and kokoro's af_heart. Its scale is set by
the pace: lines of the library, stops between sentences included, come to about 105 words a minute when slow.
A voice's own timing differs from it by 10 % on average, and by up to 35 % on a single word. So each voice's
rate is measured once, and a line that still differs is spoken again, a little faster or slower: see `held`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, TypeVar

from msgspec import Struct

from voiceguide.audio import Frames, frames
from voiceguide.script.model import PACES, Pace
from voiceguide.voices import words

_Spoken = TypeVar("_Spoken")

_STOP: Final = 1.2
"""Seconds between two sentences at the slow pace."""

_NEAR: Final = 0.16
"""A take is accepted if its length is within this part of its due length."""

_MOST_CHANGE: Final = 1.4
"""The most by which a later take is faster or slower than the first, so that speech does not drawl."""

_MOST_TAKES: Final = 3

SAMPLE: Final = "If a friend had this, you'd see it in how they came through the door."
"""A sentence of medium words, used to measure a voice's own rate."""


class Rate(Struct, frozen=True):
    """How long speech of a language takes: seconds at the slow pace, for each of what it is made of."""

    sentence: float
    syllable: float
    letter: float
    comma: float


ENGLISH: Final = Rate(0.36, 0.158, 0.0517, 0.525)


def slowness(pace: Pace) -> float:
    """Return how much longer speech takes at *pace* than at the slow pace: 1 for slow, less for faster."""
    return PACES["slow"] / pace


def stop_seconds(pace: Pace) -> float:
    """Return the silence between two sentences, in seconds."""
    return _STOP * slowness(pace)


def due_seconds(sentence: str, pace: Pace, rate: Rate = ENGLISH) -> float:
    """Return how many seconds *sentence* takes at *pace*, from first sound to last."""
    slow = (
        rate.sentence
        + rate.syllable * words.syllables(sentence)
        + rate.letter * words.letters(sentence)
        + rate.comma * words.commas(sentence)
    )
    return slow * slowness(pace)


def estimate(text: str, pace: Pace, rate: Rate = ENGLISH) -> Frames:
    """Return about how many frames *text* takes at *pace*, stops between its sentences included. Pure."""
    found = words.sentences(words.plain(text))
    stops = stop_seconds(pace) * max(0, len(found) - 1)
    return frames(sum(due_seconds(sentence, pace, rate) for sentence in found) + stops)


def held(
    take: Callable[[float], _Spoken], seconds: Callable[[_Spoken], float], due: float, near: float = _NEAR
) -> _Spoken:
    """Return the take nearest to *due* seconds, out of at most three.

    The first one within the part *near* of it is accepted. *take* is given the factor by which to speak
    longer than usual, and *seconds* returns the length of a take.
    """
    takes: list[tuple[float, _Spoken]] = []
    longer = 1.0
    for _ in range(_MOST_TAKES):
        spoken = take(longer)
        took = seconds(spoken)
        takes.append((abs(due / took - 1.0) if took > 0.0 else math.inf, spoken))
        if took <= 0.0 or takes[-1][0] <= near:
            break
        longer = min(max(longer * due / took, 1.0 / _MOST_CHANGE), _MOST_CHANGE)
    return min(takes, key=lambda tried: tried[0])[1]
