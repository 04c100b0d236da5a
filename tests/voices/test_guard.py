"""Whatever an engine does, the session goes on: with the next one, and one line in the log."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.plugins import installed
from tests.voices import faulty
from tools.engine_faults.faults import FAULTS, HEAD, Fault
from tools.engine_faults.trial import SCRIPT
from voiceguide.audio import Block, Frames, frames
from voiceguide.errors import EngineError
from voiceguide.script.model import PACES, Pace
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices import registry
from voiceguide.voices.engine import Engine
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.voices.guard import Guarded

SLOW = PACES["slow"]

HEAVY = ("hangs in a loop", "sound lasts an hour")  # `python -m tools.engine_faults` has them too
ASKED = ("version", "voices", "no", "estimate", "speak", "sound", "hangs", "leaves", "has")
HERE = [
    name
    for name, fault in FAULTS.items()
    if name.split()[0] in ASKED and not fault.alone and name not in HEAVY
]
LOADED = ("cannot", "exits", "wants", "is", "makes", "isolated", "local")
LOADING = [name for name in FAULTS if name.split()[0] in LOADED]


def made(fault: Fault) -> Engine:
    """Return the engine that the plug-in of *fault* has, in this process."""
    found: dict[str, Any] = {}
    exec(HEAD.format(isolated=False) + fault.body, found)
    engine: Engine = found["Engine"]()
    return engine


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "chair.yaml"
    path.write_text(SCRIPT)
    return path


def heard(script: Path, *engines: Engine, patience: float | None = None) -> Block:
    with Studio(store=MemoryStore(), jobs=2, engines=engines, patience=patience) as studio:
        return np.concatenate(list(studio.session(script).blocks()))


@pytest.mark.slow
@pytest.mark.parametrize("name", HERE)
def test_the_session_goes_on(name: str, script: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What an engine does instead of what it promises is one line; the next one speaks, whole."""
    fault = FAULTS[name]
    expected = heard(script, HumEngine())
    with caplog.at_level(logging.WARNING, "voiceguide"):
        sound = heard(script, made(fault), HumEngine(), patience=3.0 if name == "hangs" else None)
    assert len(sound) == len(expected)
    if not fault.speaks:
        assert np.array_equal(sound, expected)
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == (0 if fault.speaks else 1)
    assert not any("\n" in line for line in lines)


@pytest.mark.parametrize("name", ["version raises", "speak raises", "voices is empty", "estimate is nan"])
def test_with_no_other_engine_it_ends_in_a_sentence(name: str, script: Path) -> None:
    """Where nobody is left to speak, that is an `EngineError` of one line."""
    with pytest.raises(EngineError, match="voiceguide doctor") as told:
        heard(script, made(FAULTS[name]))
    assert "\n" not in str(told.value)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for one plug-in, whose module is forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    yield tmp_path / "site"
    sys.modules.pop("plugin_fault", None)


@pytest.mark.parametrize("name", LOADING)
def test_what_cannot_be_loaded_is_passed_over(name: str, site: Path) -> None:
    """A plug-in that cannot be imported or made, or is no engine, is one sentence, and `auto` goes on."""
    fault = FAULTS[name]
    installed(site, "fault", HEAD.format(isolated=False) + fault.body, fault.point)
    with pytest.raises(EngineError) as told:
        registry.load("fault")
    assert "\n" not in str(told.value)
    broken: list[str] = []
    assert "fault" not in registry.chain(None, lambda name, error: broken.append(name))
    assert broken == ["fault"]


def test_of_two_with_one_name_ours_speaks(site: Path) -> None:
    """A plug-in that is called like one of our own engines does not take its place."""
    installed(site, "hum", HEAD.format(isolated=False))
    engine = registry.load("hum")
    assert type(engine.within) is HumEngine


def test_an_hour_of_sound_is_not_looked_at() -> None:
    """Sound beyond four times the estimate and a minute is refused, whatever it would take to hold it."""
    guarded = Guarded(faulty.Endless(), "endless")
    with pytest.raises(EngineError, match="it gave 3600 s of sound where 60 s is the most"):
        guarded.speak("It goes badly.", "only", SLOW)


class Minutes(faulty.Sound):
    """Speaks what it is told to estimate, and four times that."""

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        return frames(20.0)

    def badly(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        return np.full(frames(80.0), 0.25, dtype=np.float32)


def test_four_times_the_estimate_will_do() -> None:
    """A line may last four times what was estimated, where that is more than a minute."""
    assert Guarded(Minutes(), "minutes").speak("It goes badly. " * 5, "only", SLOW).size == frames(80.0)


class Pressed(HumEngine):
    """Is asked for an estimate as the user presses Ctrl-C."""

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        os.kill(os.getpid(), signal.SIGINT)
        while True:
            pass


def test_ctrl_c_is_the_users() -> None:
    """Ctrl-C while an engine is asked ends the program, as it does anywhere else."""
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        Guarded(Pressed(), "pressed").estimate("Hello.", "low", SLOW)
    assert signal.getsignal(signal.SIGINT) is before


def test_what_is_as_promised_comes_through() -> None:
    """A guarded engine says and speaks what the one within does."""
    hum = HumEngine()
    guarded: Engine = Guarded(hum, "hum")
    assert (guarded.version, guarded.status(), guarded.voices()) == (hum.version, hum.status(), hum.voices())
    assert guarded.estimate("Sit.", "low", SLOW) == hum.estimate("Sit.", "low", SLOW)
    assert np.array_equal(guarded.speak("Sit.", "low", SLOW), hum.speak("Sit.", "low", SLOW))
