"""Sessions to test with: one written by hand, and Hypothesis strategies for any."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from hypothesis import strategies as st

from voiceguide.audio import RATE, Frames, frames
from voiceguide.plan.items import (
    BedCue,
    BellCue,
    ChapterCue,
    Cue,
    EndCue,
    Line,
    RestCue,
    SoundCue,
    SpeechCue,
    ToneCue,
)
from voiceguide.script.model import PACES, Where

NASTY = "<b>&amp; --> \"quoted\" 'n' ]]> *lean* \x00\x0b\u2028 ok"


def line(text: str, say: int = 0, *, index: int = 0, slot: float = 0) -> Line:
    where = Where("calm.yaml", 10 + index, 5, f"steps[{index}]")
    return Line(index, say, text, PACES["slow"], None, 0.0, where, frames(slot))


def speech(start: float, length: float, text: str, say: int = 0, *, slot: float = 0) -> SpeechCue:
    return SpeechCue(frames(start), frames(length), line(text, say, slot=slot))


def rest(start: float, length: float, about: float | None = None) -> RestCue:
    exact = about is None
    return RestCue(frames(start), frames(length), frames(length if about is None else about), exact)


def tone(start: float, length: float, kind: Literal["in", "hold", "out"]) -> ToneCue:
    return ToneCue(frames(start), frames(length), kind)


def chapter(start: float, title: str, depth: int = 0) -> ChapterCue:
    return ChapterCue(frames(start), title, depth)


def end(start: float) -> EndCue:
    return EndCue(frames(start))


def calm() -> tuple[Cue, ...]:
    """Return a minute with one of everything."""
    return (
        BedCue(Frames(0), "soft-rain", -20.0, frames(2)),
        rest(0, 1.5),
        chapter(1.5, "Arriving"),
        speech(1.5, 2.5, "Notice your feet.", 0),
        rest(4, 3),
        speech(7, 3, "Both of *them*, on the floor.", 0),
        rest(10, 12, about=10),
        chapter(22, "Breath"),
        tone(22, 4, "in"),
        speech(22, 0.5, "In.", 1),
        rest(22, 4),
        tone(26, 6, "out"),
        speech(26, 0.5, "And out.", 2),
        rest(26, 6),
        tone(32, 4, "in"),
        rest(32, 4),
        speech(32, 0.5, "In.", 3),
        tone(36, 6, "out"),
        rest(36, 6),
        speech(36, 0.5, "And out.", 4),
        rest(42, 2),
        BellCue(frames(44), "bowl", -10.0),
        SoundCue(frames(44), frames(3), Path("sea.wav"), -3.0),
        rest(47, 13, about=4),
        end(60),
    )


TEXTS = st.text(max_size=200) | st.lists(
    st.sampled_from(
        ["Notice", "your", "feet.", "*both*", "of", "them,", "incomprehensibilities", "a", "—", "&", "<i>"]
    ),
    max_size=60,
).map(" ".join)

LENGTHS = st.integers(1, 30 * RATE).map(Frames)


@st.composite
def sessions(draw: st.DrawFn) -> tuple[Cue, ...]:
    """Draw a settled session: in order, speech not overlapping, closed by its end."""
    cues: list[Cue] = []
    now, say = 0, itertools.count()
    for index in range(draw(st.integers(0, 12))):
        start = Frames(now)
        kind = draw(st.sampled_from(["line", "line", "rest", "sound", "tone", "bell", "bed", "chapter"]))
        length = draw(LENGTHS)
        if kind == "line":
            group = next(say)
            for phrase in draw(st.lists(TEXTS, min_size=1, max_size=3)):
                length, pause = draw(LENGTHS), draw(LENGTHS)
                cues.append(SpeechCue(Frames(now), length, line(phrase, group, index=index)))
                cues.append(RestCue(Frames(now + length), pause, pause, True))
                now += length + pause
            continue
        if kind in ("rest", "sound", "tone"):
            now += length
        cues.append(_other(draw, kind, start, length))
    return (*cues, EndCue(Frames(now + RATE + draw(LENGTHS))))


def _other(draw: st.DrawFn, kind: str, start: Frames, length: Frames) -> Cue:
    match kind:
        case "rest":
            return RestCue(start, length, draw(LENGTHS), False)
        case "sound":
            return SoundCue(start, length, Path("a") / draw(st.sampled_from(["b.wav", "ö & <c>.flac"])), -6.0)
        case "tone":
            return ToneCue(start, length, draw(st.sampled_from(["in", "hold", "out"])))
        case "bell":
            return BellCue(start, "bowl", -10.0)
        case "bed":
            sound = draw(st.none() | st.sampled_from(["stream", "wind"]))
            return BedCue(start, sound, draw(st.none() | st.just(-20.0)), length)
        case _:
            return ChapterCue(start, draw(TEXTS), draw(st.integers(0, 3)))


def kinds(cues: Sequence[Cue]) -> list[type]:
    return [type(cue) for cue in cues]
