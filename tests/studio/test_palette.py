from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voiceguide import ambience
from voiceguide.audio import RATE
from voiceguide.errors import AssetError
from voiceguide.studio.palette import StudioPalette


def test_only_the_beds_used_last_are_kept() -> None:
    """A server that is asked for every ambience holds a few of them, those used last."""
    names = [sound.name for sound in ambience.sounds()][:5]
    palette = StudioPalette()
    first = palette.bed(names[0])
    for name in names[1:]:
        last = palette.bed(name)
        assert palette.bed(name) is last
    again = palette.bed(names[0])
    assert again is not first
    assert again.name == first.name


def put(path: Path, frequency: float, count: int = RATE) -> None:
    """Write a tone, and have it look newer than any before."""
    newest = path.stat().st_mtime if path.exists() else 0.0
    soundfile.write(path, 0.1 * np.sin(2 * np.pi * frequency / RATE * np.arange(count)), RATE)
    os.utime(path, (newest + 1, newest + 1))


def test_a_sound_of_ones_own_is_as_it_is_now(tmp_path: Path) -> None:
    """Edited it is read again, of the same length or not; else the one kept is given out."""
    palette, path = StudioPalette(), tmp_path / "birds.wav"
    put(path, 440.0)
    first = palette.own(path)
    assert palette.own(path) is first
    put(path, 880.0)
    second = palette.own(path)
    assert second.shape == first.shape
    assert not np.allclose(second, first)
    put(path, 880.0, RATE // 2)
    assert len(palette.own(path)) == RATE // 2


def test_a_session_keeps_a_sound_that_is_being_written(tmp_path: Path) -> None:
    """What goes away or cannot be read for a moment sounds as before; what was never there is an error."""
    palette, path = StudioPalette(), tmp_path / "birds.wav"
    with pytest.raises(AssetError, match="cannot be read as sound"):
        palette.own(path)
    put(path, 440.0)
    first = palette.own(path)
    path.write_bytes(b"half")
    assert palette.own(path) is first
    path.unlink()
    assert palette.own(path) is first
    put(path, 440.0, RATE // 2)
    assert len(palette.own(path)) == RATE // 2
