"""Text as the phonemes Kokoro was trained on, by eSpeak NG.

Kokoro reads one letter per sound: diphthongs and affricates are single letters, and American vowels have no
length mark. The letters are those of misaki, the model's own front end, which lists the English ones
(https://github.com/hexgrad/misaki/blob/main/EN_PHONES.md) and takes eSpeak's for other languages, but for a
few that are two sounds (`EspeakG2P` in misaki/espeak.py).
"""

from __future__ import annotations

import logging
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

from voiceguide.errors import EngineError
from voiceguide.voices.words import plain

if TYPE_CHECKING:
    from phonemizer.backend import EspeakBackend

AMERICAN: Final = "en-us"
BRITISH: Final = "en-gb"

_ENDS: Final = '.!?…,;:—"”)'

# Applied in this order; "^" is the tie that eSpeak is asked to write inside one sound.
_SHARED: Final = (
    ("a^ɪ^ə", "Iə"),
    ("a^ɪ^ɚ", "Iəɹ"),
    ("a^ʊ^ə", "Wə"),
    ("e^ə", "ɛː"),
    ("e^ɪ", "A"),
    ("a^ɪ", "I"),
    ("a^ʊ", "W"),
    ("ɔ^ɪ", "Y"),
    ("d^ʒ", "ʤ"),
    ("t^ʃ", "ʧ"),
    ("ə^l", "ᵊl"),
    ("ʔn̩", "tᵊn"),
    ("n̩", "ᵊn"),
    ("l̩", "ᵊl"),
    ("m̩", "ᵊm"),
    ("ɚɹ", "əɹ"),
    ("ɚ", "əɹ"),
    ("ɐ", "ə"),
    ("ʔ", "t"),
    ("r", "ɹ"),
    ("x", "k"),
    ("ç", "k"),
    ("ɬ", "l"),
    ("ʲ", ""),
    ("\u0303", ""),  # the nasal tilde of borrowed words
)
_ELSEWHERE: Final = (
    ("a^ɪ", "I"),
    ("a^ʊ", "W"),
    ("d^z", "ʣ"),
    ("d^ʒ", "ʤ"),
    ("e^ɪ", "A"),
    ("o^ʊ", "O"),
    ("ə^ʊ", "Q"),
    ("s^s", "S"),
    ("t^s", "ʦ"),
    ("t^ʃ", "ʧ"),
    ("ɔ^ɪ", "Y"),
    ("-", ""),
)
"""For languages other than English, where a nasal tilde and a length mark mean something."""

_OF: Final = {
    AMERICAN: (("o^ʊ", "O"), ("ɾ", "T"), ("ɜːɹ", "ɜɹ"), ("ɜː", "ɜɹ"), ("ɪ^ə", "iə"), ("ː", "")),
    BRITISH: (("ə^ʊ", "Q"), ("o^ʊ", "Q"), ("i^ə", "ɪə")),
}

_MARKS: Final = (
    (re.compile("[‘’]"), "'"),
    (re.compile("[“”«»]"), '"'),
    (re.compile(r"\.{3,}"), "…"),
    (re.compile(r"\s+[-–]+\s+|–|--+"), " — "),
)
"""Punctuation marks that Kokoro knows, for others of the same meaning."""


@cache
def _espeak(language: str) -> EspeakBackend:
    """Return the phonemizer of *language*, with the eSpeak NG installed as a wheel. One per process."""
    import espeakng_loader
    from phonemizer.backend import EspeakBackend
    from phonemizer.backend.espeak.wrapper import EspeakWrapper

    EspeakWrapper.set_library(espeakng_loader.get_library_path())
    EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
    quiet = logging.getLogger("voiceguide.phonemizer")
    quiet.setLevel(logging.ERROR)
    return EspeakBackend(
        language, preserve_punctuation=True, with_stress=True, tie="^",
        language_switch="remove-flags", logger=quiet,
    )  # fmt: skip


def letters(espeak: str, language: str) -> str:
    """Return eSpeak's output in the letters of Kokoro. Pure."""
    for old, new in (*_SHARED, *_OF[language]) if language in _OF else _ELSEWHERE:
        espeak = espeak.replace(old, new)
    # A nasal vowel is two signs, as eSpeak writes it; in English there is none left to compose.
    form: Literal["NFC", "NFD"] = "NFC" if language in _OF else "NFD"
    return unicodedata.normalize(form, espeak.replace("^", "")).replace("c\u0327", "ç").strip()


def marked(text: str) -> str:
    """Return *text* with the punctuation marks that Kokoro knows. Pure."""
    for found, said in _MARKS:
        text = found.sub(said, text)
    return " ".join(text.split())


def phonemes(sentence: str, language: str) -> str:
    """Return *sentence* in Kokoro's letters and punctuation; a full stop is added if it ends without a mark.

    Raises:
        EngineError: if nothing in it can be spoken.
    """
    said = _espeak(language).phonemize([marked(plain(sentence))], strip=True)
    found = letters(said[0], language) if said else ""
    if not any(sign.isalpha() for sign in found):
        raise EngineError(f"kokoro finds nothing to say in “{sentence}”: write words there.")
    return found if found[-1] in _ENDS else found + "."
