"""The sounds that ship: as loud as the index says, seamless, even, and what the synthesis code makes."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pyloudnorm
import pytest
import soundfile as sf

from tools.synthesis.recipes import BEDS, BELLS, Bed
from tools.synthesis.shelf import bed_loops, bell_sound
from voiceguide.audio import RATE, Frames, decibels, frames
from voiceguide.files.folders import shipped
from voiceguide.script.model import BELLS as BELLS_OF_SCRIPTS
from voiceguide.sounds import ambience

ASSETS = shipped("audio_assets")
INDEX: dict[str, Any] = json.loads((ASSETS / "index.json").read_text())
NAMES = [bed.name for bed in BEDS]
UNPITCHED = [name for name in NAMES if name not in ("night", "warm-pad")]
FILES = [part["file"] for entry in INDEX["ambience"].values() for part in entry["layers"]]
Samples = npt.NDArray[np.float64]


def levels_db(sound: Samples, count: int) -> Samples:
    """Return the level of each stretch of *count* frames."""
    whole = sound[: len(sound) // count * count].reshape(-1, count)
    return np.asarray(10 * np.log10(np.mean(whole**2, axis=1)))


def spectrum_db(sound: npt.NDArray[np.float32], size: int = 8192) -> Samples:
    """Return the mean power spectrum of *sound*, in bins of RATE / *size* Hz."""
    parts = np.lib.stride_tricks.sliding_window_view(sound, size)[:: size // 2] * np.hanning(size)
    power = np.mean(np.abs(np.fft.rfft(parts, axis=1)) ** 2, axis=0)
    return np.asarray(10 * np.log10(power))


def test_index_and_files() -> None:
    """Index, folder and SOURCES.md name the same files, and all together are under 20 MiB."""
    files = {*FILES, *(entry["file"] for entry in INDEX["bells"].values())}
    assert files == {path.name for path in ASSETS.glob("*.flac")}
    sources = (ASSETS / "SOURCES.md").read_text()
    assert all(f"`{file}`" in sources for file in files)
    assert sum(path.stat().st_size for path in ASSETS.iterdir()) < 20 * 2**20
    assert list(INDEX["ambience"]) == NAMES
    assert {"soft-rain", "stream", "ocean", "wind", "brown-noise", "night", "warm-pad"} <= set(NAMES)
    assert set(INDEX["bells"]) == {bell.name for bell in BELLS} == set(BELLS_OF_SCRIPTS)


@pytest.mark.parametrize("name", NAMES)
def test_periods(name: str) -> None:
    """The periods of a bed's two layers share no factor, so hours pass before it repeats."""
    first, second = (part["frames"] for part in INDEX["ambience"][name]["layers"])
    assert math.gcd(first, second) == 1
    assert first * second > frames(24 * 3600)


@pytest.mark.parametrize("name", NAMES)
def test_loudness(name: str) -> None:
    """Any half minute of a bed is within 1 dB of the reference, and several together within 0.5 dB."""
    bed, meter = ambience.load(name), pyloudnorm.Meter(RATE)
    parts = [bed.block(frames(at), frames(30)) for at in (0, 600, 3600)]
    assert [meter.integrated_loudness(part) for part in parts] == pytest.approx(
        [ambience.REFERENCE_LUFS] * 3, abs=1
    )
    whole = meter.integrated_loudness(np.concatenate(parts))
    assert whole == pytest.approx(ambience.REFERENCE_LUFS, abs=0.5)


@pytest.mark.parametrize("name", NAMES)
def test_peak(name: str) -> None:
    """No sample passes the bound that the index states, and the true peak stays under full scale."""
    import soxr

    bed = ambience.load(name)
    block = bed.block(Frames(10**9), frames(60))
    assert np.max(np.abs(block)) <= bed.peak < 1.0
    assert np.max(np.abs(soxr.resample(block, RATE, 4 * RATE))) < 1.0


@pytest.mark.parametrize("name", NAMES)
def test_even(name: str) -> None:
    """A bed has no offset, little hiss, is wide, loses little in mono, and is never digital silence."""
    block = ambience.load(name).block(frames(100), frames(40))
    assert np.max(np.abs(np.mean(block, axis=0))) < 1e-3
    power = 10 ** (spectrum_db(block[:, 0]) / 10)
    above = round(8_000 / RATE * 8192)
    assert 10 * math.log10(np.sum(power[above:]) / np.sum(power)) < -18
    assert 0.2 < np.mean(block[:, 0] * block[:, 1]) / np.mean(block**2) < 0.9
    assert decibels(float(np.std(np.mean(block, axis=1)) / np.std(block[:, 0]))) > -2.5
    assert np.min(np.max(np.abs(block[: frames(39)].reshape(-1, 480 * 2)), axis=1)) > 1e-4


@pytest.mark.parametrize("name", UNPITCHED)
def test_no_whistle(name: str) -> None:
    """Where the sound is of water, air or noise, no narrow band stands out from its neighbours."""
    level = spectrum_db(ambience.load(name).block(frames(0), frames(90))[:, 0])[20:2000]
    around = np.lib.stride_tricks.sliding_window_view(level, 41)
    assert np.max(around[:, 20] - np.median(around, axis=1)) < 6


@pytest.mark.parametrize("file", FILES)
def test_seamless(file: str) -> None:
    """Where a layer's end meets its start, the step and the change of level are of the ordinary kind."""
    loop = sf.read(ASSETS / file)[0]
    turned = np.roll(loop, len(loop) // 2)
    join = len(loop) // 2
    for order in (1, 2, 3):
        steps = np.abs(np.diff(turned, order))
        assert np.max(steps[join - 8 : join + 4]) <= np.quantile(steps, 0.9999)
    for count in (480, 4800, 24_000):
        change = np.abs(np.diff(levels_db(turned[join % count :], count)))
        assert change[join // count - 1] <= max(np.quantile(change, 0.995), 0.5)


@pytest.mark.parametrize("name", BELLS_OF_SCRIPTS)
def test_bell(name: str) -> None:
    """A bell is at the reference from the stroke, or at its peak; starts softly and ends in silence."""
    block = ambience.bell(name)
    entry = INDEX["bells"][name]
    assert len(block) == entry["frames"]
    assert np.max(np.abs(block)) <= entry["peak"] <= 0.71
    window = np.zeros((frames(0.4), 2))
    window[: len(block)] = block[: len(window)]
    assert pyloudnorm.Meter(RATE).integrated_loudness(window) == pytest.approx(entry["lufs"], abs=0.1)
    assert ambience.REFERENCE_LUFS - 3 <= entry["lufs"] <= ambience.REFERENCE_LUFS
    assert np.max(np.abs(block[:2])) < 0.01
    assert np.max(np.abs(block[-480:])) < 1e-3


def check_made_again(bed: Bed) -> None:
    # One step of 16 bits is left to other processors' last bits.
    for made, part in zip(bed_loops(bed), INDEX["ambience"][bed.name]["layers"], strict=True):
        kept = sf.read(ASSETS / part["file"], dtype="int16")[0]
        assert np.max(np.abs(made.astype(np.int32) - kept)) <= 1


def test_reproducible() -> None:
    """The synthesis code makes what is shipped: bells and one bed."""
    for bell in BELLS:
        kept = sf.read(ASSETS / f"{bell.name}.flac", dtype="int16")[0]
        assert np.max(np.abs(bell_sound(bell).astype(np.int32) - kept)) <= 1
    check_made_again(next(bed for bed in BEDS if bed.name == "brown-noise"))


@pytest.mark.slow
@pytest.mark.parametrize("bed", BEDS, ids=NAMES)
def test_reproducible_beds(bed: Bed) -> None:
    """The synthesis code makes what is shipped: every bed."""
    check_made_again(bed)
