"""A voice to choose by: one sentence of it."""

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
    """What a voice says, shape (frames,), and its language: "" where it has none."""

    samples: Mono
    language: str


def said(studio: Studio, voice: str) -> Greeting:
    """Return what *voice*, ENGINE/NAME, says in its language; nobody stands in for it.

    Raises:
        UnknownError: if there is no such voice, or it is not ready; with what would mend it.
        EngineError: if it cannot speak.
    """
    clips = studio.alone(voice)
    language = clips.cast[0].language
    return Greeting(clips.get(sentence(language), _PACE).samples, language)
