"""The script that "ground me" plays: the user's own if it is playable, or else the shipped one."""

from __future__ import annotations

from datetime import date
from typing import Final

from voiceguide.errors import LengthError, Problem, ScriptError
from voiceguide.plan.plan import plan, unasked
from voiceguide.plan.possible import SEEDS
from voiceguide.plan.wishes import Wishes, resolve
from voiceguide.script.library import Library
from voiceguide.script.model import Script
from voiceguide.script.places import place
from voiceguide.sounds.ambience.named import unknown
from voiceguide.voices.usual import usual

GROUND: Final = "ground-now"
"""The name of the script that "ground me" plays."""


def ground(library: Library) -> Script:
    """Return the script of *library* that "ground me" plays.

    Raises:
        WishError: if there is none.
        ScriptError: if none is playable; with all problems of the first.
    """
    return library.usable(GROUND, unplayable)


def unplayable(script: Script) -> tuple[Problem, ...]:
    """Return the problems that keep *script* from being played without wishes, on some day."""
    estimate = usual(script)
    try:
        for seed in SEEDS:
            resolved = resolve(script, Wishes(seed=seed), date.min)
            plan(script, unasked(script, resolved, estimate), estimate)
    except ScriptError as error:
        return error.problems
    except LengthError as error:
        where = place(script.path, "length")
        return (Problem(where.path, where.line, where.column, where.field, str(error)),)
    return unknown(script)
