"""An engine without a model: one soft tone per syllable. Fast and exact; for tests and a first run."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct

from voiceguide.audio import RATE, Frames, Mono, frames
from voiceguide.errors import EngineError
from voiceguide.script.model import Pace
from voiceguide.voices.engine import Status, Voice
from voiceguide.voices.words import commas, sentences, syllables, words

_PITCHES: Final = {"low": 132.0, "high": 198.0}
"""The pitch in the middle of a sentence, in Hz, by voice."""

_LEVEL: Final = 0.16
_OVERTONE: Final = 0.25
_EDGE: Final = 0.06
"""A tone's level at its start and end, as a part of its peak: it sounds soft, but a trim at -54 dBFS removes
nothing."""

_ATTACK: Final = frames(0.012)
_RELEASE: Final = frames(0.035)
_LEAN: Final = 1.12
_SOUNDING: Final = 0.86
"""The part of a syllable's time that its note takes."""

_KEPT: Final = 8192
"""The number of words whose analysis is cached."""


class _Note(Struct, frozen=True):
    start: Frames
    length: Frames
    pitch: float  # a factor on the voice's pitch
    bend: float  # how far the pitch moves within the note, as a part of it


class HumEngine:
    """Hums the shape of a line: one note per syllable, falling through a sentence, rising for a question."""

    name = "hum"
    isolated = False
    local = True

    @property
    def version(self) -> str:
        """Return the version of the tones."""
        return "1"

    def status(self) -> Status:
        """Return that it is ready; it needs nothing."""
        return Status(ready=True)

    def voices(self) -> tuple[Voice, ...]:
        """Return the two voices."""
        return (
            Voice("low", "zxx", "a soft tone a syllable, no words", title="A hum without words"),
            Voice("high", "zxx", "the same, half an octave higher", title="A higher hum without words"),
        )

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        """Return the exact length of *text* in frames."""
        *_, last = _beats(text, pace)
        return Frames(frames(last.starts[-1]) + frames(_SOUNDING * last.step))

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        """Return *text* hummed, of shape (frames,), without silence around it.

        Raises:
            EngineError: if *voice* is not ``low`` or ``high``.
        """
        if voice not in _PITCHES:
            raise EngineError(f'engine "hum" has no voice "{voice}"; it has {" and ".join(_PITCHES)}')
        sound = np.zeros(self.estimate(text, voice, pace), dtype=np.float32)
        for note in _notes(text, pace):
            sound[note.start : note.start + note.length] = _tone(note, _PITCHES[voice])
        return sound


def _notes(text: str, pace: Pace) -> Iterator[_Note]:
    """Yield the notes of *text* in order, at least one."""
    for beat in _beats(text, pace):
        pitch = _pitch(beat.fall, asks=beat.asks) * (_LEAN if "*" in beat.token else 1.0)
        for start in beat.starts:
            bend = -0.06 if start == beat.starts[-1] else 0.04
            yield _Note(frames(start), frames(_SOUNDING * beat.step), pitch, bend)


class _Beat(NamedTuple):
    """A word of a sentence: the starts of its syllables, `step` s apart; `fall` is its place, from 0 to 1."""

    token: str
    starts: list[float]
    step: float
    fall: float
    asks: bool


def _beats(text: str, pace: Pace) -> Iterator[_Beat]:
    """Yield the words of *text* in order, at least one, at about *pace* words a minute, stops included."""
    beat = 60.0 / pace
    at = 0.0
    for sentence in sentences(text) if words(text) else ("hm",):
        tokens = [token for token in sentence.split() if _heard(token)[0]]
        for place, token in enumerate(tokens):
            _, count, stops = _heard(token)
            step = beat * (0.57 + 0.29 * count) / count
            starts = []
            for _ in range(count):
                starts.append(at)
                at += step
            yield _Beat(token, starts, step, place / max(1, len(tokens) - 1), "?" in sentence[-2:])
            at += beat * (0.5 if stops else 0.04)
        at += beat * 1.1


@lru_cache(maxsize=_KEPT)
def _heard(token: str) -> tuple[int, int, int]:
    """Return how many words, syllables and short stops are in *token*."""
    return words(token), syllables(token), commas(token)


def _pitch(fall: float, *, asks: bool) -> float:
    """Return the factor on the pitch at *fall*, from 0 at the start of a sentence to 1 at its end."""
    line = 1.08 - 0.16 * fall
    return line + 0.3 * max(0.0, fall - 0.7) if asks else line


def _tone(note: _Note, hertz: float) -> Mono:
    """Return *note* as samples, in whole cycles: it begins and ends on a crest, so no edge is trimmed."""
    place = np.linspace(0.0, 1.0, note.length, dtype=np.float32)
    cycles = max(1, round(hertz * note.pitch * note.length / RATE))
    wave = np.cos(np.float32(2.0 * np.pi * cycles) * (place + np.float32(note.bend) * place * (1.0 - place)))
    # cos 2x = 2 cos^2 x - 1 gives the overtone without a second cosine.
    tone: Mono = np.float32(_LEVEL) * (wave + np.float32(_OVERTONE) * (2.0 * wave * wave - 1.0))
    tone[: min(_ATTACK, note.length)] *= _edge(_ATTACK)[: note.length]
    tone[-min(_RELEASE, note.length) :] *= _edge(_RELEASE)[: note.length][::-1]
    return tone


def _edge(length: int) -> Mono:
    """Return a raised-cosine rise from `_EDGE` to 1."""
    rise = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, length, dtype=np.float32))
    return np.asarray(_EDGE + (1.0 - _EDGE) * rise, dtype=np.float32)
