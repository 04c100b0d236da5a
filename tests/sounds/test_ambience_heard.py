"""How loud a bed becomes, and what is said, where a recording has something wrong with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile as sf

from voiceguide.audio import RATE, Block, Frames, frames, gain
from voiceguide.sounds import ambience
from voiceguide.sounds.ambience.add import add

pytestmark = pytest.mark.slow

Sound = npt.NDArray[np.float64]


def rain(seconds: float, level_db: float = -40.0, channels: int = 2) -> Sound:
    return np.random.default_rng(1).standard_normal((int(seconds * RATE), channels)) * gain(level_db)


def bang(sound: Sound, at: float, over_db: float, seconds: float = 0.5) -> Sound:
    """Return *sound* with a noise in it, *over_db* louder, that dies away."""
    count = int(seconds * RATE)
    noise = np.random.default_rng(2).standard_normal((count, 1)) * np.linspace(1, 0.1, count)[:, np.newaxis]
    loud = sound.copy()
    loud[int(at * RATE) :][:count] += noise * np.std(sound) * gain(over_db)
    return np.clip(loud, -0.97, 0.97)


def made(tmp_path: Path, sound: Sound, rate: int = RATE) -> tuple[Block, tuple[str, ...], float]:
    """Return the loop that *sound* becomes, as given out, what is said of it, and the bound of its peak."""
    sf.write(tmp_path / "a.wav", sound, rate, "PCM_24")
    added = add(tmp_path / "a.wav", "a", tmp_path / "own", replace=True)
    bed = ambience.load("a", tmp_path / "own")
    return bed.block(Frames(0), frames(added.sound.seconds)), added.notes, bed.peak


def usual_db(loop: Block) -> float:
    """Return the level that half of all tenths of a second pass."""
    steps = loop[: len(loop) // 4800 * 4800].astype(np.float64).reshape(-1, 9600)
    return float(np.median(10 * np.log10(np.mean(steps**2, axis=1))))


@pytest.mark.parametrize(
    ("seconds", "lasting", "over_db"),
    [(8.0, 0.4, 12.0), (16.0, 0.5, 44.0), (16.0, 2.0, 26.0), (30.0, 3.0, 44.0)],
)
def test_one_loud_event_does_not_make_the_bed_quiet(
    tmp_path: Path, seconds: float, lasting: float, over_db: float
) -> None:
    """With one loud event the bed is as loud as without it, the event is tamed, and a sentence says so."""
    plain, none, peak = made(tmp_path, rain(seconds, -46.0))
    loop, notes, loudest = made(tmp_path, bang(rain(seconds, -46.0), seconds * 0.6, over_db, lasting))
    assert usual_db(loop) == pytest.approx(usual_db(plain), abs=1.0)
    assert none == ()
    assert len(notes) == 1
    assert f"a loud event at 0:{round(seconds * 0.6):02}" in notes[0]
    assert np.max(np.abs(loop)) <= loudest < 3 * peak


def test_an_event_is_turned_down_smoothly(tmp_path: Path) -> None:
    """The gain that tames an event changes by less than 1 dB in 10 ms."""
    tone = np.sin(2 * np.pi * 1000 * np.arange(16 * RATE) / RATE)[:, np.newaxis] * np.ones(2) * 0.01
    tone[8 * RATE : 9 * RATE] *= gain(30)
    loop, notes, _ = made(tmp_path, tone)
    assert len(notes) == 1
    levels = 10 * np.log10(np.mean(loop[: len(loop) // 480 * 480, 0].reshape(-1, 480) ** 2.0, axis=1))
    changes = np.abs(np.diff(levels))
    assert np.sum(changes > 1.0) <= 4  # the tone itself, where it begins and ends


def test_a_click_does_not_turn_the_bed_down(tmp_path: Path) -> None:
    """One sample at full scale leaves the bound of the peak, by which levels are planned, where it was."""
    _, _, peak = made(tmp_path, rain(12.0))
    clicked = rain(12.0)
    clicked[6 * RATE] = 0.97
    _, notes, loudest = made(tmp_path, clicked)
    assert loudest < 2.5 * peak
    assert len(notes) == 1


def test_what_comes_again_and_again_is_no_event(tmp_path: Path) -> None:
    """Sounds that come every few seconds, and waves, are what was recorded: they stay as they are."""
    calls = rain(20.0, -60.0)
    for at in range(2, 18, 4):
        calls = bang(calls, at, 30.0, 0.3)
    waves = rain(20.0, -30.0) * (0.1 + np.sin(np.arange(20 * RATE) / RATE * np.pi / 8) ** 2)[:, np.newaxis]
    for sound in (calls, waves):
        assert made(tmp_path, sound)[1] == ()


@pytest.mark.parametrize("dead", [0, 1])
@pytest.mark.parametrize("leak", [0.0, 1e-4])
def test_a_dead_channel(tmp_path: Path, dead: int, leak: float) -> None:
    """Where one channel is dead the other is on both sides, at the reference loudness."""
    sound = rain(10.0)
    sound[:, dead] *= leak
    plain = usual_db(made(tmp_path, rain(10.0, channels=1))[0])
    loop, notes, _ = made(tmp_path, sound)
    assert np.max(np.abs(loop[:, 0] - loop[:, 1])) < 1e-6
    assert usual_db(loop) == pytest.approx(plain, abs=0.3)
    assert len(notes) == 1
    assert f"{'left' if dead == 0 else 'right'} channel is dead" in notes[0]


def test_opposite_phases(tmp_path: Path) -> None:
    """Of a recording whose channels are opposite, one loudspeaker plays all, and a sentence says so."""
    mono = rain(10.0, channels=1)
    loop, notes, _ = made(tmp_path, np.hstack([mono, -mono]) + 0.1 * rain(10.0))
    assert usual_db(np.repeat(loop.mean(axis=1, keepdims=True), 2, axis=1)) > usual_db(loop) - 0.5
    assert len(notes) == 1
    assert "opposite phases" in notes[0]


@pytest.mark.parametrize("rate", [RATE, 44_100])
def test_clipping(tmp_path: Path, rate: int) -> None:
    """A recording that is cut off at full scale is told of; one that just reaches it is not."""
    loud = rain(10.0, -8.0)
    (note,) = made(tmp_path, np.clip(loud, -1, 1 - 1e-6), rate)[1]
    assert "clipped" in note
    assert made(tmp_path, loud / np.max(np.abs(loud)), rate)[1] == ()


def test_ordinary_recordings_have_no_notes(tmp_path: Path) -> None:
    """Wide stereo, one side fainter, and mono: nothing is wrong with them."""
    for factors in ((1.0, 1.0), (1.0, 0.05), (0.2, 1.0)):
        assert made(tmp_path, rain(8.0) * factors)[1] == ()
    assert made(tmp_path, rain(8.0, channels=1))[1] == ()
