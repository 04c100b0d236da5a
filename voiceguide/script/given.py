"""The fields of a mapping, as read by the table."""

from __future__ import annotations

from typing import TypeVar

from msgspec import Struct, field

from voiceguide.script.model import Where
from voiceguide.script.source import Node

T = TypeVar("T")


class Given(Struct, frozen=True):
    """The fields of a mapping: values, given or by default, and the nodes they were read from."""

    where: Where
    values: dict[str, object] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)

    def get(self, name: str, kind: type[T]) -> T | None:
        """Return the value of *name*, or None if there is none of that type."""
        value = self.values.get(name)
        return value if isinstance(value, kind) else None

    def need(self, name: str, kind: type[T]) -> T:
        """Return the value of *name*, which the table requires or has a default for."""
        value = self.values[name]
        assert isinstance(value, kind), (name, value)
        return value

    def at(self, name: str) -> Where:
        """Return the place of the value of *name*, or of the whole mapping if it was not given."""
        node = self.nodes.get(name)
        if node is None:
            return self.where
        inner = f"{self.where.field}.{name}" if self.where.field else name
        return Where(self.where.path, node.line, node.column, inner)
