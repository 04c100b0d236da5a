from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import psutil
import pytest

from voiceguide.audio import RATE, Mono, gain, seconds
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.script.model import PACES, Pace
from voiceguide.testing.lines import ENGLISH as LINES
from voiceguide.voices.engine import Engine
from voiceguide.voices.engines.system import SystemEngine
from voiceguide.voices.words import words

SLOW, MEDIUM = PACES["slow"], PACES["medium"]

voice = pytest.mark.voice

engine: Engine = SystemEngine()


def heard(sound: Mono) -> int:
    """Return the frames from first sound to last once *sound* is as loud as a clip (RMS about -20 dBFS)."""
    spoken = sound[np.abs(sound) > 0.01]
    levelled = sound * (gain(-20.0) / np.sqrt(np.mean(np.square(spoken))))
    loud = np.flatnonzero(np.abs(levelled) > gain(-54.0))
    return int(loud[-1] - loud[0] + 1)


@cache
def lengths(pace: Pace) -> tuple[int, ...]:
    """Return how long each of `LINES` is at *pace*, from first sound to last, in frames."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return tuple(pool.map(lambda line: heard(engine.speak(line, "en-us", pace)), LINES))


@voice
@pytest.mark.parametrize("pace", [SLOW, MEDIUM])
def test_estimates_are_near_the_truth(pace: Pace) -> None:
    """Every line, from one word to three sentences, is within 20 % of its estimate, and half within 8 %."""
    estimates = [engine.estimate(line, "en-us", pace) for line in LINES]
    errors = np.abs(np.array(estimates) / np.array(lengths(pace)) - 1.0)
    assert errors.max() < 0.2, LINES[int(errors.argmax())]
    assert np.median(errors) < 0.08


@voice
@pytest.mark.parametrize("pace", [SLOW, MEDIUM])
def test_the_pace_is_words_a_minute(pace: Pace) -> None:
    """Over many lines the voice keeps the pace asked for, within 4 %."""
    minutes = seconds(sum(lengths(pace))) / 60
    assert sum(map(words, LINES)) / minutes == pytest.approx(pace, rel=0.04)


@voice
def test_a_line_is_one_channel_of_speech() -> None:
    """The sound is float32, one channel, not clipped, and the marks of a lean are not spoken."""
    sound = engine.speak("You may *stop*.", "en-us", SLOW)
    assert sound.dtype == np.float32
    assert sound.ndim == 1
    assert 0.1 < np.abs(sound).max() < 1.0
    assert np.array_equal(sound, engine.speak("You may stop.", "en-us", SLOW))


@voice
def test_the_version_names_library_and_driver() -> None:
    """What the samples depend on is in the version."""
    assert engine.version.startswith("pyttsx3 2.")
    if sys.platform == "linux":
        assert "eSpeak NG 1." in engine.version


@voice
def test_an_unknown_voice_has_a_suggestion() -> None:
    """A voice that is not there is named, with the nearest."""
    with pytest.raises(EngineError, match='has no voice "en-uss"; perhaps "en-us"'):
        engine.speak("Hello.", "en-uss", SLOW)


@voice
def test_text_without_a_word_is_an_error() -> None:
    """Marks alone give no sound, and that is said."""
    with pytest.raises(EngineError, match="it gave no sound"):
        engine.speak("...", "en-us", SLOW)


@voice
def test_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A line leaves no file, no process, no open pipe, and prints nothing."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    here = psutil.Process()
    engine.speak("Hello.", "en-us", SLOW)
    before = here.num_fds(), here.children()
    engine.speak("Hello.", "en-us", SLOW)
    assert (here.num_fds(), here.children()) == before
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr() == ("", "")


def program(source: str, patience_seconds: float = 60.0) -> SystemEngine:
    """Return the engine with a driver that does what *source* says; `request` is what it is asked."""
    head = "import json, os, sys, threading, time; request = json.load(sys.stdin)\n"
    return SystemEngine((sys.executable, "-c", head + source), patience_seconds)


ANSWER = "open(request['answer'], 'w').write(json.dumps(answer))\n"
ONE_VOICE = (
    "answer = {'version': '1', 'voices': [{'id': 'a/b', 'about': '', 'language': 'en'}], 'default': 'a/b'}\n"
)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("time.sleep(60)", "it gave no answer in 0 s"),
        ("print('no luck', file=sys.stderr); os._exit(3)", r"its process ended with status 3 \(no luck\)"),
        ("pass", r"its process ended with status 0 \(no reason given\)"),
        ("open(request['answer'], 'w').write('{')", "its process ended with status 0"),
        ("answer = {'error': 'the driver is busy'}\n" + ANSWER, "the driver is busy"),
        ("answer = {'version': '1', 'voices': [], 'default': ''}\n" + ANSWER, "it has no voices"),
        (ONE_VOICE + ANSWER, "its sound cannot be read"),
    ],
)
def test_a_faulty_driver_is_one_error(source: str, reason: str) -> None:
    """A driver that hangs, dies, or answers wrongly is an `EngineError` of one line with the reason."""
    faulty = program(source, 0.3 if "sleep" in source else 60.0)
    with pytest.raises(EngineError, match=f'^engine "system" failed: {reason}') as caught:
        faulty.speak("Hello.", "b", SLOW)
    assert "\n" not in str(caught.value)
    assert not psutil.Process().children()


def test_a_driver_that_does_not_start_is_not_ready() -> None:
    """Its state says why, so that another engine is chosen."""
    status = program("os._exit(3)").status()
    assert not status.ready
    assert "its process ended with status 3" in status.why


def test_a_driver_that_fails_once_is_not_noticed(tmp_path: Path) -> None:
    """A process that dies is replaced once, without an error."""
    mark = tmp_path / "died"
    die = f"if not os.path.exists({str(mark)!r}): open({str(mark)!r}, 'w'); os._exit(1)\n"
    assert [one.name for one in program(die + ONE_VOICE + ANSWER).voices()] == ["b"]


def test_a_driver_outlives_nobody() -> None:
    """The process is told how long it may live, so that it ends even if nobody is left to end it."""
    lived = program("answer = {'error': str(request['seconds'])}\n" + ANSWER, 60.0)
    with pytest.raises(EngineError, match=r"failed: 65\.0;"):
        lived.voices()


@pytest.mark.parametrize(
    ("missing", "what", "mend"),
    [
        ("pyttsx3", "pyttsx3", "pip install pyttsx3"),
        ("espeakng_loader", "eSpeak NG", "pip install 'voiceguide[espeak]'"),
    ],
)
def test_what_is_missing_has_its_mend(
    missing: str, what: str, mend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without pyttsx3, or on Linux without any eSpeak, the state and the error say what to install."""
    if missing == "espeakng_loader" and sys.platform != "linux":
        pytest.skip("only Linux needs an eSpeak of its own")
    find: Callable[[str], object] = importlib.util.find_spec
    monkeypatch.setattr(
        "voiceguide.voices.engines.system.find_spec", lambda name: None if name == missing else find(name)
    )
    monkeypatch.setattr("ctypes.util.find_library", lambda _: None)
    bare = SystemEngine()
    assert not bare.status().ready
    assert bare.status().mend == mend
    with pytest.raises(EngineMissing, match=f"^{what} is not installed$") as caught:
        bare.voices()
    assert caught.value.mend == mend


def test_the_rate_is_the_one_sound_has() -> None:
    """Estimates are frames at the one rate, and slower is longer down to the slowest eSpeak has."""
    paces = [Pace(200), Pace(130), Pace(105), Pace(60)]
    found = [engine.estimate("Notice your feet.", "en-us", pace) for pace in paces]
    assert found == sorted(found)
    assert RATE < found[2] < 3 * RATE
