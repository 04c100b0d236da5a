"""The engine `piper`, spoken for real where it is installed."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.voices.lines import LINES
from voiceguide.audio import seconds
from voiceguide.errors import EngineError
from voiceguide.script.model import PACES
from voiceguide.voices import words
from voiceguide.voices.clips import finish
from voiceguide.voices.engines.piper import PiperEngine

SLOW = PACES["slow"]
LINE = "Notice your feet. Both of them, on the floor."
HASH = """
import hashlib
from voiceguide.voices.engines.piper import PiperEngine
print(hashlib.sha256(PiperEngine().speak({line!r}, "joe", 105).tobytes()).hexdigest())
"""

spoken = pytest.mark.skipif(not PiperEngine().status().ready, reason="the extra piper is not installed")


@pytest.fixture(scope="module")
def engine() -> PiperEngine:
    return PiperEngine()


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path))
    (tmp_path / "piper").mkdir()
    return tmp_path / "piper"


def test_looking_loads_nothing() -> None:
    """Making the engine, its version, state, voices and estimates import neither piper nor ONNX Runtime."""
    look = (
        "import sys; from voiceguide.voices.engines.piper import PiperEngine as E; e = E(); "
        "e.version, e.status(), e.voices(), e.estimate('Flat.', 'joe', 105); "
        "print(sorted({'piper', 'onnxruntime', 'scipy', 'soxr'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_voice_of_ones_own_is_listed(own_folder: Path) -> None:
    """A model with its settings beside it is a voice; its name is its file's, and its language is told."""
    (own_folder / "en_GB-alba-medium.onnx").write_bytes(b"")
    (own_folder / "en_GB-alba-medium.onnx.json").write_text('{"language": {"code": "en_GB"}}')
    (own_folder / "alone.onnx").write_bytes(b"")
    names = {voice.name: voice for voice in PiperEngine().voices()}
    assert set(names) == {"joe", "en_GB-alba-medium"}
    assert names["en_GB-alba-medium"].language == "en-GB"


def test_a_voice_with_unreadable_settings_is_not_ready(own_folder: Path) -> None:
    """A voice whose settings are nonsense is listed as not ready."""
    (own_folder / "x.onnx").write_bytes(b"")
    (own_folder / "x.onnx.json").write_text("[1")
    assert [voice.ready for voice in PiperEngine().voices() if voice.name == "x"] == [False]


@spoken
@pytest.mark.voice
def test_a_damaged_voice_is_an_engine_error(own_folder: Path) -> None:
    """A model that is none is refused with its path, not with a traceback from inside."""
    (own_folder / "x.onnx").write_bytes(b"nothing")
    (own_folder / "x.onnx.json").write_text("{}")
    with pytest.raises(EngineError, match=r"x\.onnx cannot be loaded"):
        PiperEngine().speak("Flat.", "x", SLOW)


@spoken
@pytest.mark.voice
def test_an_unknown_voice_is_an_engine_error(engine: PiperEngine) -> None:
    """A voice that is not there is named."""
    with pytest.raises(EngineError, match="“nobody”"):
        engine.speak("Flat.", "nobody", SLOW)


@spoken
@pytest.mark.voice
def test_nothing_to_say_is_an_engine_error(engine: PiperEngine) -> None:
    """A text of marks alone is refused."""
    with pytest.raises(EngineError, match="nothing to say"):
        engine.speak("...", "joe", SLOW)


@spoken
@pytest.mark.voice
def test_the_same_line_is_the_same_samples(engine: PiperEngine) -> None:
    """Said again after other lines, and in another process, a line is equal to the sample."""
    first = engine.speak(LINE, "joe", SLOW)
    engine.speak("Something else altogether.", "joe", PACES["medium"])
    assert np.array_equal(first, engine.speak(LINE, "joe", SLOW))
    other = subprocess.run(
        [sys.executable, "-c", HASH.format(line=LINE)], capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == hashlib.sha256(first.tobytes()).hexdigest()
    assert first.dtype == np.float32
    assert first.ndim == 1


@spoken
@pytest.mark.voice
def test_estimates_are_near_the_truth(engine: PiperEngine) -> None:
    """Every estimate is within a fifth of the levelled and trimmed clip, and within a tenth on average."""
    off = []
    for line in LINES:
        took = finish(engine.speak(line, "joe", SLOW), -19.0).length
        off.append(abs(engine.estimate(line, "joe", SLOW) / took - 1.0))
        assert off[-1] <= 0.2, line
    assert float(np.mean(off)) <= 0.1


@spoken
@pytest.mark.voice
def test_slow_is_slow(engine: PiperEngine) -> None:
    """Lines of several sentences come to 95 to 115 words a minute, short stops included."""
    lines = [line for line in LINES if len(words.sentences(line)) > 1]
    took = sum(seconds(finish(engine.speak(line, "joe", SLOW), -19.0).length) for line in lines)
    assert 95 <= sum(words.words(line) for line in lines) / took * 60.0 <= 115


def test_the_command_is_named_where_it_is_missing() -> None:
    """Where the extra is absent the state says the one command; where it is there, there is none."""
    status = PiperEngine().status()
    installed = importlib.util.find_spec("piper") is not None
    assert status.ready == installed or not status.ready
    assert status.ready or status.mend == "pip install 'voiceguide[piper]'"
