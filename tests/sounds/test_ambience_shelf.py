"""Names of the person's own ambiences, and removing, renaming and replacing them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from voiceguide.audio import RATE, Block, Frames
from voiceguide.errors import AssetError, StoreError
from voiceguide.sounds import ambience
from voiceguide.sounds.ambience import shelf
from voiceguide.sounds.ambience.add import add
from voiceguide.sounds.palette import SessionPalette, StudioPalette


def recording(path: Path, seconds: float = 6.0, seed: int = 1) -> Path:
    sf.write(path, np.random.default_rng(seed).standard_normal(int(seconds * RATE)) * 0.1, RATE)
    return path


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of one's own ambiences, with one called rain."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    folder = tmp_path / "data" / "ambience"
    add(recording(tmp_path / "rain.wav"), None, folder)
    return folder


def names(folder: Path) -> list[str]:
    return [sound.name for sound in ambience.sounds(folder) if sound.origin == "own"]


@pytest.mark.parametrize(
    ("stem", "name"),
    [("Café Crème", "cafe-creme"), ("Straße 2", "strasse-2"), ("ＲＡＩＮ", "rain"), ("a_b  c", "a-b-c")],
)
def test_a_name_is_made_of_what_has_letters_of_ours(stem: str, name: str, tmp_path: Path) -> None:
    """Accents, case, width and signs are no obstacle."""
    assert shelf.free_name(stem, tmp_path, given=False) == name


@pytest.mark.parametrize("stem", ["雨", "Дождь", "Дождь 2", "مطر", "Bjørn", "(%)", "a" * 41])
def test_a_name_in_another_script_is_asked_for(stem: str, tmp_path: Path) -> None:
    """Where the file's name cannot be one, the sentence says how to give another; with it all is well."""
    path = recording(tmp_path / f"{stem}.wav")
    with pytest.raises(AssetError, match="--name") as raised:
        add(path, None, tmp_path / "own")
    assert stem in str(raised.value)
    add(path, "rain", tmp_path / "own")
    assert stem in next(
        sound.description for sound in ambience.sounds(tmp_path / "own") if sound.name == "rain"
    )


def test_remove(own: Path) -> None:
    """What is removed leaves nothing behind."""
    shelf.remove("rain", own)
    assert list(own.iterdir()) == []


def test_a_damaged_one_can_be_removed(own: Path) -> None:
    """A damaged entry goes with its sound; it cannot be renamed."""
    (own / "rain.json").write_text("{")
    with pytest.raises(AssetError, match="damaged"):
        shelf.rename("rain", "drizzle", own)
    shelf.remove("rain", own)
    assert list(own.iterdir()) == []


def test_only_files_of_the_folder_are_removed(own: Path, tmp_path: Path) -> None:
    """An entry that names a file elsewhere does not take it along."""
    entry = json.loads((own / "rain.json").read_text())
    entry["layers"][0]["file"] = "../../rain.wav"
    (own / "rain.json").write_text(json.dumps(entry))
    shelf.remove("rain", own)
    assert (tmp_path / "rain.wav").exists()


def test_rename(own: Path, tmp_path: Path) -> None:
    """The same sound has the new name, the old name is free, and a sound added under it is another."""
    before = ambience.load("rain", own).block(Frames(0), RATE)
    shelf.rename("rain", "drizzle", own)
    assert names(own) == ["drizzle"]
    add(recording(tmp_path / "other.wav", seed=2), "rain", own)
    assert np.array_equal(ambience.load("drizzle", own).block(Frames(0), RATE), before)
    assert not np.array_equal(ambience.load("rain", own).block(Frames(0), RATE), before)
    shelf.remove("drizzle", own)
    ambience.load("rain", own)
    assert len(list(own.iterdir())) == 2


def test_replace(own: Path, tmp_path: Path) -> None:
    """A sound takes the place of one of its name, as often as one likes, and nothing is left of that."""
    before = ambience.load("rain", own).block(Frames(0), RATE)
    other = recording(tmp_path / "other.wav", seed=2)
    with pytest.raises(AssetError, match="--replace"):
        add(other, "rain", own)
    for _ in range(3):
        add(other, "rain", own, replace=True)
        assert len(list(own.iterdir())) == 2
    assert not np.array_equal(ambience.load("rain", own).block(Frames(0), RATE), before)


def test_a_sound_that_fails_replaces_nothing(own: Path, tmp_path: Path) -> None:
    """Where the new recording is none, the old one stays."""
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(AssetError):
        add(tmp_path / "text.wav", "rain", own, replace=True)
    ambience.load("rain", own)


def test_shipped_sounds_stay(own: Path, tmp_path: Path) -> None:
    """What comes with the package is not removed, renamed or replaced, and its name is not given away."""
    with pytest.raises(AssetError, match="cannot be removed"):
        shelf.remove("ocean", own)
    with pytest.raises(AssetError, match="cannot be renamed"):
        shelf.rename("ocean", "sea", own)
    with pytest.raises(AssetError, match="not yours"):
        shelf.rename("rain", "ocean", own)
    with pytest.raises(AssetError, match="not yours"):
        add(tmp_path / "rain.wav", "ocean", own, replace=True)


def test_what_is_not_there(own: Path) -> None:
    """An unknown name is refused with the nearest, and so is a way out of the folder."""
    with pytest.raises(AssetError, match="did you mean 'rain'"):
        shelf.remove("rian", own)
    with pytest.raises(AssetError, match="no ambience"):
        shelf.remove("../rain", own)
    with pytest.raises(AssetError, match="cannot be a name"):
        shelf.rename("rain", "Ре", own)


def test_a_folder_in_the_way(own: Path) -> None:
    """What the disk refuses is told as such."""
    (own / "rain.flac").unlink()
    (own / "rain.flac").mkdir()
    with pytest.raises(StoreError, match="cannot be kept"):
        shelf.remove("rain", own)


@pytest.mark.parametrize("length", [6.0, pytest.param(245.0, marks=pytest.mark.slow)])
def test_a_session_keeps_its_ambience(own: Path, tmp_path: Path, length: float) -> None:
    """Replaced, renamed or removed, it sounds on where it was asked for before, and only there."""
    add(recording(tmp_path / "long.wav", length), "rain", own, replace=True)
    places = [Frames(second * RATE) for second in (0, 3, 200, 244, 499)]

    def heard(palette: SessionPalette, name: str) -> list[Block]:
        return [palette.bed(name).block(at, RATE) for at in places]

    studio = StudioPalette()
    first = studio.session("rain")
    before = heard(first, "rain")
    add(recording(tmp_path / "other.wav", length, seed=2), "rain", own, replace=True)
    second = studio.session("rain")
    after = heard(second, "rain")
    assert first.marks != second.marks
    assert not np.array_equal(after, before)
    shelf.rename("rain", "drizzle", own)
    assert np.array_equal(heard(studio.session("drizzle"), "drizzle"), after)
    shelf.remove("drizzle", own)
    for other in ("ocean", "wind", "stream", "night"):
        studio.bed(other)  # what was read is no longer at hand
    assert np.array_equal(heard(first, "rain"), before)
    assert np.array_equal(heard(second, "rain"), after)
    for name in ("rain", "drizzle"):
        with pytest.raises(AssetError, match="no ambience"):
            studio.session(name)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are read from /proc")
def test_files_are_closed_with_the_last_session(own: Path) -> None:
    """A sound that nobody has any more is not held open, and its space on the disk is free."""
    first, second = (StudioPalette().session("rain") for _ in range(2))
    first.bed("rain")
    shelf.remove("rain", own)
    assert len(held_open(own)) == 2
    del first, second
    assert held_open(own) == []


def held_open(folder: Path) -> list[str]:
    """Return the files of *folder* that this process has open, removed ones too."""
    links = (Path(each.path) for each in os.scandir("/proc/self/fd"))
    files = [str(link.readlink()) for link in links if link.is_symlink()]
    return [file for file in files if file.startswith(str(folder))]
