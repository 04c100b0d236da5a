"""What engines are given to read in English."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sessions import PACE, ToneEngine
from tests.voices.readings.forms import FORMS, PLAIN
from voiceguide.audio import Frames
from voiceguide.files.folders import shipped
from voiceguide.plan.wishes import Wishes
from voiceguide.script.model import Pace
from voiceguide.script.parse import load
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.clips import Casting, Clips
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.voices.readings import speakable

ENGINES = ("hum", "kokoro", "piper", "system", "another")


@pytest.mark.parametrize(("written", "said"), FORMS.items())
def test_forms_are_read_out(written: str, said: str) -> None:
    """Figures, short forms, capitals and signs are given to every engine as the words they stand for."""
    assert {engine: speakable(written, engine, "en-GB") for engine in ENGINES} == dict.fromkeys(ENGINES, said)


@pytest.mark.parametrize("said", FORMS.values())
def test_what_is_read_out_stays(said: str) -> None:
    """A reading is a text that needs no reading."""
    assert speakable(said, "another", "en") == said


@pytest.mark.parametrize("dash", ["—", " — ", " - ", " -- ", " – "])
def test_dashes_are_pauses(dash: str) -> None:
    """A dash is what makes each engine pause: a comma, or the long dash where that is heard."""
    written = f"Here{dash}or there."
    assert speakable(written, "hum", "en") == "Here, or there."
    assert speakable(written, "piper", "en") == "Here — or there."


@pytest.mark.parametrize("line", PLAIN)
def test_plain_lines_stay(line: str) -> None:
    """A line without such forms is given as it is written."""
    assert {speakable(line, engine, "en") for engine in ENGINES} == {line}


def test_no_line_of_the_library_is_changed() -> None:
    """The library is written in words: what its lines sound like does not depend on the table."""
    changed = []
    with Studio(store=MemoryStore(), engines=[HumEngine()]) as studio:
        for path in sorted(shipped("scripts").glob("*.yaml")):
            if path.stem not in ("lexicon", "support"):
                lines = studio.session(load(path, folder=shipped("scripts")), Wishes()).timeline.lines
                changed += [line.text for line in lines if speakable(line.text, "piper", "en") != line.text]
    assert not changed


@pytest.mark.parametrize("written", FORMS)
def test_other_languages_are_left_alone(written: str) -> None:
    """A language without a table is given as it is written."""
    assert speakable(written, "piper", "de") == written


@given(st.text(alphabet="aAIV5019 .,-–—/:()$%&'*…#xmst", max_size=40), st.sampled_from(ENGINES))
def test_any_text_can_be_read(text: str, engine: str) -> None:
    """No text is refused, no leaning is lost, and what has words or figures keeps some."""
    read = speakable(text, engine, "en")
    assert read.count("*") == text.count("*")
    assert not re.search(r"\w", text) or re.search(r"\w", read)


class _Counting(ToneEngine):
    """Remembers what it was asked to estimate."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def estimate(self, text: str, voice: str, pace: Pace) -> Frames:
        self.asked.append(text)
        return super().estimate(text, voice, pace)


def test_estimates_are_of_what_is_said() -> None:
    """A line is estimated by what the engine is given to read, as it is spoken."""
    engine = _Counting()
    clips = Clips(
        [Casting(engine, "a")], MemoryStore(), -19.0, lambda text, name: speakable(text, name, "en")
    )
    clips.estimate("Try 4-7-8.", PACE)
    assert engine.asked == ["Try 4 7 8."]


def test_hum_sings_what_is_said() -> None:
    """The voice without a model has a note for each syllable of the reading, in a session too."""
    hum, pace = HumEngine(), Pace(105)
    with Studio(store=MemoryStore(), engines=[hum]) as studio:
        session = studio.session(load(shipped("scripts") / "body-scan.yaml", folder=shipped("scripts")))
        written, said = "You have PTSD at 10:05.", "You have P-T-S-D at 10 oh 5."
        assert session.clips.estimate(written, pace) == hum.estimate(said, "low", pace)
        assert session.clips.get(written, pace).length == pytest.approx(
            hum.estimate(said, "low", pace), abs=480
        )
