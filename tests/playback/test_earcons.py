from __future__ import annotations

from itertools import combinations
from typing import get_args

import numpy as np

from voiceguide.audio import frames
from voiceguide.playback.earcons import Earcon, earcon


def test_short_soft_and_without_a_click() -> None:
    """Every sound is under a second, quiet, begins and ends at nothing, and is the same each time."""
    for name in get_args(Earcon):
        sound = earcon(name)
        assert frames(0.2) < len(sound) < frames(1.0)
        assert 0.01 < np.max(np.abs(sound)) < 0.1
        assert np.max(np.abs(sound[[0, -1]])) < 1e-3
        assert np.array_equal(sound, earcon(name))


def test_heard_within_a_tenth_of_a_second() -> None:
    """The first note is there at once: it is the answer to a key."""
    for name in get_args(Earcon):
        assert np.max(np.abs(earcon(name)[: frames(0.05)])) > 0.01


def test_told_apart_by_ear() -> None:
    """No two have the same melody."""
    for one, other in combinations(get_args(Earcon), 2):
        assert melody(one) != melody(other), f"{one} sounds like {other}"


def melody(name: Earcon) -> tuple[int, ...]:
    """Return the strongest pitch in each tenth of a second, in semitones over A4; -99 for none."""
    sound = earcon(name)[:, 0]
    found = []
    for at in range(0, len(sound), frames(0.11)):
        piece = sound[at : at + frames(0.09)]
        if len(piece) < frames(0.05) or np.max(np.abs(piece)) < 0.008:
            found.append(-99)
            continue
        spectrum = np.abs(np.fft.rfft(piece * np.hanning(len(piece)), 1 << 16))
        hertz = float(np.argmax(spectrum)) * 48_000 / (1 << 16)
        found.append(round(12 * np.log2(hertz / 440)))
    return tuple(found)
