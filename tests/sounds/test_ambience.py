"""Beds as functions of the frame index, choosing them, and making one from a recording."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyloudnorm
import pytest
import soundfile as sf
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.audio import RATE, Block, Frames, frames, gain
from voiceguide.errors import AssetError, StoreError
from voiceguide.sounds import ambience
from voiceguide.sounds.ambience.add import add
from voiceguide.sounds.ambience.bed import Ambience, Ears, FiledLayer, HeldLayer
from voiceguide.sounds.palette import StudioPalette

rng = np.random.default_rng


def small_bed() -> Ambience:
    loops = [rng(n).standard_normal((n, 2)).astype(np.float32) for n in (7, 12)]
    return Ambience("small", tuple(HeldLayer(loop) for loop in loops), 10.0)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 40), max_size=8))
def test_division(start: int, counts: list[int]) -> None:
    """However a stretch is divided into blocks, its samples are the same."""
    bed, at, parts = small_bed(), start, [np.zeros((0, 2), np.float32)]
    for count in counts:
        parts.append(bed.block(Frames(at), count))
        at += count
    assert np.array_equal(np.concatenate(parts), bed.block(Frames(start), sum(counts)))


@given(st.integers(0, 10**12))
def test_modulo(start: int) -> None:
    """A frame of the bed is the sum of each layer's frame at the index modulo its period."""
    bed = small_bed()
    layers = [layer.samples for layer in bed.layers if isinstance(layer, HeldLayer)]
    assert np.array_equal(bed.block(Frames(start), 1)[0], sum(loop[start % len(loop)] for loop in layers))


def test_block_is_callers() -> None:
    """A block may be written to; the bed does not change."""
    bed = ambience.load("brown-noise")
    first = bed.block(Frames(5), 100)
    first *= 0
    assert np.max(np.abs(bed.block(Frames(5), 100))) > 0


def test_filed_layer(tmp_path: Path) -> None:
    """A loop read from its file gives the samples that a loop in memory does."""
    pcm = rng(1).integers(-9000, 9000, (RATE * 3 + 1, 2)).astype(np.int16)
    sf.write(tmp_path / "loop.flac", pcm, RATE)
    filed = Ambience("a", (FiledLayer(tmp_path / "loop.flac", len(pcm), Ears(np.float32(0.5))),), 1.0)
    held = Ambience("a", (HeldLayer((pcm / 65536).astype(np.float32)),), 1.0)
    for start, count in ((0, 10), (RATE * 2 + 17, RATE * 3), (len(pcm) - 1, 2), (10**9, 4096)):
        (tmp_path / "loop.flac").unlink(missing_ok=True)  # it was opened
        assert np.array_equal(filed.block(Frames(start), count), held.block(Frames(start), count))


def test_a_bed_that_is_not_held() -> None:
    """A bed that reads its files as it is heard gives the samples of the one that is held."""
    filed, held = ambience.load("soft-rain", held=False), ambience.load("soft-rain")
    for start in (0, 31 * RATE, 10**9):
        assert np.array_equal(filed.block(Frames(start), RATE), held.block(Frames(start), RATE))


def test_a_bed_that_is_begun_before_it_is_read() -> None:
    """A palette gives a begun bed out at once, from its files, and from memory once it is read."""
    palette = StudioPalette()
    palette.begin("soft-rain")
    begun = palette.bed("soft-rain")
    assert all(isinstance(layer, FiledLayer) for layer in begun.layers)
    palette.keep("soft-rain")
    assert all(isinstance(layer, HeldLayer) for layer in palette.bed("soft-rain").layers)
    palette.begin("soft-rain")
    assert all(isinstance(layer, HeldLayer) for layer in palette.bed("soft-rain").layers)


def test_ears() -> None:
    """The right ear reads a loop later than the left; each hears a share of the other."""
    loop = np.array([[1], [0], [0], [0]], dtype=np.float32)
    heard = Ambience("a", (HeldLayer(loop, Ears(np.float32(2.0), shift=1, cross=0.5)),), 1.0)
    assert heard.block(Frames(0), 4).tolist() == [[2, 1], [0, 0], [0, 0], [1, 2]]


def test_unknown_names(tmp_path: Path) -> None:
    """A name that is not there is refused with the nearest, or with all there are."""
    with pytest.raises(AssetError, match="did you mean 'soft-rain'"):
        ambience.load("softrain", tmp_path)
    with pytest.raises(AssetError, match="there are: soft-rain, stream"):
        ambience.load("zzz", tmp_path)
    with pytest.raises(AssetError, match="did you mean 'bowl'"):
        ambience.bell("bowls")


def test_sounds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The list has the shipped sounds, and the person's own from the data folder."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path))
    listed = ambience.sounds()
    assert {sound.origin for sound in listed} == {"shipped"}
    assert all(sound.path.is_file() and sound.seconds > 15 and sound.description for sound in listed)
    own = add(recording(tmp_path / "My Garden.wav"), None, tmp_path / "ambience").sound
    assert (own.name, own.origin) == ("my-garden", "own")
    assert ambience.sounds() == (*listed, own)
    assert [name for name, _ in ambience.bells()] == ["bowl", "chime", "wood"]


def recording(path: Path, seconds: float = 16.0, rate: int = 44_100) -> Path:
    """Write a mono recording of surf-like noise: a second of silence, a slow fade in, a slow fade out."""
    count = int(seconds * rate)
    spectrum = np.fft.rfft(rng(3).standard_normal(count))
    spectrum /= 1 + (np.arange(len(spectrum)) / seconds / 400) ** 1.5
    sound = np.fft.irfft(spectrum, count)
    time = np.arange(count) / rate
    sound *= np.clip(time / 1.5, 0, 1) * np.clip((seconds - time) / 1.5, 0, 1) * 0.2 / np.std(sound)
    sf.write(path, np.concatenate([np.zeros(rate), sound + 0.01]), rate)
    return path


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Block]:
    """A bed made from a recording: its folder, and one turn of its loop."""
    folder = tmp_path_factory.mktemp("own")
    sound = add(recording(folder / "shore.wav"), "shore", folder / "ambience").sound
    bed = ambience.load("shore", folder / "ambience")
    return folder / "ambience", bed.block(Frames(0), frames(sound.seconds))


def test_add_cuts_ends(added: tuple[Path, Block]) -> None:
    """Silence and fades at the ends are cut away, and the join takes four seconds more."""
    assert 16 - 4 - 2.5 < len(added[1]) / RATE < 16 - 4 - 0.7


def level_db(sound: npt.NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(sound.astype(np.float64) ** 2)))


def test_add_is_seamless(added: tuple[Path, Block]) -> None:
    """Round the join there is no step, and the level is that of the rest of the loop."""
    loop = added[1]
    turned = np.roll(loop[:, 0], len(loop) // 2)
    join = len(loop) // 2
    for order in (1, 2, 3):
        steps = np.abs(np.diff(turned.astype(np.float64), order))
        assert np.max(steps[join - 6 : join + 4]) <= np.quantile(steps, 0.9995)
    rest = level_db(loop[frames(4.5) :, 0])
    # The crossfade fills the first four seconds: start, middle (where a straight one dips by 3 dB) and end.
    for at in np.arange(0, 4.0, 0.5):
        assert level_db(loop[frames(at) : frames(at + 1.0), 0]) == pytest.approx(rest, abs=1.2)


def test_add_levels(added: tuple[Path, Block]) -> None:
    """The bed has the reference loudness, no offset, and a true bound of its peak."""
    folder, loop = added
    bed = ambience.load("shore", folder)
    assert pyloudnorm.Meter(RATE).integrated_loudness(loop) == pytest.approx(ambience.REFERENCE_LUFS, abs=0.5)
    assert np.max(np.abs(loop)) <= bed.peak <= np.max(np.abs(loop)) + 2e-4
    assert np.max(np.abs(np.mean(loop, axis=0))) < 2e-3


def test_add_fills_digital_silence(tmp_path: Path) -> None:
    """Gaps of digital silence in a recording come out as faint noise."""
    sound = rng(4).standard_normal((RATE * 8, 2)) * 0.1
    sound[RATE * 4 : RATE * 5] = 0
    sf.write(tmp_path / "gap.wav", sound, RATE)
    made = add(tmp_path / "gap.wav", None, tmp_path / "own").sound
    loop = ambience.load("gap", tmp_path / "own").block(Frames(0), frames(made.seconds))
    quietest = np.min(np.max(np.abs(loop[: len(loop) // 480 * 480].reshape(-1, 960)), axis=1))
    assert gain(-90) < quietest < gain(-65)


def test_add_leaves_nothing_else(added: tuple[Path, Block]) -> None:
    """Only the sound and its entry are left in the folder, and the entry is plain JSON."""
    folder = added[0]
    assert {path.name for path in folder.iterdir()} == {"shore.flac", "shore.json"}
    assert json.loads((folder / "shore.json").read_text())["layers"][0]["file"] == "shore.flac"


def test_add_m4a(tmp_path: Path) -> None:
    """What soundfile does not know is decoded by PyAV; no ffmpeg program is needed."""
    import av

    with av.open(str(tmp_path / "talk.m4a"), "w") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        samples = (rng(5).standard_normal((1, RATE * 7)) * 0.1).astype(np.float32)
        for at in range(0, samples.shape[1] - 1023, 1024):
            frame = av.AudioFrame.from_ndarray(samples[:, at : at + 1024], format="fltp", layout="mono")
            frame.sample_rate, frame.pts = RATE, at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    sound = add(tmp_path / "talk.m4a", None, tmp_path / "own").sound
    assert sound.seconds > 5


def tone_file(path: Path, seconds: float, level: float = 0.1) -> Path:
    sf.write(path, level * rng(6).standard_normal(int(seconds * 8000)), 8000)
    return path


@pytest.mark.parametrize(
    ("make", "name", "what"),
    [
        (lambda folder: folder / "none.wav", "a", "no file"),
        (lambda folder: tone_file(folder / "short.wav", 3), "a", r"3\.0 s long"),
        (lambda folder: tone_file(folder / "long.wav", 1801), "a", "longer than 30 minutes"),
        (lambda folder: tone_file(folder / "still.wav", 8, 0.0), "a", "silent"),
        (lambda folder: folder, "a", "no file"),
        (lambda folder: tone_file(folder / "x.wav", 8), "ocean", "already"),
        (lambda folder: tone_file(folder / "x.wav", 8), "none", "already"),
        (lambda folder: tone_file(folder / "x.wav", 8), "../up", "cannot be a name"),
        (lambda folder: tone_file(folder / "(%).wav", 8), None, "cannot be a name"),
    ],
)
def test_add_refuses(tmp_path: Path, make: Callable[[Path], Path], name: str | None, what: str) -> None:
    """What cannot be a bed is refused with the reason, and nothing is kept."""
    with pytest.raises(AssetError, match=what):
        add(make(tmp_path), name, tmp_path / "own")
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize("data", [b"", b"not a sound", b"RIFF\x00\x00", bytes(range(256)) * 64])
@pytest.mark.parametrize("ending", ["wav", "mp3", "txt", "raw", "m4a"])
def test_add_refuses_what_is_no_sound(tmp_path: Path, data: bytes, ending: str) -> None:
    """A file that holds no sound is refused, whatever it is called."""
    path = tmp_path / f"file.{ending}"
    path.write_bytes(data)
    with pytest.raises(AssetError):
        add(path, "mine", tmp_path / "own")


def test_name_taken(added: tuple[Path, Block], tmp_path: Path) -> None:
    """A name that is the person's already is refused."""
    with pytest.raises(AssetError, match="already"):
        add(tone_file(tmp_path / "x.wav", 8), "shore", added[0])


def test_unwritable(tmp_path: Path) -> None:
    """A folder that cannot be made is reported as such."""
    (tmp_path / "own").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be kept"):
        add(tone_file(tmp_path / "x.wav", 8), "mine", tmp_path / "own")


def test_damaged_entry(tmp_path: Path) -> None:
    """A damaged entry is listed as damaged, cannot be loaded, and stops no other sound."""
    (tmp_path / "bad.json").write_text("{")
    (tmp_path / "list.json").write_text('{"about": "x", "gain_db": 0, "peak": 1, "layers": []}')
    listed = {sound.name: sound.description for sound in ambience.sounds(tmp_path)}
    assert listed["bad"] == "damaged; add it again"
    assert "ocean" in listed
    with pytest.raises(AssetError, match="damaged"):
        ambience.load("bad", tmp_path)
    with pytest.raises(AssetError, match="damaged"):
        ambience.load("list", tmp_path)


def test_changed_file(added: tuple[Path, Block], tmp_path: Path) -> None:
    """A sound file that is not the one that was added is refused."""
    (tmp_path / "shore.json").write_text((added[0] / "shore.json").read_text())
    sf.write(tmp_path / "shore.flac", np.zeros((RATE, 2)), RATE)
    with pytest.raises(AssetError, match="not the file it was"):
        ambience.load("shore", tmp_path)
