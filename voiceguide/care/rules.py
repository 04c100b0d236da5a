"""The table of rules, and the check of a script against it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from msgspec import Struct

from voiceguide.care import breath, ending, exposure, figures, leaving, wording
from voiceguide.care.hearing import by_pace
from voiceguide.care.subject import Check, Finding, Subject
from voiceguide.errors import Problem
from voiceguide.plan.fit import Estimate
from voiceguide.script.model import Script


class Rule(Struct, frozen=True):
    """One rule of care: its number, its reason, and its check."""

    number: int
    reason: str
    check: Check


RULES: Final = (
    Rule(1, "an invitation can be turned down, an order only disobeyed", wording.commands),
    Rule(2, "with closed eyes some people are further away, or less at ease", wording.eyes),
    Rule(3, "who knows the way out can stay", leaving.ways_out),
    Rule(4, "for some people watching the breath is what makes it worse", breath.anchors),
    Rule(5, "a silence nobody spoke of sounds like a fault, or like being left", leaving.silences),
    Rule(6, "a session that just stops leaves people where it took them", ending.coming_back),
    Rule(7, "a promise that fails is heard as the listener's failure", wording.promises),
    Rule(8, "numbness guards against too much, so more has to be chosen", exposure.exposure),
    Rule(9, "a recording cannot see how it went, and people can", ending.support),
    Rule(10, "what is known before can be chosen", ending.told_before),
    Rule(11, "words are heard once, and the silence is where it happens", figures.figures),
)


def findings(script: Script, estimate: Estimate = by_pace) -> tuple[Problem, ...]:
    """Return where *script* breaks a rule of care, in order of place; all are warnings.

    Sessions are settled by *estimate*: the engine's own, or one that counts words. Nothing is found in
    scripts in other languages than English.
    """
    if script.language.split("-")[0].lower() != "en":
        return ()
    subject = Subject(script, lru_cache(maxsize=None)(estimate))
    found = {_problem(script, rule, breach) for rule in RULES for breach in rule.check(subject)}
    main = str(script.path)
    return tuple(sorted(found, key=lambda problem: (problem.path != main, problem)))


def _problem(script: Script, rule: Rule, found: Finding) -> Problem:
    where = found.where
    within = "" if where.path == str(script.path) else f"in {script.name}, "
    what = f"{within}{found.what}; {found.instead} ({rule.reason})"
    return Problem(
        where.path, where.line, where.column, where.field, what, f"care {rule.number}", severity="warning"
    )
