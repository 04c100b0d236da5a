"""The languages that kokoro reads: whose voices they are, what is spoken first, and how long speech takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from voiceguide.voices import tempo
from voiceguide.voices.engines.phonemes import AMERICAN, BRITISH
from voiceguide.voices.tempo import Rate


class Language(Struct, frozen=True):
    """A language of voices: its BCP 47 `tag`, and eSpeak's name of it.

    `leads` are neutral sentences to speak first, in the order they are tried. `sample` is a sentence of
    medium words, to measure a voice's own rate with. `rate` is fitted to 25 sentences (English: see `tempo`),
    spoken at the speed of af_heart's slow pace; they differ from it by 4 to 5 % (one standard deviation).
    """

    tag: str
    espeak: str
    leads: tuple[str, ...]
    sample: str
    rate: Rate


_ENGLISH_LEADS: Final = (
    "You might notice this.",
    "You might notice how this feels.",
    "This is how it may be, for now.",
)

LANGUAGES: Final[Mapping[str, Language]] = {
    "a": Language("en-US", AMERICAN, _ENGLISH_LEADS, tempo.SAMPLE, tempo.ENGLISH),
    "b": Language("en-GB", BRITISH, _ENGLISH_LEADS, tempo.SAMPLE, tempo.ENGLISH),
    "e": Language(
        "es",
        "es",
        ("Quizá notes esto.", "Quizá notes cómo se siente.", "Así puede estar, por ahora."),
        "Si le pasara a un amigo, lo verías en cómo entra por la puerta.",
        Rate(0.69, 0.024, 0.097, 0.21),
    ),
    "f": Language(
        "fr-FR",
        "fr-fr",
        ("Tu remarques peut-être ceci.", "Tu remarques ce que ça fait.", "C'est ainsi, pour le moment."),
        "Si un ami vivait cela, tu le verrais à sa façon d'entrer dans la pièce.",
        Rate(0.52, 0.085, 0.075, 0.52),
    ),
    "i": Language(
        "it",
        "it",
        ("Forse noti questo.", "Forse noti come si sente.", "Può essere così, per ora."),
        "Se capitasse a un amico, lo vedresti da come entra nella stanza.",
        Rate(1.07, 0.0, 0.1, 0.2),
    ),
    "p": Language(
        "pt-BR",
        "pt-br",
        ("Talvez você note isto.", "Talvez você note como está.", "Pode ser assim, por agora."),
        "Se isso fosse com um amigo, você veria no jeito como ele entra pela porta.",
        Rate(0.94, 0.069, 0.072, 0.08),
    ),
}
"""By the first letter of a voice's name."""


def of(voice: str) -> Language:
    """Return the language of the voice named *voice*, American English if its letter means none."""
    return LANGUAGES.get(voice[:1], LANGUAGES["a"])
