"""From eSpeak's letters to Kokoro's."""

from __future__ import annotations

import importlib.util

import pytest

from voiceguide.errors import EngineError
from voiceguide.voices.engines.phonemes import AMERICAN, BRITISH, letters, marked, phonemes

needs_espeak = pytest.mark.skipif(
    importlib.util.find_spec("phonemizer") is None, reason="the extra kokoro is not installed"
)


@pytest.mark.parametrize(
    ("language", "espeak", "wanted"),
    [
        (AMERICAN, "flˈæt", "flˈæt"),
        (AMERICAN, "t^ʃˈɛ^ɹ", "ʧˈɛɹ"),
        (AMERICAN, "d^ʒˈʌmp", "ʤˈʌmp"),
        (AMERICAN, "plˈe^ɪs", "plˈAs"),
        (AMERICAN, "hˈo^ʊm", "hˈOm"),
        (AMERICAN, "fˈiːt", "fˈit"),
        (AMERICAN, "wˈɔːɾɚ", "wˈɔTəɹ"),
        (AMERICAN, "bˈɜːd", "bˈɜɹd"),
        (AMERICAN, "bˈʌʔn̩", "bˈʌtᵊn"),
        (AMERICAN, "fɚɹə", "fəɹə"),
        (BRITISH, "fˈiːt", "fˈiːt"),
        (BRITISH, "hˈə^ʊm", "hˈQm"),
        (BRITISH, "t^ʃˈe^ə", "ʧˈɛː"),
        (BRITISH, "hˈi^ə", "hˈɪə"),
        (BRITISH, "hˈa^ʊs", "hˈWs"),
        (BRITISH, "bˈɔ^ɪ", "bˈY"),
    ],
)
def test_sounds_have_their_letter(language: str, espeak: str, wanted: str) -> None:
    """Each sound of eSpeak becomes the letter that Kokoro learnt it by."""
    assert letters(espeak, language) == wanted


@pytest.mark.parametrize(
    ("written", "given"),
    [("it’s “so”", 'it\'s "so"'), ("wait... now", "wait… now"), ("here - or there", "here — or there")],
)
def test_marks_are_those_it_knows(written: str, given: str) -> None:
    """Quotes, dots and dashes are written with the marks that the network has learnt."""
    assert marked(written) == given


@needs_espeak
@pytest.mark.voice
def test_a_sentence_keeps_its_marks() -> None:
    """Commas and the last mark reach the network, which pauses at them; a missing full stop is added."""
    assert phonemes("Far away, behind glass.", AMERICAN) == "fˈɑɹ əwˈA, bᵻhˌInd ɡlˈæs."
    assert phonemes("*Five*", BRITISH) == "fˈIv."
    assert phonemes("Ready?", AMERICAN).endswith("?")


@needs_espeak
@pytest.mark.voice
def test_nothing_to_say_is_an_error() -> None:
    """A text of marks alone is refused with a sentence."""
    with pytest.raises(EngineError, match="nothing to say"):
        phonemes("...", AMERICAN)
