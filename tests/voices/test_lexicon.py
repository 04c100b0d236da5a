from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.sessions import PACE, ToneEngine
from voiceguide.audio import Mono
from voiceguide.errors import ScriptError
from voiceguide.files.folders import shipped
from voiceguide.script.model import Pace
from voiceguide.store import MemoryStore
from voiceguide.voices.clips import Casting, Clips
from voiceguide.voices.lexicon import Lexicon

WORDS = Lexicon(
    {
        "en": {
            "all": {"tear": "tair", "it's": "its", "eyes close": "eyes cloze"},
            "piper": {"tear": "tare", "bow": "bough"},
        },
        "de": {"all": {"regie": "reschie"}, "piper": {"genie": "schenie"}},
    }
)


class Reading(ToneEngine):
    """Remembers what it was given to read."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[str] = []

    def speak(self, text: str, voice: str, pace: Pace) -> Mono:
        self.given.append(text)
        return super().speak(text, voice, pace)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Fold it, tear it.", "Fold it, tair it."),
        ("Tear it.", "Tair it."),
        ("TEAR IT.", "TAIR IT."),
        ("Let your eyes close.", "Let your eyes cloze."),
        ("Lean on *tear*.", "Lean on *tair*."),
        ("It’s fine.", "Its fine."),
        ("A tearing, tear-stained tear's.", "A tearing, tear-stained tear's."),
        ("A bow.", "A bow."),
        ("", ""),
    ],
)
def test_whole_words_are_respelled(text: str, read: str) -> None:
    """Whole words are written as they should be read, capitals kept, and parts of words are left alone."""
    assert WORDS.respell(text, "kokoro", "en-GB") == read


def test_an_engine_s_own_section_goes_first() -> None:
    """What an engine's own section has is taken before what all have."""
    assert WORDS.respell("Tear the bow. It's torn.", "piper", "en") == "Tare the bough. Its torn."


@pytest.mark.parametrize(
    ("language", "read"),
    [
        ("en", "Tair, Genie, Regie."),
        ("EN-us", "Tair, Genie, Regie."),
        ("de", "Tear, Schenie, Reschie."),
        ("de-CH", "Tear, Schenie, Reschie."),
        ("den", "Tear, Genie, Regie."),
        ("fr", "Tear, Genie, Regie."),
    ],
)
def test_a_respelling_is_of_one_language(language: str, read: str, tmp_path: Path) -> None:
    """What has no language is English, as all was before there were others; nobody else is given it."""
    path = tmp_path / "lexicon.yaml"
    path.write_text(
        "voiceguide: 1\nall: {tear: tair}\nlanguages:\n"
        "  de: {all: {Regie: Reschie, Genie: Jenie}, piper: {Genie: Schenie}}\n"
    )
    assert Lexicon.load(path).respell("Tear, Genie, Regie.", "piper", language) == read


def test_no_lexicon_changes_nothing(tmp_path: Path) -> None:
    """Without a file there is nothing to respell."""
    assert Lexicon.load(tmp_path / "lexicon.yaml").respell("tear", "piper", "en") == "tear"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("all: {tear: tair}", "voiceguide"),
        ("[]", "voiceguide"),
        ("voiceguide: 1\nall: tair", "all"),
        ("voiceguide: 1\nall: {tear: ''}", "all.tear"),
        ("voiceguide: 1\nall: {tear: 3}", "all.tear"),
        ("voiceguide: 1\nall: {yes: yess}", "all.True"),
        ("voiceguide: 1\nall: {'te.*': tair}", "all.te.*"),
        ("voiceguide: 1\nlanguage: de", "language"),
        ("voiceguide: 1\nlanguages: de", "languages"),
        ("voiceguide: 1\nlanguages: {de-AT: {}}", "languages.de-AT"),
        ("voiceguide: 1\nlanguages: {no: {}}", "languages.False"),
        ("voiceguide: 1\nlanguages: {en: {}}", "languages.en"),
        ("voiceguide: 1\nlanguages: {de: Genie}", "languages.de"),
        ("voiceguide: 1\nlanguages: {de: {all: Genie}}", "languages.de.all"),
        ("voiceguide: 1\nlanguages: {de: {all: {Genie: ''}}}", "languages.de.all.Genie"),
        ("voiceguide: 1\nall: {tear: tair", ""),
        ("voiceguide: 1\nall: !!python/object:os.system {}", ""),
    ],
)
def test_what_is_no_lexicon_is_refused(text: str, field: str, tmp_path: Path) -> None:
    """A file that is no lexicon is refused with the place of what is wrong."""
    path = tmp_path / "lexicon.yaml"
    path.write_text(text)
    with pytest.raises(ScriptError) as refused:
        Lexicon.load(path)
    assert refused.value.problems[0].field == field


def test_the_shipped_lexicon_is_for_engines_there_are() -> None:
    """The lexicon that ships can be read, and its sections are for all or for engines that ship."""
    lexicon = Lexicon.load(shipped("scripts") / "lexicon.yaml")
    engines = {engine for sections in lexicon.languages.values() for engine in sections}
    assert engines <= {"all", "hum", "kokoro", "pico", "piper", "system"}
    read = lexicon.respell("If you like, let your eyes close.", "piper", "en-US")
    assert read == "If you like, let your eyes cloze."
    assert lexicon.respell("One sound close by.", "piper", "en-US") == "One sound close by."


def test_engines_read_what_is_respelled() -> None:
    """The engine is given the respelled text, and a clip is kept under it: a new respelling is a new clip."""
    engine, store = Reading(), MemoryStore()
    plain = Clips([Casting(engine, "a")], store, -19.0)
    respelled = Clips([Casting(engine, "a")], store, -19.0, partial(WORDS.respell, language="en"))
    plain.get("Tear it.", PACE)
    respelled.get("Tear it.", PACE)
    respelled.get("Fold it.", PACE)
    plain.get("Fold it.", PACE)
    plain.get("Tair it.", PACE)
    assert engine.given == ["Tear it.", "Tair it.", "Fold it."]


def test_a_lexicon_is_bounded(tmp_path: Path) -> None:
    """A file that is far too large for one is refused before it is read whole."""
    path = tmp_path / "lexicon.yaml"
    path.write_text("voiceguide: 1\nall:\n" + "".join(f"  word{at}: other\n" for at in range(20_000)))
    with pytest.raises(ScriptError, match="256 KiB"):
        Lexicon.load(path)
