"""Finds ambiences that a script names but that do not exist."""

from __future__ import annotations

from collections.abc import Iterator

from voiceguide.errors import Problem
from voiceguide.plan.walk import walk
from voiceguide.script.model import ChangeAmbience, Script, Where
from voiceguide.script.places import place
from voiceguide.script.report import did_you_mean
from voiceguide.sounds.ambience.library import sounds


def unknown(script: Script) -> tuple[Problem, ...]:
    """Return an error for each ambience in *script* that is neither shipped nor the user's own."""
    known = [sound.name for sound in sounds()]
    found: dict[Problem, None] = {}
    for where, name in _named(script):
        if name not in known:
            what = f'there is no ambience called "{name}"{did_you_mean(name, [*known, "none"])}'
            found[Problem(where.path, where.line, where.column, where.field, what)] = None
    return tuple(found)


def _named(script: Script) -> Iterator[tuple[Where, str]]:
    if script.bed.sound is not None:
        yield place(script.path, "ambience", "sound"), script.bed.sound
    for step in walk(script.steps):
        if isinstance(step, ChangeAmbience) and step.sound is not None:
            yield step.where, step.sound
