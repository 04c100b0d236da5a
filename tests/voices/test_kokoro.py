"""The engine `kokoro`, spoken for real where its extra and the test voices are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from voiceguide.audio import RATE, Mono, seconds
from voiceguide.errors import EngineMissing
from voiceguide.script.model import PACES
from voiceguide.voices.clips import finish
from voiceguide.voices.engines import kokoro_model, kokoro_voices, pauses
from voiceguide.voices.engines.kokoro import KokoroEngine

SLOW = PACES["slow"]
VOICES = Path(__file__).resolve().parents[3] / "shared" / "voices"
NAMES = ("af_heart", "af_nicole", "bf_emma", "bm_george")
PHRASES = ("Flat.", "Far away.", "And out.", "Nothing.")

ready = not kokoro_model.missing() and all((VOICES / f"{name}.bin").is_file() for name in NAMES)
spoken = pytest.mark.skipif(not ready, reason="the extra kokoro or the test voices are not here")


@pytest.fixture(autouse=True)
def _voices(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(kokoro_voices.FOLDER_VARIABLE, str(VOICES))
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path))


@pytest.fixture(scope="module")
def engine() -> KokoroEngine:
    return KokoroEngine()


def longest_hush(clip: Mono) -> float:
    """Return the longest stretch within *clip* that is 40 dB under its loudest, in seconds."""
    quiet = pauses.levels(clip, RATE) < pauses.levels(clip, RATE).max() - 40.0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (~quiet).astype(int), [0]])))
    return float(max((edges[2::2] - edges[1:-1:2]), default=0)) * pauses.WINDOW_SECONDS


def test_without_voices_the_command_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no voice is installed the state says so, with the command that brings it."""
    monkeypatch.setenv(kokoro_voices.FOLDER_VARIABLE, str(tmp_path))
    status = KokoroEngine().status()
    assert not status.ready
    assert status.mend in ("voiceguide voices install kokoro", kokoro_model.MEND)
    with pytest.raises(EngineMissing):
        KokoroEngine().speak("Flat.", "af_heart", SLOW)


@spoken
@pytest.mark.voice
def test_the_timing_of_the_network_adds_up() -> None:
    """Tokens follow one another, and the last ends before the sound does."""
    network = kokoro_model.Network()
    tokens = network.tokens("flˈæt.")
    take = network.speak(tokens, kokoro_voices.load("af_heart")[len(tokens)], 1.0)
    assert len(take.starts) == len(tokens) + 1
    assert (np.diff(take.starts) > 0).all()
    assert take.starts[-1] <= len(take.audio)


@spoken
@pytest.mark.voice
@pytest.mark.parametrize("voice", NAMES)
def test_short_phrases_come_out_clean(engine: KokoroEngine, voice: str) -> None:
    """A phrase of few words has its due length, starts and ends softly, and holds nothing but itself."""
    for phrase in PHRASES:
        clip = finish(engine.speak(phrase, voice, SLOW), -19.0)
        assert engine.estimate(phrase, voice, SLOW) / clip.length == pytest.approx(1.0, abs=0.25), phrase
        level = pauses.levels(clip.samples, RATE)
        assert level[0] < level.max() - 25.0, phrase
        assert level[-1] < level.max() - 25.0, phrase
        assert longest_hush(clip.samples) < 0.25, phrase


@spoken
@pytest.mark.voice
@pytest.mark.slow
def test_a_sentence_without_end_is_spoken(engine: KokoroEngine) -> None:
    """A sentence longer than the network reads at once is spoken in parts, about as long as it should be."""
    line = ", ".join(["the left foot and then the right one"] * 18) + "."
    took = len(engine.speak(line, "af_heart", PACES["medium"]))
    due = engine.estimate(line, "af_heart", PACES["medium"])
    assert seconds(took) == pytest.approx(seconds(due), rel=0.25)
