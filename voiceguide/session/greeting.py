"""The sentence with which a voice introduces itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from voiceguide.audio import Mono
from voiceguide.script.model import PACES
from voiceguide.voices.sentences import sentence

if TYPE_CHECKING:
    from voiceguide.session.studio import Studio

_PACE: Final = PACES["slow"]


class Greeting(Struct, frozen=True):
    """The spoken samples, shape (frames,), and their language, or ""."""

    samples: Mono
    language: str


def said(studio: Studio, voice: str) -> Greeting:
    """Return the introduction of *voice*, ENGINE/NAME, in its language, without stand-ins.

    Raises:
        UnknownError: if there is no such voice, or it is not ready; with what to do about it.
        EngineError: if it cannot speak.
    """
    clips = studio.alone(voice)
    language = clips.cast[0].language
    return Greeting(clips.get(sentence(language), _PACE).samples, language)
