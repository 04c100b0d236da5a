from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins import installed
from tests.session.conftest import SCRIPT, MakeStudio
from tests.sessions import ToneEngine
from voiceguide.audio import Mono
from voiceguide.plan.wishes import Wishes
from voiceguide.script.model import PACES, Pace
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engine import Voice
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.voices.lexicon import Lexicon
from voiceguide.voices.registry import speaker_of


class Speaking(ToneEngine):
    """Has a voice for each tag, called as the tag."""

    def __init__(self, name: str, *tags: str) -> None:
        super().__init__(name)
        self._tags = tags

    def voices(self) -> tuple[Voice, ...]:
        return tuple(Voice(tag, tag) for tag in self._tags)


def german(folder: Path) -> Path:
    path = folder / "stuhl.yaml"
    path.write_text(SCRIPT.replace("language: en", "language: de"))
    return path


def test_the_voice_of_the_language_goes_before_others(studio_of: MakeStudio, tmp_path: Path) -> None:
    """A German script is spoken by who speaks German, though another is asked first otherwise."""
    studio = studio_of(Speaking("one", "en-US"), Speaking("two", "en-GB", "de-DE", "fr-FR"))
    session = studio.session(german(tmp_path), Wishes(seed="0"))
    assert (session.voice, session.stranger) == ("two/de-DE", "")
    assert [str(each) for each in studio.cast(None, "de")] == ["two/de-DE", "one/en-US"]
    assert [str(each) for each in studio.cast(None, "en")] == ["one/en-US", "two/en-GB"]


def test_each_language_is_spoken_and_kept_by_its_own_voice(studio_of: MakeStudio, script: Path) -> None:
    """The same words in two languages are two sessions and two clips."""
    studio = studio_of(Speaking("both", "en-US", "de-DE"))
    one, two = studio.session(script), studio.session(german(script.parent))
    assert (one.voice, two.voice) == ("both/en-US", "both/de-DE")
    keys = {each.clips.key(each.clips.cast[0], "Hand.", PACES["slow"]) for each in (one, two)}
    assert len(keys) == 2


class Reading(Speaking):
    """Remembers what it was given to read."""

    def __init__(self, *tags: str) -> None:
        super().__init__("reading", *tags)
        self.given: set[str] = set()

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        self.given.add(text)
        return super().speak(text, voice, pace)


@pytest.mark.parametrize(
    ("language", "given"), [("en", "Tair it."), ("en-GB", "Tair it."), ("de", "Tear it."), ("fr", "Tear it.")]
)
def test_a_line_gets_the_respellings_of_its_language(
    studio_of: MakeStudio, script: Path, language: str, given: str
) -> None:
    """English respellings change English lines alone."""
    script.write_text(
        SCRIPT.replace("language: en", f"language: {language}").replace("And the floor.", "Tear it.")
    )
    engine = Reading("en-US", "de-DE", "fr-FR")
    studio = studio_of(engine)
    studio.lexicon = Lexicon({"en": {"all": {"tear": "tair"}}})
    session = studio.session(script, Wishes(seed="0"))
    list(session.cues())
    assert engine.given & {"Tear it.", "Tair it."} == {given}
    assert session.clips.kept("Tear it.", PACES["slow"]) is not None


def test_another_language_is_never_read_without_a_word(
    studio_of: MakeStudio, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Where no voice speaks the language, an English one does; session and log say so, the log once."""
    studio = studio_of(Speaking("one", "en-US"))
    with caplog.at_level("WARNING"):
        sessions = [studio.session(german(tmp_path)) for _ in range(2)]
    told = "this is written in German, and one/en-US speaks US English: it may be hard to follow"
    assert [session.stranger for session in sessions] == [told, told]
    assert [record.getMessage() for record in caplog.records].count(told) == 1


def test_who_says_no_words_is_no_stranger(studio_of: MakeStudio, tmp_path: Path) -> None:
    """A hum is a hum in every language."""
    session = studio_of(HumEngine()).session(german(tmp_path))
    assert (session.voice, session.stranger) == ("hum/low", "")


@pytest.mark.voice
@pytest.mark.parametrize(
    ("wish", "voice"), [(None, "pico/de-DE"), ("auto", "pico/de-DE"), ("pico", "pico/de-DE"), ("piper", "")]
)
def test_a_german_script_is_spoken_in_german(tmp_path: Path, wish: str | None, voice: str) -> None:
    """By Pico's German voice where no better one speaks it, whoever is asked for without a name."""
    pytest.importorskip("py_nanotts")
    with Studio(jobs=1) as studio:
        if voice:
            session = studio.session(german(tmp_path), Wishes(voice=wish))
            assert (session.voice, session.stranger) == (voice, "")
            english = studio.session(german(tmp_path), Wishes(voice="pico/en-US"))
            line, pace = "Ich spüre den Boden unter mir.", PACES["slow"]
            assert len({each.clips.get(line, pace).samples.tobytes() for each in (session, english)}) == 2
        else:
            pytest.importorskip("piper")
            assert str(studio.cast(wish, "de")[0]) == "pico/de-DE"


FAR = """
from voiceguide.voices.engine import Voice
from voiceguide.voices.engines.hum import HumEngine

class Engine(HumEngine):
    name = "far"
    local = False
    def voices(self):
        return (Voice("low", "en-US"),)
"""


def test_who_sends_words_away_does_not_stand_in_for_its_betters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named for a script in a language that it has no voice for, it gives way to one of here, and is gone."""
    installed(tmp_path / "site", "far", FAR)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    with Studio(store=MemoryStore(), jobs=1) as studio:
        assert str(studio.cast("far", "en")[0]) == "far/low"
        if speaker_of("de") is not None:
            assert all(each.engine.local for each in studio.cast("far", "de"))
        assert str(studio.cast("far", "tlh")[0]) == "far/low"
        assert all(each.engine.local for each in studio.cast("far", "tlh")[1:])
        assert all(each.engine.local for each in studio.cast(None, "en"))


@pytest.mark.voice
def test_a_voice_that_is_named_speaks(tmp_path: Path) -> None:
    """Who names an English voice for a German script hears it, and is told."""
    pytest.importorskip("py_nanotts")
    with Studio(jobs=1) as studio:
        session = studio.session(german(tmp_path), Wishes(voice="pico/en-GB"))
        assert session.voice == "pico/en-GB"
        assert "pico/en-GB speaks British English" in session.stranger
