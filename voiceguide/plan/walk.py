"""Iterates over every step of a script, at any depth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from voiceguide.script.model import Ladder, Leaf, OneOf, Repeat, Say, Section, Step, Use


def walk(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield *steps* and all steps inside them, each before its contents, whether or not they are heard."""
    for step in steps:
        yield step
        match step:
            case Section(steps=inner) | Repeat(steps=inner) | Use(steps=inner):
                yield from walk(inner)
            case OneOf(branches=branches):
                for branch in branches:
                    yield from walk(branch)
            case Ladder(rungs=rungs, ground=ground):
                for rung in rungs:
                    yield from walk(rung.steps)
                yield from walk(ground)
            case Say() | Leaf():
                pass
            case _:
                assert_never(step)
