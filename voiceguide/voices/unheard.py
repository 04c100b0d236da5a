"""Warns of scripts in a language that no installed voice speaks."""

from __future__ import annotations

from voiceguide.errors import Problem
from voiceguide.script.model import Script
from voiceguide.script.places import place
from voiceguide.voices.languages import called, main
from voiceguide.voices.registry import speaker_of


def unheard(script: Script) -> tuple[Problem, ...]:
    """Return a warning if no voice that is installed here speaks the language of *script*."""
    if speaker_of(script.language) is not None:
        return ()
    where = place(script.path, "language")
    what = (
        f"no voice installed here speaks {called(script.language)}, so one of another language reads it; "
        f"see `voiceguide voices --language {main(script.language)}`, or install eSpeak, which speaks a "
        "hundred languages: pip install 'voiceguide[espeak]'"
    )
    return (Problem(where.path, where.line, where.column, where.field, what, severity="warning"),)
