"""Estimates for an unknown voice, close to those of most voices."""

from __future__ import annotations

from functools import cache

from voiceguide.audio import Frames
from voiceguide.files.folders import shipped
from voiceguide.plan.fit import Estimate
from voiceguide.script.model import Pace, Script
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.voices.lexicon import Lexicon
from voiceguide.voices.readings import speakable


def usual(script: Script) -> Estimate:
    """Return the estimates that a session of *script* has with the engine `hum`, cached."""
    hum, lexicon = HumEngine(), _lexicon()
    voice = hum.voices()[0].name

    @cache
    def estimate(text: str, pace: Pace) -> Frames:
        read = speakable(lexicon.respell(text, hum.name, script.language), hum.name, script.language)
        return hum.estimate(read, voice, pace)

    return estimate


@cache
def _lexicon() -> Lexicon:
    return Lexicon.load(shipped("scripts") / "lexicon.yaml")
