"""Checks that what a script declares is possible: lengths, options, seeds and its ladder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final, assert_never

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from voiceguide.audio import Frames, clock
from voiceguide.errors import Problem
from voiceguide.plan.fit import Estimate, told
from voiceguide.plan.parts import parts
from voiceguide.plan.stretches import Stretches, settled
from voiceguide.plan.tally import Counted, counted
from voiceguide.plan.walk import walk
from voiceguide.plan.wishes import Resolved, Wishes, resolve
from voiceguide.plan.work import Work, too_much
from voiceguide.script.model import Ladder, Lengths, OneOf, Own, Script, Where
from voiceguide.script.places import place

SEEDS: Final = tuple(str(seed) for seed in range(10))
"""Seeds that stand for all, if a script chooses between branches."""

_MOST_CROSSED: Final = 2_000
"""If there are more combinations than this, options are tried with the first seed only."""

_MOST_WRITTEN: Final = 16
"""The most sessions examined one by one when no length is found quickly."""


class _Case(Struct, frozen=True):
    """A session to try, and how it differs from the usual one, such as `` with eyes closed``."""

    resolved: Resolved
    told: str


def impossible(script: Script, estimate: Estimate) -> tuple[Problem, ...]:
    """Return an error for each thing that *script* declares but no session can have; none if all is possible.

    Tried are its default, least and most lengths, with the first values of its options and each other one,
    with ten seeds; every number of rungs at some length; and every part of its ladder.
    """
    cases, work = _cases(script), Work()
    match script.length:
        case Lengths():
            found = _declared(script, script.length, cases, estimate, work)
        case Own():
            found = _own(script, cases, estimate, work)
        case _:
            assert_never(script.length)
    return tuple(found) or tuple(_ladder(script, estimate, work))


def _cases(script: Script) -> tuple[_Case, ...]:
    """Return the sessions that stand for all of *script*'s, at the length used when none is asked for."""
    usual, seeds = _usual(script), _seeds(script)
    first = usual.options
    changed = [
        (f"{name} {value}", (*first[:at], (name, value), *first[at + 1 :]))
        for at, (name, values) in enumerate(script.options.items())
        for value in values[1:]
    ]
    crossed = seeds if len(changed) * len(seeds) <= _MOST_CROSSED else seeds[:1]
    asked = [("", first, seed) for seed in seeds]
    asked += [(said, options, seed) for said, options in changed for seed in crossed]
    return tuple(_case(replace(usual, options=options, seed=seed), said) for said, options, seed in asked)


def _usual(script: Script) -> Resolved:
    """Return the session of a listener without wishes."""
    return resolve(script, Wishes(seed=SEEDS[0]), date.min)


def _seeds(script: Script) -> Sequence[str]:
    return SEEDS if any(isinstance(step, OneOf) for step in walk(script.steps)) else SEEDS[:1]


def _case(resolved: Resolved, said: str = "") -> _Case:
    seed = f"seed {resolved.seed}" if resolved.seed != SEEDS[0] else ""
    apart = [each for each in (said, seed) if each]
    return _Case(resolved, f" with {' and '.join(apart)}" if apart else "")


def _declared(
    script: Script, length: Lengths, cases: Sequence[_Case], estimate: Estimate, work: Work
) -> Iterator[Problem]:
    at = {name: getattr(length, name) for name in ("default", "least", "most")}
    asked = [replace(case.resolved, length=each) for each in dict.fromkeys(at.values()) for case in cases]
    found = counted(script, asked, estimate, work)
    if found.problem is not None:
        yield found.problem
        return
    missed: dict[Frames, int] = {}
    for index, each in enumerate(dict.fromkeys(at.values())):
        worst = _worst(found, slice(index * len(cases), (index + 1) * len(cases)), each)
        if worst is not None:
            missed[each] = worst
    if len(missed) == len({*at.values()}) and _never(script, cases[0], estimate, work):
        span = " to ".join(dict.fromkeys((clock(length.least), clock(length.most))))
        what = f"it cannot last {span}"
        yield _problem(script, ("length",), cases[0], what, length.default, estimate, work)
        return
    for each, worst in missed.items():
        names = [name for name, value in at.items() if value == each]
        what = f"{' and '.join(names)} cannot be {clock(each)}"
        yield _problem(script, ("length", names[0]), cases[worst], what, each, estimate, work)


def _never(script: Script, case: _Case, estimate: Estimate, work: Work) -> bool:
    """Return whether *case* is known to have no declared length, as far as *work* allows."""
    stretches = Stretches(script, case.resolved, estimate, work=work)
    return not stretches.spent and not stretches.joined()


def _worst(found: Counted, rows: slice, length: int) -> int | None:
    """Return the one of *rows* that is furthest from having *length*; None if each has it."""
    missing = np.maximum(found.shortest[rows] - length, length - found.longest[rows])
    return int(np.argmax(missing)) if missing.max() > 0 else None


def _problem(
    script: Script,
    keys: tuple[str, ...],
    case: _Case,
    what: str,
    near: Frames,
    estimate: Estimate,
    work: Work,
) -> Problem:
    """Return the problem *what*, with the lengths that *case* can have, as far as *work* allows."""
    stretches = Stretches(script, case.resolved, estimate, Own(), work)
    if stretches.spent:
        can = ""
    elif possible := stretches.joined():
        can = f"it can last {told(possible, near)}; "
    else:
        can = "no length up to 8 hours can be had; "
    instead = "write a length that can be had, or length: auto for as long as its lines and rests come to"
    return _at(place(script.path, *keys), f"{what}{case.told}; {can}{instead}")


def _own(script: Script, cases: Sequence[_Case], estimate: Estimate, work: Work) -> Iterator[Problem]:
    """Yield a problem if a script with a length of its own has no possible length."""
    usual = Stretches(script, cases[0].resolved, estimate, work=work)
    if usual.problem is not None:
        yield usual.problem
        return
    where = place(script.path, "length")

    def none(case: _Case) -> Problem:
        return _at(
            where, f"no length up to 8 hours can be had{case.told}; say or rest less, or at other lengths"
        )

    yield from _unmet(script, cases, estimate, work, none)


def _unmet(
    script: Script, cases: Sequence[_Case], estimate: Estimate, work: Work, none: Callable[[_Case], Problem]
) -> Iterator[Problem]:
    """Yield the problem *none* of the first of *cases* without a length, or that the work is spent."""
    found, problem = settled(script, [case.resolved for case in cases], estimate, script.length, work)
    if problem is not None:
        yield problem
        return
    for tried, index in enumerate(np.flatnonzero(found < 0)):
        if tried == _MOST_WRITTEN:
            yield too_much(place(script.path, "length"))
            return
        case = cases[int(index)]
        stretches = Stretches(script, case.resolved, estimate, work=work)
        if stretches.problem is not None or stretches.own() is None:
            yield stretches.problem or none(case)
            return


def _at(where: Where, what: str) -> Problem:
    return Problem(where.path, where.line, where.column, where.field, what)


def _ladder(script: Script, estimate: Estimate, work: Work) -> Iterator[Problem]:
    """Yield problems of the ladder's higher rungs and parts, if the lowest rung has none."""
    ladders = [step for step in walk(script.steps) if isinstance(step, Ladder)]
    most = max((len(ladder.rungs) for ladder in ladders), default=1)
    usual, seeds = _usual(script), _seeds(script)
    cases = [
        _case(replace(usual, rungs=rungs, seed=seed), f"{rungs} rungs")
        for rungs in range(2, most + 1)
        for seed in seeds
    ]
    if cases:
        length = usual.length

        def none(case: _Case) -> Problem:
            what = "no length that is declared can be had"
            return _problem(script, ("length",), case, what, length, estimate, work)

        unmet = tuple(_unmet(script, cases, estimate, work, none))
        if unmet:
            yield from unmet
            return
    for name, part in parts(script, script.length.least).items():
        stretches = Stretches(part, _usual(part), estimate, work=work)
        if stretches.problem is not None:
            yield stretches.problem
            return
        if stretches.own() is None:
            where = part.steps[0].where
            what = f"the ladder's {name} comes to more than 8 hours, the most there is; write it shorter"
            yield _at(where, what)
            return
