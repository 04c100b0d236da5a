"""Kokoro's voice files: found and checked."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.voices.kokoro_files import person, voice_file
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.voices.engines import kokoro_voices as files


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where this test's person keeps voices."""
    return person(tmp_path, monkeypatch)


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
    of = Counter(voice.language for voice in files.listed())
    assert of == {"en-US": 20, "en-GB": 8, "es": 3, "fr-FR": 1, "it": 2, "pt-BR": 3}


def test_a_voice_that_is_not_there_says_how_to_get_it() -> None:
    """A known voice that is missing carries its command; an unknown one does not."""
    with pytest.raises(EngineMissing) as missing:
        files.load("af_sky")
    assert missing.value.mend == "voiceguide voices install kokoro af_sky"
    with pytest.raises(EngineError, match="no voice “af_nobody”"):
        files.load("af_nobody")


def test_a_voice_file_that_was_damaged_is_refused(own_folder: Path) -> None:
    """A file that is cut short, or has numbers that are none, is named; it never sounds."""
    path = voice_file(own_folder, "af_heart")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(EngineError, match=r"522,239 bytes, and needs 522,240"):
        files.load("af_heart")
    voice_file(own_folder, "af_heart", float("nan"))
    with pytest.raises(EngineError, match="finite"):
        files.load("af_heart")
