"""The engine `pico`, spoken for real where it is installed: it comes with the package on most machines."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from voiceguide.audio import Mono, gain, seconds
from voiceguide.errors import EngineError, EngineMissing
from voiceguide.script.model import PACES
from voiceguide.testing.lines import ENGLISH as LINES
from voiceguide.voices.clips import finish
from voiceguide.voices.engines.pico import PicoEngine

SLOW, MEDIUM = PACES["slow"], PACES["medium"]
LINE = "Notice your feet. Both of them, on the floor."
HASH = """
import hashlib
from voiceguide.voices.engines.pico import PicoEngine
print(hashlib.sha256(PicoEngine().speak({line!r}, "en-US", 105).tobytes()).hexdigest())
"""

spoken = pytest.mark.skipif(not PicoEngine().status().ready, reason="py-nanotts is not installed")


@pytest.fixture(scope="module")
def engine() -> PicoEngine:
    return PicoEngine()


def digest(sound: Mono) -> str:
    return hashlib.sha256(sound.tobytes()).hexdigest()


def test_the_command_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without py-nanotts state, voices and error name the command; where none helps, none is named."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(sys, "platform", "linux")
    bare = PicoEngine()
    assert (bare.status().ready, bare.status().mend) == (False, "pip install py-nanotts")
    assert {(voice.ready, voice.mend) for voice in bare.voices()} == {(False, "pip install py-nanotts")}
    with pytest.raises(EngineMissing, match="py-nanotts is not installed"):
        bare.speak("Flat.", "en-US", SLOW)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert PicoEngine().status().mend == ""


@spoken
def test_the_same_line_is_the_same_samples(engine: PicoEngine) -> None:
    """Said again after other lines and voices, and in another process, a line is equal to the sample."""
    first = engine.speak(LINE, "en-US", SLOW)
    for other in LINES[:12]:
        engine.speak(other, "de-DE" if len(other) % 2 else "en-US", MEDIUM)
        assert digest(engine.speak(LINE, "en-US", SLOW)) == digest(first)
    alone = subprocess.run(
        [sys.executable, "-c", HASH.format(line=LINE)], capture_output=True, text=True, check=True
    )
    assert alone.stdout.strip() == digest(first)


@spoken
def test_what_lies_in_memory_is_not_heard() -> None:
    """In a process whose memory was used before, by whatever, a line is the same."""
    used = "blocks = [bytearray(b'\\xaa' * 90_000) for _ in range(400)]\npins = blocks[::100]\ndel blocks\n"
    clean, dirty = (
        subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout
        for told in (HASH.format(line=LINE), used + HASH.format(line=LINE))
    )
    assert dirty == clean


SENTENCES = {
    "de-DE": ("Lass den Stuhl einen Teil der Arbeit tun.", "Nichts muss sich ändern, während du hier sitzt."),
    "es-ES": ("Deja que la silla haga parte del trabajo.", "Nada tiene que cambiar mientras estás aquí."),
    "fr-FR": ("Laisse la chaise faire une partie du travail.", "Rien ne doit changer pendant ce temps."),
    "it-IT": ("Lascia che la sedia faccia parte del lavoro.", "Niente deve cambiare mentre sei seduto qui."),
}


@spoken
@pytest.mark.voice
@pytest.mark.parametrize("voice", SENTENCES)
def test_other_languages_keep_the_tempo_too(engine: PicoEngine, voice: str) -> None:
    """A sentence in the voice's own language is within a fifth of its estimate."""
    for line in SENTENCES[voice]:
        took = finish(engine.speak(line, voice, SLOW), -19.0).length
        assert abs(engine.estimate(line, voice, SLOW) / took - 1.0) <= 0.2, line


@spoken
def test_the_voices_have_a_language_and_differ(engine: PicoEngine) -> None:
    """Each voice is named by its language, the American is first, and each speaks in its own way."""
    found = engine.voices()
    assert found[0].name == "en-US"
    assert all(voice.name == voice.language and voice.ready for voice in found)
    assert len({digest(engine.speak("Hotel.", voice.name, SLOW)) for voice in found}) == len(found) == 6


@spoken
@pytest.mark.voice
def test_nothing_is_clipped(engine: PicoEngine) -> None:
    """No sample of any line is at the end of its range."""
    assert max(float(np.abs(engine.speak(line, "en-US", SLOW)).max()) for line in LINES) < gain(-1.0)


@spoken
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("You may *stop* here.", "You may stop here."),
        ("Go < on > here.", "Go on here."),
        ("<speed level='20'>Slowly.", "speed level='20' Slowly."),
        ("Rest (if you like) here.", "Rest if you like here."),
        ("You don’t have to.", "You don't have to."),
        ("Here\x00 and there.", "Here and there."),
        ("Well — then.", "Well, then."),
    ],
)
def test_marks_are_neither_obeyed_nor_lost(engine: PicoEngine, written: str, read: str) -> None:
    """What Pico would take for markup, for the end of the text or for a letter is read as plain words."""
    assert digest(engine.speak(written, "en-US", SLOW)) == digest(engine.speak(read, "en-US", SLOW))


@spoken
@pytest.mark.voice
def test_a_sentence_without_end_is_spoken(engine: PicoEngine) -> None:
    """A sentence of three minutes is spoken to its end."""
    line = ", ".join(["the left foot and then the right one"] * 40) + "."
    took = len(engine.speak(line, "en-US", MEDIUM))
    assert seconds(took) == pytest.approx(seconds(engine.estimate(line, "en-US", MEDIUM)), rel=0.2)


@spoken
@pytest.mark.parametrize("digits", ["5", "10", "42", "100"])
def test_numbers_are_read_as_words(engine: PicoEngine, digits: str) -> None:
    """A number in digits lasts as long as its words do, as is estimated."""
    line = f"Count {digits} breaths."
    took = finish(engine.speak(line, "en-US", SLOW), -19.0).length
    assert abs(engine.estimate(line, "en-US", SLOW) / took - 1.0) <= 0.2


@spoken
@pytest.mark.parametrize("text", ["...", "", "<>", "☂", "日本"])
def test_nothing_to_say_is_an_engine_error(engine: PicoEngine, text: str) -> None:
    """A text without a word for this voice is refused."""
    with pytest.raises(EngineError, match="nothing to say"):
        engine.speak(text, "en-US", SLOW)


@spoken
def test_stops_between_sentences_are_those_of_the_tempo(engine: PicoEngine) -> None:
    """Three sentences have two stops, about as long as the pace asks for."""
    sound = engine.speak("One. Two. Three.", "en-US", SLOW)
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    gaps = sorted(later - earlier for earlier, later in pairwise(loud))[-2:]
    assert all(seconds(int(gap)) == pytest.approx(1.2, abs=0.35) for gap in gaps)
