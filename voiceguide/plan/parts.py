"""Splits a script at its ladder: the steps before it, each rung, the way back to the ground, the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import assert_never

from msgspec.structs import replace

from voiceguide.audio import Frames
from voiceguide.errors import UnknownError
from voiceguide.plan import wording
from voiceguide.script.model import COMPARE, Ladder, Leaf, OneOf, Own, Repeat, Say, Script, Section, Step, Use

Steps = tuple[Step, ...]


def parts(script: Script, length: Frames) -> Mapping[str, Script]:
    """Return the parts of *script*'s ladder as scripts of their own, in order; empty if it has no ladder.

    They are ``opening``, ``rung-1`` and so on, ``stay`` (the quiet at a rung), ``ground`` and ``closing``.
    Steps that depend on the length, or say it, are those of a whole session of *length*.
    """
    return {
        name: _alone(script, name, _decided(steps, length), length) for name, steps in _parts(script).items()
    }


def part_names(script: Script) -> tuple[str, ...]:
    """Return the names of the parts of *script*'s ladder, in order; they do not depend on the length."""
    return tuple(_parts(script))


def _parts(script: Script) -> dict[str, Steps]:
    before, ladder, after = _split(script.steps)
    if ladder is None:
        return {}
    rungs = {
        f"rung-{number}": (Section(rung.where, title=rung.title, steps=(*rung.steps, rung.stay)),)
        for number, rung in enumerate(ladder.rungs, 1)
    }
    found: dict[str, Steps] = {
        "opening": before,
        **rungs,
        "stay": (ladder.rungs[0].stay,) if ladder.rungs else (),
        "ground": ladder.ground,
        "closing": after,
    }
    return {name: steps for name, steps in found.items() if steps}


def part(script: Script, name: str, length: Frames) -> Script:
    """Return the part called *name*, as `parts` makes it.

    Raises:
        UnknownError: if there is none.
    """
    found = parts(script, length)
    if name not in found:
        known = f"it has {', '.join(found)}" if found else "it has no ladder"
        raise UnknownError(f'"{script.name}" has no part called "{name}"; {known}')
    return found[name]


def _alone(script: Script, name: str, steps: Steps, whole: Frames) -> Script:
    facts = f"{script.digest} {name} {whole}"
    return replace(
        script,
        steps=steps,
        length=Own(),
        digest=hashlib.sha256(facts.encode()).hexdigest(),
    )


def _split(steps: Steps) -> tuple[Steps, Ladder | None, Steps]:
    """Return the steps before the first ladder, the ladder, and the steps after it."""
    for index, step in enumerate(steps):
        before, after = steps[:index], steps[index + 1 :]
        match step:
            case Ladder():
                return before, step, after
            case Section(steps=inner) | Use(steps=inner):
                first, ladder, last = _split(inner)
                if ladder is not None:
                    return (*before, *_kept(step, first)), ladder, (*_kept(step, last), *after)
            case Say() | Leaf() | Repeat() | OneOf():
                pass
            case _:
                assert_never(step)
    return steps, None, ()


def _kept(step: Section | Use, steps: Steps) -> Steps:
    return (replace(step, steps=steps),) if steps else ()


def _decided(steps: Steps, length: Frames) -> Steps:
    """Return *steps* without those left out of a session of *length*; no length test remains."""
    return tuple(_free(step, length) for step in steps if _lasting(step, length))


def _lasting(step: Step, length: Frames) -> bool:
    tests = step.when.length if step.when is not None else ()
    return all(COMPARE[sign](length, bound) for sign, bound in tests)


def _free(step: Step, length: Frames) -> Step:
    if step.when is not None and step.when.length:
        step = replace(step, when=replace(step.when, length=()))
    match step:
        case Say():
            said = wording.duration(length)
            phrases = (replace(each, text=each.text.replace("{length}", said)) for each in step.phrases)
            return replace(step, phrases=tuple(phrases))
        case Section() | Repeat() | Use():
            return replace(step, steps=_decided(step.steps, length))
        case OneOf():
            return replace(step, branches=tuple(_decided(branch, length) for branch in step.branches))
        case Leaf() | Ladder():
            return step
        case _:
            assert_never(step)
