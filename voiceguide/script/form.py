"""Reads small YAML files beside the scripts key by key, noting the place of every problem."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from voiceguide.errors import Problem, ScriptError
from voiceguide.script.report import did_you_mean, short
from voiceguide.script.source import MOST_BYTES, Items, Node, Pairs, Scalar, read

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Form:
    """One YAML file of known keys. Reading goes on after a problem; `finish` raises for all at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._problems: list[Problem] = []
        self._unread = False  # an unreadable file has no keys that could be missing

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems found so far, in the order found."""
        return tuple(self._problems)

    def root(self, what: str, keys: Sequence[str]) -> Pairs:
        """Return the file's keys; those of the *keys* of *what* and ``voiceguide`` are known."""
        try:
            with self.path.open("rb") as file:
                node, problems = read(file.read(MOST_BYTES + 1), str(self.path))
        except OSError as error:
            node, problems = (
                None,
                (Problem(str(self.path), 1, 1, "", f"it cannot be read: {error.strerror}"),),
            )
        self._problems += problems
        self._unread = node is None and bool(problems)
        root = self.pairs(node, "", ("voiceguide", *keys))
        version = root.get("voiceguide")
        if not problems and not (isinstance(version, Scalar) and version.text == "1"):
            self.fail(version or root, "voiceguide", f"{what} begins with voiceguide: 1")
        return root

    def pairs(self, node: Node | None, field: str, keys: Sequence[str]) -> Pairs:
        """Return *node* as keys and values, noting any not among *keys*; empty if it is not a mapping."""
        if not isinstance(node, Pairs):
            if node is not None:
                self.fail(node, field, f"keys and values belong here: {', '.join(keys)}")
            return Pairs((), 1, 1, flow=False)
        for key, _ in node.pairs:
            if key.text not in keys:
                self.fail(
                    key, f"{field}.{key.text}".lstrip("."), "unknown key" + did_you_mean(key.text, keys)
                )
        return node

    def items(self, pairs: Pairs, key: str, field: str) -> Iterator[tuple[str, Node]]:
        """Yield each item of the list under *key*, with its field; an empty list is a problem."""
        node = pairs.get(key)
        here = f"{field}.{key}".lstrip(".")
        if not isinstance(node, Items) or not node.nodes:
            self.fail(node or pairs, here, "a list belongs here, with at least one item")
            return
        for index, item in enumerate(node.nodes):
            yield f"{here}[{index}]", item

    def text(self, pairs: Pairs, key: str, field: str, *, needed: bool = True) -> str:
        """Return the text under *key*, or ""; that it is missing is a problem if it is *needed*."""
        node = pairs.get(key)
        if isinstance(node, Scalar) and not node.empty:
            return " ".join(node.text.split())
        if needed or node is not None:
            self.fail(node or pairs, f"{field}.{key}".lstrip("."), f"{key} is missing; write it here")
        return ""

    def day(self, pairs: Pairs, key: str, field: str) -> date:
        """Return the date under *key*, as 2026-11-22."""
        text = self.text(pairs, key, field)
        try:
            if not text or not _DATE.fullmatch(text):
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError:
            if text:
                what = f'"{short(text)}" is not a date; write it as 2026-11-22'
                self.fail(pairs.get(key) or pairs, f"{field}.{key}".lstrip("."), what)
            return date.min

    def fail(self, node: Node, field: str, what: str) -> None:
        """Note the problem *what* at *node*."""
        self.add((self.problem(node, field, what),))

    def problem(self, node: Node, field: str, what: str) -> Problem:
        """Return the problem *what* at *node* without noting it."""
        return Problem(str(self.path), node.line, node.column, field, what)

    def add(self, problems: Iterable[Problem]) -> None:
        """Note *problems*."""
        if not self._unread:
            self._problems += problems

    def finish(self) -> None:
        """Check that no problem was noted.

        Raises:
            ScriptError: with every problem, in file order.
        """
        if self._problems:
            raise ScriptError(tuple(sorted(self._problems)))
