"""The engine `piper`, spoken for real where it is installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from voiceguide.errors import EngineError
from voiceguide.script.model import PACES
from voiceguide.voices.engines.piper import PiperEngine

SLOW = PACES["slow"]

spoken = pytest.mark.skipif(not PiperEngine().status().ready, reason="the extra piper is not installed")


@pytest.fixture(scope="module")
def engine() -> PiperEngine:
    return PiperEngine()


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path))
    (tmp_path / "piper").mkdir()
    return tmp_path / "piper"


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
def test_nothing_to_say_is_an_engine_error(engine: PiperEngine) -> None:
    """A text of marks alone is refused."""
    with pytest.raises(EngineError, match="nothing to say"):
        engine.speak("...", "joe", SLOW)


def test_the_command_is_named_where_it_is_missing() -> None:
    """Where the extra is absent the state says the one command; where it is there, there is none."""
    status = PiperEngine().status()
    installed = importlib.util.find_spec("piper") is not None
    assert status.ready == installed or not status.ready
    assert status.ready or status.mend == "pip install 'voiceguide[piper]'"
