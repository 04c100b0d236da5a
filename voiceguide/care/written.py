"""Every line that an author wrote, at any depth, with the conditions around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from voiceguide.script.fill import fill
from voiceguide.script.model import Ladder, Leaf, OneOf, Repeat, Rung, Say, Script, Section, Step, Use, Where


class Written(Struct, frozen=True):
    """One line as written, without its pauses. `options` has the values that its conditions allow."""

    where: Where
    text: str
    options: Mapping[str, tuple[str, ...]]


class _Around(Struct, frozen=True):
    values: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def lines(script: Script) -> tuple[Written, ...]:
    """Return every line of *script* in the order of the files, whether or not it is heard."""
    return tuple(_lines(script.steps, _Around(_names(script))))


def rung_lines(script: Script, rung: Rung) -> tuple[Written, ...]:
    """Return the lines of one rung."""
    return tuple(_lines(rung.steps, _Around(_names(script))))


def _names(script: Script) -> dict[str, str]:
    return {"title": script.title, "length": "some minutes", "name": "", **dict.fromkeys(script.options, "")}


def _lines(steps: tuple[Step, ...], around: _Around) -> Iterator[Written]:
    for step in steps:
        here = around
        if step.when is not None:
            here = replace(around, options={**around.options, **dict(step.when.options)})
        match step:
            case Say(phrases=phrases):
                text = " ".join(fill(phrase.text, here.values) for phrase in phrases)
                yield Written(step.where, text, here.options)
            case Use(steps=inner, values=values):
                given = {name: fill(value, here.values) for name, value in values}
                yield from _lines(inner, replace(here, values={**here.values, **given}))
            case Section(steps=inner) | Repeat(steps=inner):
                yield from _lines(inner, here)
            case OneOf(branches=branches):
                for branch in branches:
                    yield from _lines(branch, here)
            case Ladder(rungs=rungs, ground=ground):
                for rung in rungs:
                    yield from _lines(rung.steps, here)
                yield from _lines(ground, here)
            case Leaf():
                pass
            case _:
                assert_never(step)
