"""Small sounds and cue lists to mix: ordinary implementations of the program's seams, exact and fast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from hypothesis import strategies as st

from voiceguide.audio import Block, Frames, Mono, frames
from voiceguide.plan.items import Ahead, BedCue, BellCue, Cue, EndCue, Line, RestCue, SpeechCue, ToneCue
from voiceguide.plan.margins import EDGE
from voiceguide.script.model import Pace, Where
from voiceguide.voices.clips import Clip
from voiceguide.voices.engine import Status, Voice

PACE = Pace(105)


@dataclass(frozen=True)
class FlatBed:
    """An ambience of one value, so that every gain on it can be read off the mix."""

    value: float
    peak: float = 0.1

    def block(self, start: Frames, count: int) -> Block:
        return np.full((count, 2), self.value, np.float32)


class PlainPalette:
    """Beds ``one`` and ``two`` (flat), every bell a second of 0.05, every tone 0.02."""

    def bed(self, name: str) -> FlatBed:
        return FlatBed({"one": 0.1, "two": 0.05}[name])

    def bell(self, name: str) -> Block:
        return np.full((frames(1.0), 2), 0.05, np.float32)

    def tone(self, kind: Literal["in", "hold", "out"], length: Frames) -> Block:
        return np.full((length, 2), 0.02, np.float32)

    def own(self, path: Path) -> Block:
        return np.full((frames(2.0), 2), 0.03, np.float32)


def line(index: int, text: str = "Hello there.", level_db: float = 0.0) -> Line:
    return Line(index, index, text, PACE, None, level_db, Where("test.yaml", 1, 1))


def flat_clip(length: int, value: float = 0.5) -> Clip:
    return Clip(np.full(length + 2 * EDGE, value, np.float32))


@st.composite
def settled(draw: st.DrawFn) -> tuple[list[Cue | Ahead], Frames]:
    """Draw what settling yields for a random session, and its length; times from 0.1 s to 30 s."""
    tenths = st.integers(1, 150)
    at = frames(1.5)
    cues: list[Cue | Ahead] = [BedCue(Frames(0), "one", -20.0, Frames(0)), RestCue(Frames(0), at, at, True)]
    for index in range(draw(st.integers(1, 8))):
        match draw(st.sampled_from(["line", "line", "bell", "bed", "tone"])):
            case "line":
                length = frames(draw(tenths) / 30)
                cues += [Ahead(at), SpeechCue(at, length, line(index))]
                at = Frames(at + length)
            case "bell":
                cues.append(BellCue(at, "bowl", -10.0))
            case "bed":
                sound = draw(st.sampled_from(["one", "two", None]))
                cues.append(BedCue(at, sound, draw(st.sampled_from([None, -20.0, -30.0])), frames(2.0)))
            case "tone":
                cues.append(ToneCue(at, frames(3.0), "in"))
        rest = frames(draw(tenths) / 10)
        cues.append(RestCue(at, rest, rest, exact=True))
        at = Frames(at + rest)
    tail = frames(draw(st.integers(30, 100)) / 10)
    length = Frames(at + tail)
    return [*cues, RestCue(at, tail, tail, exact=False), EndCue(length)], length


class ToneEngine:
    """Speaks every text as a steady tone with silence around it: as long as it has letters."""

    name = "tone"
    isolated = False
    local = True
    version = "1"

    def __init__(self, name: str = "tone") -> None:
        self.name = name
        self.spoken: list[str] = []

    def status(self) -> Status:
        return Status(ready=True)

    def voices(self) -> tuple[Voice, ...]:
        return (Voice("a", "en-US"),)

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        return Frames(len(text) * 4800)

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        self.spoken.append(text)
        time = np.arange(self.estimate(text, voice, pace))
        tone = 0.3 * np.cos(2 * np.pi * 220 / 48_000 * time)
        return np.pad(tone, (9_600, 24_000)).astype(np.float32)


def events(pairs: list[tuple[float, float]], length: float) -> Iterator[Cue | Ahead]:
    """Yield what settling yields for lines at *pairs* of (start, length), in seconds, over bed ``one``."""
    yield BedCue(Frames(0), "one", -20.0, Frames(0))
    for index, (start, lasting) in enumerate(pairs):
        yield Ahead(frames(start))
        yield SpeechCue(frames(start), frames(lasting), line(index))
        rest = frames((pairs[index + 1][0] if index + 1 < len(pairs) else length) - start - lasting)
        yield RestCue(frames(start + lasting), rest, rest, exact=True)
    yield EndCue(frames(length))
