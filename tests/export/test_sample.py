from __future__ import annotations

import io

import pytest
import soundfile

from tests.session.conftest import MakeStudio
from tests.session.test_languages import Reading
from voiceguide.audio import RATE
from voiceguide.audio.loudness import lufs
from voiceguide.errors import UnknownError
from voiceguide.export.sample import sample
from voiceguide.session import Studio
from voiceguide.store import MemoryStore
from voiceguide.voices import registry
from voiceguide.voices.languages import _NAMES, main
from voiceguide.voices.lexicon import Lexicon
from voiceguide.voices.sentences import sentence


def heard(data: bytes) -> tuple[float, float]:
    """Return how long the MP3 in *data* is, in seconds, and how loud, in LUFS."""
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    assert rate == RATE
    assert samples.shape[1] == 2
    return len(samples) / rate, lufs(samples)


def test_every_voice_speaks_its_own_language(studio_of: MakeStudio) -> None:
    """It says its language's sentence, with no respelling of another; without one it counts."""
    engine = Reading("en-US", "de-AT", "nb-NO", "haw", "zxx")
    studio = studio_of(engine)
    studio.lexicon = Lexicon({"en": {"all": {"sit": "sitt"}}, "de": {"all": {"sitz": "sits"}}})
    said = {}
    for tag in ("en-US", "de-AT", "nb-NO", "haw", "zxx"):
        engine.given.clear()
        sample(studio, f"reading/{tag}")
        (said[tag],) = engine.given
    assert said["en-US"].startswith("Sitt as ")
    assert said["de-AT"].startswith("Sits so")
    assert (said["nb-NO"], said["haw"]) == (sentence("no"), "1, 2, 3, 4.")
    assert said["zxx"] == sentence("en")


def test_every_language_with_a_name_has_a_sentence() -> None:
    """Whoever is listed under a language says something in it, each another thing."""
    said = {sentence(language) for language in _NAMES}
    assert len(said) == len(_NAMES)
    assert sentence("haw") not in said


def test_a_sample_is_kept_with_the_clips(studio_of: MakeStudio) -> None:
    """A server that is started anew has it without a word being spoken, and the bytes are the same."""
    store = MemoryStore()
    made = []
    for _ in range(2):
        engine = Reading("en-US")
        made.append(sample(studio_of(engine, store=store), "reading/en-US"))
        if len(made) == 2:
            assert not engine.given
    assert made[0] == made[1]


def test_a_sample_is_as_loud_as_a_session() -> None:
    """It lasts 2 to 8 s, at -19 LUFS as calm sessions have it."""
    with Studio(store=MemoryStore(), jobs=1) as studio:
        for voice in ("hum/low", "hum/high"):
            length, loudness = heard(sample(studio, voice).data)
            assert 2.0 < length < 8.0
            assert loudness == pytest.approx(-19.0, abs=0.5)


def test_what_is_not_installed_says_what_mends_it() -> None:
    """Of a voice that could be had, the command that brings it is told."""
    missing = [
        (row.engine, voice)
        for row in registry.listing()
        for voice in row.voices
        if not (row.status.ready and voice.ready) and (voice.mend or row.status.mend)
    ]
    if not missing:
        pytest.skip("every voice there is is installed here")
    engine, voice = missing[0]
    with Studio(store=MemoryStore(), jobs=1) as studio, pytest.raises(UnknownError, match="mend it with"):
        sample(studio, f"{engine}/{voice.name}")


@pytest.mark.voice
@pytest.mark.parametrize("voice", ["piper/joe", "pico/en-GB", "pico/de-DE", "pico/fr-FR", "pico/it-IT"])
def test_real_voices_introduce_themselves(voice: str) -> None:
    """A real voice's sample lasts 2 to 8 s and is as loud as sessions are."""
    with Studio(store=MemoryStore(), jobs=1) as studio:
        try:
            length, loudness = heard(sample(studio, voice).data)
        except UnknownError as error:
            pytest.skip(str(error))
    assert 2.0 < length < 8.0
    assert loudness == pytest.approx(-19.0, abs=0.5)


@pytest.mark.voice
def test_every_sentence_is_short() -> None:
    """Spoken by eSpeak, each sentence of the table lasts 2 to 8 s: none is spelled out, none is lost."""
    strayed, tried = {}, set()
    with Studio(store=MemoryStore(), jobs=1) as studio:
        if not registry.load("system").status().ready:
            pytest.skip("the system has no voices here")
        for voice in registry.load("system").voices():
            language = main(voice.language)
            if language in _NAMES and language not in tried:
                tried.add(language)
                length, loudness = heard(sample(studio, f"system/{voice.name}").data)
                if not (2.0 < length < 8.1 and abs(loudness + 19.0) < 0.6):
                    strayed[language] = (length, loudness)
    assert tried
    assert not strayed
