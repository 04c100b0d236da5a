"""Parses a file's bytes into nodes that know their line and column. Text is kept as written.

PyYAML's parser gives the events; constructs not allowed in a script (aliases, tags, duplicate keys, deep
nesting) are refused here. Values are not resolved, which avoids YAML 1.1's surprises (`on` is true, `12:30`
is 750).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

import yaml
from msgspec import Struct, field
from yaml.reader import Reader

from voiceguide.errors import Problem
from voiceguide.script.advice import advice

MOST_BYTES: Final = 256 * 1024
MOST_DEPTH: Final = 40
_MOST_TABS: Final = 20
_TOO_DEEP: Final = f"nested more than {MOST_DEPTH} deep; write it flatter"
_PLAIN_TAGS: Final = frozenset(
    ["!", *(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map"))]
)


class Scalar(Struct, frozen=True):
    """One value. `plain` is whether it has no quotes; the problem of a `broken` one is already noted."""

    text: str
    line: int
    column: int
    plain: bool = True
    broken: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is written here."""
        return not self.text.strip() or (self.plain and self.text == "~")


class Items(Struct, frozen=True):
    """A list; `flow` is whether it is written in brackets."""

    nodes: tuple[Node, ...]
    line: int
    column: int
    flow: bool


class Pairs(Struct, frozen=True):
    """Keys and their values, in order, each key once; `flow` is whether it is written in braces."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int
    flow: bool

    def key(self, name: str) -> Scalar | None:
        """Return the key *name*, or None."""
        return next((key for key, _ in self.pairs if key.text == name), None)

    def get(self, name: str) -> Node | None:
        """Return the value of the key *name*, or None."""
        return next((value for key, value in self.pairs if key.text == name), None)


Node: TypeAlias = Scalar | Items | Pairs


def read(data: bytes, path: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Return the tree in *data*, or None if there is none, and the problems of its syntax.

    *path* is the name of the file in problems.
    """
    if len(data) > MOST_BYTES:
        return None, (Problem(path, 1, 1, "", "the file is larger than 256 KiB, the most a script may be"),)
    text, problems = _text(data, path)
    if problems:
        return None, problems
    composer = _Composer(path)
    node = composer.compose(text)
    return node, tuple(composer.problems)


def _text(data: bytes, path: str) -> tuple[str, tuple[Problem, ...]]:
    """Return *data* as text that a YAML parser accepts, and the problems that prevent it."""
    if b"\0" in data:
        line, column = _place(data, data.index(b"\0"))
        return "", (
            Problem(path, line, column, "", "this is not a text file; save the script as UTF-8 text"),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place(data, error.start)
        what = "this is not UTF-8 text; save the file with the encoding UTF-8"
        return "", (Problem(path, line, column, "", what),)
    odd = Reader.NON_PRINTABLE.search(text)
    if odd:
        line, column = _place(text[: odd.start()].encode(), None)
        what = f"a control character (U+{ord(odd[0]):04X}) is in the text here; take it out"
        return "", (Problem(path, line, column, "", what),)
    return text, tuple(_tabs(text, path))


def _place(data: bytes, at: int | None) -> tuple[int, int]:
    """Return the line and column of the byte *at* of *data*, from 1; of its end if *at* is None."""
    before = data[:at].decode("utf-8", "replace").removeprefix("\ufeff")
    lines = re.split(r"\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1


def _tabs(text: str, path: str) -> Iterator[Problem]:
    """Yield a problem for each of the first few lines with a tab in it."""
    lines = ((number, line.find("\t")) for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1))
    found = [(number, at) for number, at in lines if at >= 0]
    for number, at in found[:_MOST_TABS]:
        yield Problem(
            path, number, at + 1, "", "a tab is here, and YAML has no use for tabs; write spaces instead"
        )


class _Open(Struct):
    """A list or mapping whose end has not been reached."""

    start: yaml.CollectionStartEvent
    nodes: list[Node] = field(default_factory=list)


class _Composer:
    """Builds the tree from the parser's events, on its own stack, which bounds the depth."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def compose(self, text: str) -> Node | None:
        """Return the first document of *text*, or None if it is incomplete."""
        try:
            return self._document(_events(text))
        except yaml.YAMLError as error:
            line, column, what = advice(error)
            if not any(problem.line == line for problem in self.problems):
                self._problem(line, column, what)
        except (ValueError, OverflowError):
            self._problem(
                1, 1, "an escape or a directive in this file is out of range; write plain characters"
            )
        return None

    def _problem(self, line: int, column: int, what: str) -> None:
        self.problems.append(Problem(self.path, line, column, "", what))

    def _document(self, events: Iterator[yaml.Event]) -> Node | None:
        stack: list[_Open] = []
        root: Node | None = None
        for event in events:
            line, column = _start(event)
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._problem(
                    line, column, "a second document begins here; a script is one: take out this ---"
                )
                break
            if isinstance(event, yaml.CollectionStartEvent):
                self._refuse(event, line, column)
                stack.append(_Open(event))
                if len(stack) > MOST_DEPTH:
                    self._problem(line, column, f"this is {_TOO_DEEP}")
                    return None
                continue
            node = self._node(event, stack, line, column)
            if node is None:
                continue
            if stack:
                stack[-1].nodes.append(node)
            else:
                root = node
        if root is None or (isinstance(root, Scalar) and root.empty and not self.problems):
            self._problem(1, 1, "the file is empty; a script begins with voiceguide: 1")
            return None
        return root

    def _node(self, event: yaml.Event, stack: list[_Open], line: int, column: int) -> Node | None:
        """Return the node that *event* completes, if any."""
        if isinstance(event, yaml.ScalarEvent):
            refused = self._refuse(event, line, column)
            return Scalar(event.value, line, column, plain=not event.style, broken=refused)
        if isinstance(event, yaml.AliasEvent):
            what = f"*{event.anchor} is read as a YAML alias, which a script may not use"
            self._problem(line, column, f"{what}; text that begins with * needs quotes")
            return Scalar("", line, column, broken=True)
        if isinstance(event, yaml.CollectionEndEvent):
            done = stack.pop()
            place = *_start(done.start), bool(done.start.flow_style)
            if isinstance(done.start, yaml.SequenceStartEvent):
                return Items(tuple(done.nodes), *place)
            return Pairs(tuple(self._pairs(done.nodes)), *place)
        return None

    def _pairs(self, nodes: list[Node]) -> Iterator[tuple[Scalar, Node]]:
        """Yield *nodes*, which alternate, as keys and values; refuse duplicate and non-text keys."""
        seen: dict[str, int] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                what = "a key has to be a word; text that begins with { or [ needs quotes"
                self._problem(key.line, key.column, what)
            elif key.text in seen:
                what = f'"{key.text}" is written twice here, first in line {seen[key.text]}; keep one'
                self._problem(key.line, key.column, what)
            elif not key.broken:
                seen[key.text] = key.line
                yield key, value

    def _refuse(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int, column: int) -> bool:
        """Note anchors and tags; return whether there was any."""
        if event.anchor is not None:
            what = f"&{event.anchor} is read as a YAML anchor, which a script may not use"
            self._problem(line, column, f"{what}; text that begins with & needs quotes")
        elif event.tag is not None and event.tag not in _PLAIN_TAGS:
            what = f"{_tag(event.tag)} is read as a YAML tag, which a script may not use"
            self._problem(line, column, f"{what}; text that begins with ! needs quotes")
        else:
            return False
        return True


def _start(event: yaml.Event) -> tuple[int, int]:
    """Return the line and column where *event* begins, counted from 1."""
    return (event.start_mark.line + 1, event.start_mark.column + 1) if event.start_mark else (1, 1)


def _tag(tag: str) -> str:
    """Return *tag* as it was most likely written."""
    return "!!" + tag.removeprefix("tag:yaml.org,2002:") if tag.startswith("tag:yaml.org,2002:") else tag


class _Shallow(yaml.SafeLoader):
    """The Python parser, stopped at the first bracket nested too deep: deep brackets make it slow."""

    def fetch_flow_collection_start(self, TokenClass: type[yaml.Token]) -> None:
        if self.flow_level >= MOST_DEPTH:
            raise yaml.MarkedYAMLError(problem=f"it is {_TOO_DEEP}", problem_mark=self.get_mark())
        super().fetch_flow_collection_start(TokenClass)


def _events(text: str) -> Iterator[yaml.Event]:
    """Yield the events of *text*.

    The C parser is ten times as fast. If it refuses the text, the Python parser is asked why, since its
    messages say more and are the same everywhere.
    """
    if not hasattr(yaml, "CSafeLoader"):
        yield from yaml.parse(text, Loader=_Shallow)
        return
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        for _ in yaml.parse(text, Loader=_Shallow):
            pass
        raise
