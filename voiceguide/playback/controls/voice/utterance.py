"""Finds short utterances: times at which frequency bands rise above their own background.

Each band has its own background, so a steady bed or the hum of a room is never taken for speech.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np
import numpy.typing as npt

from voiceguide.audio import Mono
from voiceguide.playback.controls.voice.words import LISTEN_RATE

HOP: Final = LISTEN_RATE // 50
_WINDOW: Final = np.hanning(2 * HOP).astype(np.float32)
_EDGES: Final = np.searchsorted(np.fft.rfftfreq(2 * HOP, 1 / LISTEN_RATE), np.geomspace(250, 6500, 13))
_LOUDEST: Final = len(_EDGES) // 2
"""The number of loudest bands by which a sound is judged, as no speech sound fills them all."""

_MEMORY: Final = 150
_QUIET_PERCENTILE: Final = 40
_BEGINS_DB: Final = 10.0
_GOES_ON_DB: Final = 6.0
_LEAST: Final = 6
_MOST: Final = 65
_AFTER: Final = 18
_APART: Final = 30
_CLEARS: Final = 5
_AROUND: Final = 10
"""In hops of 20 ms: the shortest and the longest utterance (`_LEAST`, `_MOST`); the silence that ends one
(`_AFTER`), that separates two (`_APART`) and that must follow a drop (`_CLEARS`); what is kept around one.
"""


class Utterances:
    """Cuts short utterances out of the microphone's sound, each with silence around it.

    It keeps the last two seconds of sound and the levels of the last three, and nothing else.
    """

    def __init__(self) -> None:
        self._levels: deque[npt.NDArray[np.float64]] = deque(maxlen=_MEMORY)
        self._rises: deque[float] = deque(maxlen=3)
        self._rest = np.zeros(0, np.float32)
        self._tape: deque[Mono] = deque(maxlen=_MOST + 2 * _AROUND + _AFTER)
        self._begun = 0
        self._quiet = 0
        self._owed = self._apart = _CLEARS

    def drop(self) -> None:
        """Discard the utterance being said, and any sound until it has been quiet for a moment."""
        self._begun = self._quiet = 0
        self._owed = self._apart = _CLEARS
        self._rest = np.zeros(0, np.float32)
        self._tape.clear()
        self._rises.clear()

    def push(self, block: Mono) -> list[Mono]:
        """Return the utterances that ended within *block*, samples at `LISTEN_RATE`."""
        self._rest = np.concatenate((self._rest, block))
        said = []
        while len(self._rest) >= 2 * HOP:
            ended = self._hop(self._rest[: 2 * HOP])
            self._rest = self._rest[HOP:]
            if ended is not None:
                said.append(ended)
        return said

    def _hop(self, samples: Mono) -> Mono | None:
        self._tape.append(samples[:HOP])
        self._rises.append(self._rise(samples))
        rise = sum(self._rises) / len(self._rises)
        if not self._begun:
            if self._owed:
                self._owed = self._owed - 1 if rise < _GOES_ON_DB else self._apart
            elif rise > _BEGINS_DB:
                self._begun, self._quiet = 1, 0
            return None
        self._begun += 1
        self._quiet = 0 if rise > _GOES_ON_DB else self._quiet + 1
        if self._quiet < _AFTER:
            return None
        lasted, self._begun = self._begun - self._quiet, 0
        self._owed, self._apart = _APART - _AFTER, _APART
        if not _LEAST <= lasted <= _MOST:
            return None
        tape = list(self._tape)
        return np.concatenate(tape[-(lasted + _AFTER + _AROUND) : len(tape) - _AFTER + _AROUND])

    def _rise(self, samples: Mono) -> float:
        """Return how far *samples* are above the background of the last seconds, in dB."""
        power = np.cumsum(np.abs(np.fft.rfft(samples * _WINDOW)) ** 2)
        levels = 10 * np.log10(np.diff(power[_EDGES - 1]) + 1e-7)
        self._levels.append(levels)
        quiet = np.percentile(self._levels, _QUIET_PERCENTILE, axis=0)
        return float(np.sort(np.clip(levels - quiet, 0.0, 25.0))[-_LOUDEST:].mean())
