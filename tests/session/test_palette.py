from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voiceguide.audio import RATE
from voiceguide.errors import AssetError
from voiceguide.sounds import ambience
from voiceguide.sounds.palette import StudioPalette


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


def test_a_sound_of_ones_own_is_bounded(tmp_path: Path) -> None:
    """More than ten minutes are not held, whether the header says so or not; one sentence names the most."""
    path = tmp_path / "long.wav"
    with soundfile.SoundFile(path, "w", 8000, 1) as file:
        for _ in range(601):
            file.write(np.full(8000, 0.1, np.float32))
    with pytest.raises(AssetError, match="longer than 10 minutes"):
        StudioPalette().own(path)


@pytest.mark.slow
def test_of_ones_own_sounds_ten_minutes_are_kept(tmp_path: Path) -> None:
    """Those read last stay, as many as come to ten minutes; the one read last in any case."""
    palette = StudioPalette()
    paths = [tmp_path / f"{number}.wav" for number in range(3)]
    for path in paths:
        soundfile.write(path, 0.1 * np.sin(np.arange(8000 * 250)), 8000)
    first, last = palette.own(paths[0]), palette.own(paths[1])
    assert palette.own(paths[0]) is first
    palette.own(paths[2])
    assert palette.own(paths[0]) is first
    assert palette.own(paths[1]) is not last


def test_a_long_sound_is_as_loud_as_a_short_one(tmp_path: Path) -> None:
    """However its loudness is measured, a sound is brought to the same level."""
    tone = 0.1 * np.sin(2 * np.pi * 440 / 8000 * np.arange(8000 * 70))
    soundfile.write(tmp_path / "long.wav", tone, 8000)
    soundfile.write(tmp_path / "short.wav", tone[: 8000 * 50], 8000)
    palette = StudioPalette()
    long, short = (palette.own(tmp_path / f"{name}.wav") for name in ("long", "short"))
    assert float(np.max(np.abs(long))) == pytest.approx(float(np.max(np.abs(short))), rel=0.01)
