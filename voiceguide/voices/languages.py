"""Matches voices to languages by BCP 47 tags, and names languages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from voiceguide.voices.engine import Voice

WORDLESS: Final = "zxx"
"""The tag of a voice that says no words."""

UNTOLD: Final = (WORDLESS, "und", "mul", "")
"""Tags that do not state a language; a voice with one is never refused for its language."""

_SAME: Final = {"cmn": "zh", "nb": "no", "nn": "no", "iw": "he", "in": "id", "tl": "fil", "ji": "yi"}
"""Languages that count as the same for choosing a voice, and old tags."""

_NAMES: Final = {
    "ar": "Arabic", "bg": "Bulgarian", "bn": "Bengali", "ca": "Catalan", "cs": "Czech", "cy": "Welsh",
    "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "th": "Thai", "tr": "Turkish",
    "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip

_REGIONS: Final = {
    "en-us": "US English", "en-gb": "British English", "en-au": "Australian English",
    "en-ie": "Irish English", "en-in": "Indian English", "en-ca": "Canadian English",
    "de-at": "Austrian German", "de-ch": "Swiss German", "es-mx": "Mexican Spanish",
    "fr-ca": "Canadian French", "fr-be": "Belgian French", "fr-ch": "Swiss French",
    "pt-br": "Brazilian Portuguese",
}  # fmt: skip


def main(tag: str) -> str:
    """Return the language of *tag* without its region: ``de`` for ``de-CH``."""
    first = tag.split("-")[0].lower()
    return _SAME.get(first, first)


def speaks(tag: str, language: str) -> bool:
    """Return whether a voice of *tag* speaks *language*, of any region."""
    return main(tag) not in UNTOLD and main(tag) == main(language)


def foreign(tag: str, language: str) -> bool:
    """Return whether a voice of *tag* is known to speak another language than *language*."""
    return main(language) != main(tag) and not {main(tag), main(language)} & set(UNTOLD)


def best(voices: Iterable[Voice], language: str) -> Voice | None:
    """Return the ready voice that suits *language* best, of its region if possible; None if none is ready."""
    ready = [voice for voice in voices if voice.ready]
    return min(ready, key=lambda voice: _distance(voice.language, language), default=None)


def called(tag: str) -> str:
    """Return the English name of the language of *tag*, with its region if that has a name."""
    region = "-".join(tag.lower().split("-")[:2])
    return _REGIONS.get(region) or _NAMES.get(main(tag)) or tag


def label(voice: Voice) -> str:
    """Return the name of *voice* for a person: ``Joe (US English)``."""
    name = voice.title or voice.name
    if main(voice.language) in UNTOLD:
        return name
    known = _NAMES.get(main(voice.language))
    return name if known and known in name else f"{name} ({called(voice.language)})"


def _distance(tag: str, language: str) -> int:
    """Return how far *tag* is from *language*: same region, same language, not stated, other language."""
    if speaks(tag, language):
        return 0 if language.lower() in (tag.lower(), main(language)) else 1
    return 3 if foreign(tag, language) else 2
