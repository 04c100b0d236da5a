"""Every engine that is registered keeps the contract that plug-ins are held to."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.voices import speaking
from voiceguide.audio import seconds
from voiceguide.script.model import Pace
from voiceguide.testing.engines import MEDIUM, SLOW, EngineLooks, EngineSpeaks
from voiceguide.testing.lines import ENGLISH
from voiceguide.voices import registry, words
from voiceguide.voices.clips import finish
from voiceguide.voices.engine import Engine
from voiceguide.voices.engines import kokoro_voices

QUICK: Final = ("hum", "openai")
"""Engines whose every promise takes seconds; the others have voices to load."""

VOICES: Final = Path(__file__).resolve().parents[3] / "shared" / "voices"


@pytest.fixture(scope="module", autouse=True)
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What an engine needs around it: a server that speaks, voices of kokoro where they are."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch, speaking.speaking() as house:
        patch.setenv("VOICEGUIDE_DATA", str(folder))
        if VOICES.is_dir():
            patch.setenv(kokoro_voices.FOLDER_VARIABLE, str(VOICES))
        speaking.told(folder, house.url)
        yield


@pytest.fixture(scope="module")
def loaded() -> dict[str, Engine]:
    """Engines that have loaded their voices already, by name."""
    return {}


class TestLooking(EngineLooks):
    """What holds before anything is spoken."""

    @pytest.fixture(params=registry.names())
    def engine(self, request: pytest.FixtureRequest) -> Engine:
        return registry.load(request.param).within


class TestSpeaking(EngineSpeaks):
    """What holds of the voice, where there is one."""

    @pytest.fixture(
        params=[
            pytest.param(name, marks=() if name in QUICK else pytest.mark.voice) for name in registry.names()
        ]
    )
    def engine(self, request: pytest.FixtureRequest, loaded: dict[str, Engine]) -> Engine:
        if request.param not in loaded:
            loaded[request.param] = registry.load(request.param).within
        return loaded[request.param]


def speaks(name: str) -> Engine:
    """Return the engine *name*, or skip where it cannot speak."""
    engine = registry.load(name)
    if not engine.status().ready:
        pytest.skip(f"{name} cannot speak here: {engine.status().why}")
    return engine


@pytest.mark.voice
@pytest.mark.parametrize(
    ("name", "voice", "pace"),
    [
        ("pico", "en-US", SLOW),
        ("pico", "en-US", MEDIUM),
        ("pico", "en-GB", SLOW),
        ("pico", "en-GB", MEDIUM),
        ("piper", "joe", SLOW),
    ],
)
def test_on_average_estimates_are_within_a_tenth(name: str, voice: str, pace: Pace) -> None:
    """Of many lines every estimate is within a fifth of the finished clip, and within a tenth on average."""
    engine, off = speaks(name), []
    for line in ENGLISH:
        took = finish(engine.speak(line, voice, pace), -19.0).length
        off.append(abs(engine.estimate(line, voice, pace) / took - 1.0))
        assert off[-1] <= 0.2, line
    assert float(np.mean(off)) <= 0.1


@pytest.mark.voice
@pytest.mark.parametrize(("name", "voice"), [("pico", "en-US"), ("piper", "joe")])
def test_slow_is_slow(name: str, voice: str) -> None:
    """Lines of several sentences come to 95 to 115 words a minute, short stops included."""
    engine = speaks(name)
    lines = [line for line in ENGLISH if len(words.sentences(line)) > 1]
    took = sum(seconds(finish(engine.speak(line, voice, SLOW), -19.0).length) for line in lines)
    assert 95 <= sum(words.words(line) for line in lines) / took * 60.0 <= 115


def test_who_does_not_test_needs_no_pytest() -> None:
    """The contract can be imported where pytest is not."""
    look = "import sys, voiceguide.testing; print('pytest' in sys.modules, '_pytest' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert found.stdout.split() == ["False", "False"]
