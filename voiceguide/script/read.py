"""Reads nodes by the table in `spec`; a problem is noted and reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, assert_never

from msgspec import Struct

from voiceguide.audio import Frames
from voiceguide.script import kinds, spec
from voiceguide.script.durations import duration
from voiceguide.script.given import Given
from voiceguide.script.kinds import Kind
from voiceguide.script.model import COMPARE, Condition, Step, Where
from voiceguide.script.report import Report, nearest, short
from voiceguide.script.shapes import ConditionShape, Field, Group, ListOf, MapOf, Shape, StepKind, StepShape
from voiceguide.script.source import Items, Node, Pairs, Scalar
from voiceguide.script.synonyms import meant

MOST_NESTED: Final = 24
"""The deepest nesting of steps, across files."""

MOST_READ: Final = 10 * spec.MOST_STEPS
"""The most steps read in one script and its files, whether or not they occur in a session."""


class _Wrong(Exception):
    """The value of *node* cannot be read; *what* says why."""

    def __init__(self, node: Node, at: str, what: str) -> None:
        super().__init__(what)
        self.node = node
        self.at = at


class TooMuch(Exception):
    """Reading has to stop: blocks that use blocks many times over multiply without end."""


class Hooks(Struct, frozen=True):
    """Callbacks of a `Reader` into code that knows the context of the file."""

    step: Callable[[StepKind, Given, Condition | None, int], Step | None]
    """Makes a step; the number is its depth of nesting."""

    filled: Callable[[Where, str], None]
    """Checks the placeholders of a text."""

    option: Callable[[Where, str, Sequence[tuple[Where, str]]], None]
    """Checks an option that a condition names, and the values given for it."""


class Reader:
    """Reads the nodes of the file called *path* into values; None for one with a problem, which is noted."""

    def __init__(self, path: str, report: Report, hooks: Hooks, nested: int = 0) -> None:
        self._path = path
        self._report = report
        self._hooks = hooks
        self._nested = nested

    def value(self, shape: Shape, node: Node, at: str) -> object | None:
        """Return the value of *node*, which is in the field *at*."""
        if isinstance(node, Scalar) and node.broken:
            return None
        try:
            return self._value(shape, node, at)
        except _Wrong as wrong:
            self._note(wrong.node, wrong.at, str(wrong))
            return None

    def _value(self, shape: Shape, node: Node, at: str) -> object | None:
        match shape:
            case Kind():
                return self._scalar(shape, node, at)
            case Group():
                return self._group(shape, node, at)
            case ListOf():
                return self._list(shape, node, at)
            case MapOf():
                return self._map(shape, node, at)
            case ConditionShape():
                return self._condition(node, at)
            case StepShape():
                return self._step(node, at)
            case _:
                assert_never(shape)

    def _group(self, group: Group, node: Node, at: str) -> Given | None:
        """Return the fields of *node*."""
        given = Given(self._where(node, at))
        if isinstance(node, Scalar) and group.short:
            fine = self._field(group.short, node, at, given)
            for row in group.fields:
                if row.name != group.short.name and row.default:
                    self._default(row, given)
            return given if fine else None
        if not isinstance(node, Pairs):
            names = ", ".join(row.name for row in group.fields)
            raise _Wrong(node, at, f"keys are needed here, of {names}; write {group.example}")
        known = {row.name: row for row in group.fields}
        fine = True
        for key, inner in node.pairs:
            place = f"{at}.{key.text}" if at else key.text
            if key.text in known:
                fine &= self._field(known[key.text], inner, place, given)
            else:
                fine = False
                self._note(key, place, _unknown(key, inner, list(known), flow=node.flow))
        return given if self._complete(group, node, at, given) and fine else None

    def _complete(self, group: Group, node: Pairs, at: str, given: Given) -> bool:
        """Put in defaults; return whether no needed field is missing."""
        fine = True
        for row in group.fields:
            if node.key(row.name):
                continue
            if row.needed:
                fine = False
                what = f'"{row.name}" is missing; write {row.name}: {_example(row.shape)}'
                self._note(node, f"{at}.{row.name}" if at else row.name, what)
            elif row.default:
                self._default(row, given)
        there = [name for name in group.either if node.key(name)]
        if group.either and len(there) != 1:
            fine = False
            names = f"either {' or '.join(group.either)}"
            what = (
                f"{names} is missing; write one" if not there else f"{names} can be given, not both; keep one"
            )
            self._note(node, at, what)
        return fine

    def _field(self, row: Field, node: Node, at: str, given: Given) -> bool:
        """Read one field into *given*; return whether it is valid."""
        given.nodes[row.name] = node
        value = self.value(row.shape, node, at)
        if value is None:
            return False
        given.values[row.name] = value
        return True

    def _default(self, row: Field, given: Given) -> None:
        """Read a default as if the author had written it."""
        node = Scalar(row.default, given.where.line, given.where.column)
        given.values[row.name] = self.value(row.shape, node, row.name)

    def _scalar(self, kind: Kind, node: Node, at: str) -> object | None:
        if not isinstance(node, Scalar):
            found = "a list" if isinstance(node, Items) else "keys and values"
            what = f"{kind.what} is needed here, not {found}; write {kind.write}"
            quotes = ", and quotes around text that begins with [ or {" if kind.fills and node.flow else ""
            raise _Wrong(node, at, what + quotes)
        if node.empty:
            quotes = ", in quotes if it begins with #" if kind.fills else ""
            raise _Wrong(node, at, f"nothing is written here; write {kind.write}{quotes}")
        text = node.text.strip()
        try:
            value = kind.read(text)
        except ValueError as error:
            usual = f'"{short(text)}" is not {kind.what}; write {kind.write}'
            raise _Wrong(node, at, str(error) or usual) from None
        if kind.fills:
            self._hooks.filled(self._where(node, at), text)
        return value

    def _list(self, shape: ListOf, node: Node, at: str) -> tuple[object, ...] | None:
        if not isinstance(node, Items):
            raise _Wrong(node, at, f"a list is needed here; write {shape.example}")
        if len(node.nodes) < shape.least:
            count = "one" if shape.least == 1 else "two"
            raise _Wrong(node, at, f"the list needs at least {count}; write {shape.example}")
        values = [self.value(shape.of, item, f"{at}[{index}]") for index, item in enumerate(node.nodes)]
        return None if any(value is None for value in values) else tuple(values)

    def _map(self, shape: MapOf, node: Node, at: str) -> dict[str, object] | None:
        if not isinstance(node, Pairs):
            raise _Wrong(node, at, f"names with values are needed here; write {shape.example}")
        values: dict[str, object] = {}
        for key, inner in node.pairs:
            place = f"{at}.{key.text}"
            named = self.value(kinds.WORD, key, place)
            blank = shape.blank and isinstance(inner, Scalar) and inner.empty
            value = "" if blank else self.value(shape.of, inner, place)
            if named is not None and value is not None:
                values[key.text] = value
        return values if len(values) == len(node.pairs) else None

    def _condition(self, node: Node, at: str) -> Condition | None:
        if not isinstance(node, Pairs) or not node.pairs:
            raise _Wrong(node, at, f"options and values are needed here; write {spec.CONDITION.example}")
        options: list[tuple[str, tuple[str, ...]]] = []
        length: list[tuple[str, Frames]] = []
        for key, inner in node.pairs:
            place = f"{at}.{key.text}"
            items = inner.nodes if isinstance(inner, Items) else (inner,)
            found = [(self._where(item, place), self.value(kinds.TEXT, item, place)) for item in items]
            texts = [(where, text) for where, text in found if isinstance(text, str)]
            if not items:
                self._note(inner, place, "no value is named here; write at least one")
            elif key.text == "length":
                length += [bound for where, text in texts if (bound := self._bound(where, text))]
            else:
                self._hooks.option(self._where(key, place), key.text, texts)
                options.append((key.text, tuple(text for _, text in texts)))
        return Condition(tuple(options), _strictest(length))

    def _bound(self, where: Where, text: str) -> tuple[str, Frames] | None:
        """Return a test of the length such as ``>=10m``."""
        sign = next((sign for sign in COMPARE if text.startswith(sign)), None)
        try:
            if sign is None:
                raise ValueError(f'"{short(text)}" is not a test of the length; write ">=10m" or "<5m"')
            return sign, duration(text.removeprefix(sign).strip())
        except ValueError as error:
            self._report.add(where, str(error))
            return None

    def _step(self, node: Node, at: str) -> Step | None:
        self._report.steps_read += 1
        if self._report.steps_read > MOST_READ:
            self._note(node, at, f"more than {MOST_READ:,} steps are written up to here; use fewer blocks")
            raise TooMuch
        if self._nested >= MOST_NESTED:
            raise _Wrong(node, at, f"steps are nested more than {MOST_NESTED} deep here; write flatter")
        if not isinstance(node, Pairs):
            raise _Wrong(node, at, "a step is a key and a value; write say: and the words")
        found = [kind for key, _ in node.pairs if (kind := spec.step_kind(key.text))]
        if len(found) != 1:
            kind_keys = [key for key, _ in node.pairs if spec.step_kind(key.text)]
            first = node.pairs[0][0] if node.pairs else node
            raise _Wrong(kind_keys[1] if found else first, at, _not_one_step(node, found))
        return self._one_step(found[0], node, at)

    def _one_step(self, kind: StepKind, node: Pairs, at: str) -> Step | None:
        self._nested += 1
        given = self.value(spec.whole_step(kind), node, at)
        step = None
        if isinstance(given, Given):
            step = self._hooks.step(kind, given, given.get("if", Condition), self._nested)
        self._nested -= 1
        return step

    def _where(self, node: Node, at: str) -> Where:
        return Where(self._path, node.line, node.column, at)

    def _note(self, node: Node, at: str, what: str) -> None:
        self._report.add(self._where(node, at), what)


def _strictest(tests: list[tuple[str, Frames]]) -> tuple[tuple[str, Frames], ...]:
    """Return *tests* of the length without those implied by another of the same sign."""
    found: dict[str, Frames] = {}
    for sign, bound in tests:
        strict = max if sign.startswith(">") else min
        found[sign] = strict(found.get(sign, bound), bound)
    return tuple(found.items())


def _example(shape: Shape) -> str:
    """Return what to write for a *shape*."""
    return shape.write if isinstance(shape, Kind) else getattr(shape, "example", "[{say: Hello.}]")


def _unknown(key: Scalar, value: Node, known: list[str], *, flow: bool) -> str:
    """Return the sentence for a key that the table does not have."""
    if flow and isinstance(value, Scalar) and value.empty and not nearest(key.text, known):
        said = f'"{short(key.text)}" is read as a key of its own'
        return said + '; inside braces, text with commas needs quotes, as in {say: "a, b"}'
    return f'"{short(key.text)}" is not a key that is known here{meant(key.text, known)}'


def _not_one_step(node: Pairs, found: list[StepKind]) -> str:
    """Return the sentence for a step with no known key or with several."""
    names = [kind.name for kind in spec.STEPS]
    if found:
        both = " and ".join(kind.name for kind in found)
        return f"{both} are steps of their own; begin each on a new line with a dash"
    keys = [key.text for key, _ in node.pairs]
    first = f'"{short(keys[0])}"' if keys else "this"
    hints = (hint for key in keys if "did you mean" in (hint := meant(key, names)))
    return f"{first} is no kind of step" + next(hints, f"; a step is one of {', '.join(names)}")
