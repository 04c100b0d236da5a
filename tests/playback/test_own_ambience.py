"""The person's own ambience while it is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from tests.playback.conftest import MakeHand
from tests.playback.test_director import started
from voiceguide.audio import RATE
from voiceguide.sounds.ambience import shelf
from voiceguide.sounds.ambience.add import add


@pytest.mark.slow
def test_what_plays_keeps_its_ambience(
    hand: MakeHand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An ambience of over four minutes is removed while it sounds, and sounds on, to the sample."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    own = tmp_path / "data" / "ambience"
    sound = np.random.default_rng(1).standard_normal(250 * RATE) * 0.1
    sf.write(tmp_path / "rain.wav", sound, RATE)
    add(tmp_path / "rain.wav", None, own)
    tapes = []
    for removed in (False, True):
        player = started(hand(ambience="rain"))
        player.until("And the floor")
        if removed:
            shelf.remove("rain", own)
        player.until("Look around")
        tapes.append(player.tape())
    assert np.array_equal(tapes[0], tapes[1])
