"""Kokoro's voice files: found, checked and installed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voiceguide.errors import EngineError, EngineMissing, StoreError
from voiceguide.voices.engines import kokoro_voices as files


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where this test's person keeps voices."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv(files.FOLDER_VARIABLE, raising=False)
    return tmp_path / "data" / "kokoro"


def voice_file(folder: Path, name: str, fill: float = 0.25) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.bin"
    path.write_bytes(np.full(files.ROWS * files.WIDTH, fill, dtype="<f4").tobytes())
    return path


def test_a_folder_of_voices_is_installed_whole(tmp_path: Path, own_folder: Path) -> None:
    """Without names, every English voice of the folder is copied, and nothing else."""
    for name in ("bf_emma", "af_heart", "jf_alpha"):
        voice_file(tmp_path / "from", name)
    paths = files.install(source=tmp_path / "from")
    assert [path.name for path in paths] == ["af_heart.bin", "bf_emma.bin"]
    assert sorted(path.name for path in own_folder.iterdir()) == ["af_heart.bin", "bf_emma.bin"]
    assert list(files.installed()) == ["af_heart", "bf_emma"]


def test_installing_twice_does_no_harm(tmp_path: Path) -> None:
    """The same voice can be installed again."""
    voice_file(tmp_path / "from", "af_heart")
    assert files.install(["af_heart"], tmp_path / "from") == files.install(["af_heart"], tmp_path / "from")


def test_a_short_file_is_refused(tmp_path: Path, own_folder: Path) -> None:
    """A file of the wrong size is named with its size, and not kept."""
    voice_file(tmp_path / "from", "af_heart").write_bytes(b"\0" * 100)
    with pytest.raises(EngineError, match=r"100 bytes, and needs 522,240"):
        files.install(["af_heart"], tmp_path / "from")
    assert not own_folder.exists()


def test_a_file_of_nonsense_is_refused(tmp_path: Path) -> None:
    """Numbers that are not finite are no voice."""
    voice_file(tmp_path / "from", "af_heart", float("nan"))
    with pytest.raises(EngineError, match="finite"):
        files.install(["af_heart"], tmp_path / "from")


@pytest.mark.parametrize("name", ["../af_heart", "af_heart/x", "jf_alpha", "AF_HEART", ""])
def test_only_names_of_english_voices_are_installed(name: str, tmp_path: Path) -> None:
    """A name with a path in it, or of another language, is refused before a file is touched."""
    with pytest.raises(EngineError, match="no English kokoro voice"):
        files.install([name], tmp_path)


def test_an_empty_folder_is_told_apart(tmp_path: Path) -> None:
    """A folder without voices is an error that says what it needs."""
    with pytest.raises(EngineError, match=r"af_heart\.bin"):
        files.install(source=tmp_path)


def test_a_folder_that_cannot_be_written_is_a_store_error(tmp_path: Path, own_folder: Path) -> None:
    """Where the person's folder cannot be made, the error says so."""
    own_folder.parent.parent.mkdir(parents=True, exist_ok=True)
    own_folder.parent.write_text("in the way")
    voice_file(tmp_path / "from", "af_heart")
    with pytest.raises(StoreError, match="cannot be written"):
        files.install(["af_heart"], tmp_path / "from")


def test_the_chosen_folder_comes_first(
    tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A voice in the folder of the variable hides the one of the same name in the person's own."""
    voice_file(own_folder, "af_heart", 1.0)
    voice_file(tmp_path / "chosen", "af_heart", 2.0)
    monkeypatch.setenv(files.FOLDER_VARIABLE, str(tmp_path / "chosen"))
    assert files.load("af_heart")[0, 0] == 2.0
    assert files.load("af_heart").shape == (files.ROWS, files.WIDTH)


def test_voices_to_install_are_listed_with_their_command(own_folder: Path) -> None:
    """Installed voices come first and are ready; the others say how to get them."""
    voice_file(own_folder, "bm_lewis")
    first, second, *_ = files.listed()
    assert (first.name, first.language, first.ready) == ("bm_lewis", "en-GB", True)
    assert (second.name, second.language, second.ready) == ("af_heart", "en-US", False)
    assert second.mend == "voiceguide voices install kokoro af_heart"
    assert len({voice.name for voice in files.listed()}) == 28


def test_a_voice_that_is_not_there_says_how_to_get_it() -> None:
    """A known voice that is missing carries its command; an unknown one does not."""
    with pytest.raises(EngineMissing) as missing:
        files.load("af_sky")
    assert missing.value.mend == "voiceguide voices install kokoro af_sky"
    with pytest.raises(EngineError, match="no voice “af_nobody”"):
        files.load("af_nobody")
