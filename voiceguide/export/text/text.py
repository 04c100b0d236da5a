"""Functions on words and cues that the side files share."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import Final

from voiceguide.audio import Frames
from voiceguide.plan.items import BedCue, BellCue, ChapterCue, Cue, EndCue, RestCue, SpeechCue, ToneCue
from voiceguide.script import fill

_FEW: Final = 6
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(text: str) -> str:
    """Return *text* on one line, without control characters, which XML and WebVTT do not allow."""
    return " ".join(_UNSEEN.sub("", text).split())


def plain(text: str) -> str:
    """Return *text* for readers: on one line, without the stars of ``*word*``."""
    return clean(fill.plain(text))


def shorten(text: str, width: int) -> str:
    """Return *text* in at most *width* characters, cut between words if possible.

    "" if only a few characters of a longer text would fit.
    """
    if len(text) <= width:
        return text
    if width < _FEW:
        return ""
    short = textwrap.shorten(text, width, placeholder="")
    return (short if len(short) >= _FEW // 2 else text[: width - 1]).rstrip(" .,;:!?…—–") + "…"


def last_frame(cue: Cue) -> Frames:
    """Return the frame at which *cue* ends."""
    if isinstance(cue, BellCue | BedCue | ChapterCue | EndCue):
        return cue.start
    return Frames(cue.start + cue.length)


def session_length(cues: Iterable[Cue]) -> Frames:
    """Return the session's length: the start of its `EndCue`, or else the end of its last cue."""
    ends = list(cues)
    stated = [cue.start for cue in ends if isinstance(cue, EndCue)]
    return stated[-1] if stated else max((last_frame(cue) for cue in ends), default=Frames(0))


def spoken(cues: Iterable[Cue]) -> list[SpeechCue]:
    """Return the lines that are heard, in the order of their first sounds."""
    return sorted((cue for cue in cues if isinstance(cue, SpeechCue)), key=lambda cue: cue.start)


def unpaced(cues: Iterable[Cue]) -> list[Cue]:
    """Return the cues in order of time, without rests during breath tones.

    In settled cues, the voice also rests while tones pace the breath, and on into the next rest. Of cues that
    start together, speech comes last.
    """
    kept: list[Cue] = []
    tones_until = Frames(0)
    for cue in sorted(cues, key=lambda cue: (cue.start, isinstance(cue, SpeechCue))):
        if isinstance(cue, ToneCue):
            tones_until = max(tones_until, last_frame(cue))
        if not isinstance(cue, RestCue) or cue.start >= tones_until:
            kept.append(cue)
        elif (cut := tones_until - cue.start) < cue.length:
            planned = max(cue.planned - cut, 0)
            kept.append(RestCue(tones_until, Frames(cue.length - cut), Frames(planned), cue.exact))
    return kept
