"""The engine `kokoro`, spoken for real where its extra and the test voices are."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from voiceguide.audio import RATE, Mono, seconds
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.script.model import PACES
from voiceguide.voices.clips import finish
from voiceguide.voices.engines import kokoro_model, kokoro_voices, pauses
from voiceguide.voices.engines.kokoro import KokoroEngine

SLOW = PACES["slow"]
VOICES = Path(__file__).resolve().parents[3] / "shared" / "voices"
NAMES = ("af_heart", "af_nicole", "bf_emma", "bm_george")
PHRASES = ("Flat.", "Far away.", "And out.", "Nothing.")
LINES = (
    "Five.",
    "Behind glass.",
    "Notice your hands.",
    "Let the chair do some of the work.",
    "Warm, or cool, or neither.",
    "Ask yourself, quietly. What is here right now?",
    "You said something true. That is all this was for.",
)
HASH = """
import hashlib
from voiceguide.voices.engines.kokoro import KokoroEngine
print(hashlib.sha256(KokoroEngine().speak("Far away.", "af_heart", 105).tobytes()).hexdigest())
"""

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


def test_looking_loads_nothing() -> None:
    """Making the engine, its version, state, voices and estimates load no network and no phonemizer."""
    look = (
        "import sys; from voiceguide.voices.engines.kokoro import KokoroEngine as E; e = E(); "
        "e.version, e.status(), e.voices(), e.estimate('Flat.', 'af_heart', 105); "
        "print(sorted({'phonemizer', 'onnxruntime', 'huggingface_hub', 'soxr'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


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
def test_estimates_are_near_the_truth(engine: KokoroEngine) -> None:
    """Every line's estimate is within a fifth of its levelled and trimmed clip."""
    for line in LINES:
        took = finish(engine.speak(line, "af_heart", SLOW), -19.0).length
        assert engine.estimate(line, "af_heart", SLOW) / took == pytest.approx(1.0, abs=0.2), line


@spoken
@pytest.mark.voice
def test_the_same_line_is_the_same_samples(engine: KokoroEngine) -> None:
    """Said again after other lines and voices, and in another process, a line is equal to the sample."""
    first = engine.speak("Far away.", "af_heart", SLOW)
    engine.speak("Something else.", "bm_george", PACES["medium"])
    assert np.array_equal(first, engine.speak("Far away.", "af_heart", SLOW))
    other = subprocess.run(
        [sys.executable, "-c", HASH], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert other.stdout.strip() == hashlib.sha256(first.tobytes()).hexdigest()


@spoken
@pytest.mark.voice
def test_an_unknown_voice_is_an_engine_error(engine: KokoroEngine) -> None:
    """A voice that is not there is named."""
    with pytest.raises(EngineError, match="“nobody”"):
        engine.speak("Flat.", "nobody", SLOW)


@spoken
@pytest.mark.voice
@pytest.mark.slow
def test_a_sentence_without_end_is_spoken(engine: KokoroEngine) -> None:
    """A sentence longer than the network reads at once is spoken in parts, about as long as it should be."""
    line = ", ".join(["the left foot and then the right one"] * 18) + "."
    took = len(engine.speak(line, "af_heart", PACES["medium"]))
    due = engine.estimate(line, "af_heart", PACES["medium"])
    assert seconds(took) == pytest.approx(seconds(due), rel=0.25)
