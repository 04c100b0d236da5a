"""What may stand in a script, as the rows of the table in `spec` are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from voiceguide.script.kinds import Kind


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one shape; at least `least` of them."""

    of: Shape
    least: int
    example: str


@dataclass(frozen=True, slots=True)
class MapOf:
    """Names of the author's own, each with a value of one shape. `blank` allows a name without a value."""

    of: Shape
    example: str
    blank: bool = False


@dataclass(frozen=True, slots=True)
class StepShape:
    """A step: any row of `spec.STEPS`."""


@dataclass(frozen=True, slots=True)
class ConditionShape:
    """`if:` on a step."""

    example: str = '{eyes: open, length: ">=10m"}'


@dataclass(frozen=True, slots=True)
class Field:
    """A key and what stands after it.

    `default` is as an author would write it, "" for none. `needed` fields have no default.
    """

    name: str
    shape: Shape
    about: str
    default: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A mapping with known keys. A bare value stands for `short`; exactly one of `either` is given."""

    fields: tuple[Field, ...]
    example: str
    short: Field | None = None
    either: tuple[str, ...] = ()


Shape: TypeAlias = Kind | ListOf | MapOf | StepShape | ConditionShape | Group


@dataclass(frozen=True, slots=True)
class StepKind:
    """One kind of step: the key that makes it, what stands after it, and keys that may stand beside it."""

    name: str
    shape: Shape
    about: str
    example: str
    beside: tuple[Field, ...] = ()
