"""The short soft sound that answers each command, told apart by ear. Pure functions, like breath tones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np

from voiceguide.audio import CHANNELS, RATE, Block, Mono, frames, gain

_NOTE: Final = frames(0.11)
_LEVEL: Final = gain(-27.0)
_DECAY: Final = 0.045  # seconds

Earcon = Literal[
    "pause", "play", "line back", "line on", "back", "next", "stay", "ground", "finish", "stop", "louder",
    "softer", "help", "longer", "shorter", "skip on", "skip back", "ambience", "ambience louder",
    "ambience softer", "voice louder", "voice softer", "no",
]  # fmt: skip

# Steps in semitones over A4; None is a rest. Rising means forward, falling back, and a repeated note more.
_FIGURES: Final[Mapping[Earcon, tuple[int | None, ...]]] = {
    "pause": (3, -2),
    "play": (-2, 3),
    "line back": (3, 0),
    "line on": (0, 3),
    "back": (7, 3, 0),
    "next": (0, 3, 7),
    "stay": (0, None, 0),
    "ground": (-9, -9, -2),
    "finish": (3, 0, -5),
    "stop": (-9,),
    "louder": (10,),
    "softer": (5,),
    "help": (0, 5, 0),
    "longer": (0, None, 7),
    "shorter": (7, None, 0),
    "skip on": (7, 9),
    "skip back": (9, 7),
    # The first note tells the ambience (low) from the voice (middle); the next is as for the volume.
    "ambience": (-9, 0, -5),
    "ambience louder": (-9, 10),
    "ambience softer": (-9, 5),
    "voice louder": (0, 10),
    "voice softer": (0, 5),
    "no": (-7, -8),
}


def earcon(name: Earcon) -> Block:
    """Return the sound called *name*, shape (frames, 2), which begins and ends in silence."""
    figure = _FIGURES[name]
    sound = np.zeros(_NOTE * (len(figure) + 2), np.float32)
    for place, step in enumerate(figure):
        if step is not None:
            note = _note(440.0 * 2 ** (step / 12), len(sound) - place * _NOTE)
            sound[place * _NOTE :] += note
    return np.repeat(sound[:, None], CHANNELS, axis=1)


def _note(hertz: float, count: int) -> Mono:
    """Return a soft struck note that has died away at its end."""
    time = np.arange(count) / RATE
    rise = np.minimum(1.0, time / 0.008)
    fall = np.minimum(1.0, (count / RATE - time) / 0.02)
    wave = np.sin(2 * np.pi * hertz * time) + 0.2 * np.sin(4 * np.pi * hertz * time)
    shape = np.sin(rise * np.pi / 2) ** 2 * np.exp(-time / _DECAY) * fall
    return np.asarray(_LEVEL * wave * shape, np.float32)
