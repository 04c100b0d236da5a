"""The classes that the rows of the table in `spec` are made of."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from voiceguide.script.kinds import Kind


class ListOf(Struct, frozen=True):
    """A list of values of one shape; at least `least` of them."""

    of: Shape
    least: int
    example: str


class MapOf(Struct, frozen=True):
    """Names chosen by the author, each with a value of one shape. `blank` allows a name without a value."""

    of: Shape
    example: str
    blank: bool = False


class StepShape(Struct, frozen=True):
    """A step: any row of `spec.STEPS`."""


class ConditionShape(Struct, frozen=True):
    """`if:` on a step."""

    example: str = '{eyes: open, length: ">=10m"}'


class Field(Struct, frozen=True):
    """A key and the shape of its value.

    `default` is as an author would write it, "" for none; `needed` fields have none.
    """

    name: str
    shape: Shape
    about: str
    default: str = ""
    needed: bool = False


class Group(Struct, frozen=True):
    """A mapping with known keys. A bare value is read as `short`; exactly one of `either` is given."""

    fields: tuple[Field, ...]
    example: str
    short: Field | None = None
    either: tuple[str, ...] = ()


Shape: TypeAlias = Kind | ListOf | MapOf | StepShape | ConditionShape | Group


class StepKind(Struct, frozen=True):
    """One kind of step: the key that names it, the shape of its value, and the keys allowed beside it."""

    name: str
    shape: Shape
    about: str
    example: str
    beside: tuple[Field, ...] = ()
