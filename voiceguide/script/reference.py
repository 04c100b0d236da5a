"""The table of the script format as the reference page shows it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, assert_never

from voiceguide.script import kinds, spec
from voiceguide.script.kinds import Kind
from voiceguide.script.shapes import ConditionShape, Field, Group, ListOf, MapOf, Shape, StepKind, StepShape

BEGIN: Final = "<!-- made from the table: begin -->"
END: Final = "<!-- made from the table: end -->"

_KINDS: Final = (
    kinds.DURATION,
    kinds.LENGTH,
    kinds.REST,
    kinds.LEVEL,
    kinds.PACE,
    kinds.LINE,
    kinds.TITLE,
    kinds.TEXT,
    kinds.VALUE,
    kinds.NAME,
    kinds.WORD,
    kinds.OPTION,
    kinds.VOICE,
    kinds.LANGUAGE,
    kinds.BLOCK,
    kinds.FILE,
)


def reference() -> str:
    """Return the tables of steps, fields, the top of a file and kinds of values, as Markdown."""
    parts = [
        "### Steps",
        table(("step", "what it does", "what stands after it"), map(_step_row, spec.STEPS)),
        "Any step can also have `if:`, with options and their values, or tests of the session's length.",
        *(part for kind in spec.STEPS for part in _fields_of(kind)),
        "#### A rung of a ladder",
        _fields(spec.RUNG.fields),
        "### The top of a script",
        _fields(spec.SCRIPT.fields),
        *_top_groups(),
        "### The top of a block",
        _fields(spec.BLOCK.fields),
        "### Kinds of values",
        table(("kind", "what it is"), ((kind.name, kind.about) for kind in _KINDS)),
    ]
    return "\n\n".join(parts) + "\n"


def refresh(page: str, made: str) -> str:
    """Return *page* with *made* between the marks.

    Raises:
        ValueError: if the marks are not in it.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has to hold the lines {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{made}\n{END}{after}"


def _step_row(kind: StepKind) -> tuple[str, str, str]:
    return f"`{kind.name}:`", kind.about, _shape(kind.shape)


def _fields_of(kind: StepKind) -> Iterator[str]:
    """Yield a heading, an example, and a table of the fields of a step where it has any."""
    yield f"#### `{kind.name}:`"
    first, *rest = kind.example.splitlines()
    yield "\n".join(["```yaml", f"- {first}", *(f"  {line}" for line in rest), "```"])
    if isinstance(kind.shape, Group):
        yield _fields(kind.shape.fields)
    if kind.beside:
        yield f"Beside `{kind.name}:`, in the same step:"
        yield _fields(kind.beside)


def _top_groups() -> Iterator[str]:
    """Yield a heading and a table for each field of a script that has fields of its own."""
    for row in spec.SCRIPT.fields:
        if isinstance(row.shape, Group):
            yield f"#### `{row.name}:`"
            yield _fields(row.shape.fields)


def _fields(rows: tuple[Field, ...]) -> str:
    return table(
        ("key", "value", "unless given", "meaning"),
        ((f"`{row.name}`", _shape(row.shape), _default(row), row.about) for row in rows),
    )


def _default(row: Field) -> str:
    if row.needed:
        return "needed"
    return f"`{row.default}`" if row.default else ""


def _shape(shape: Shape) -> str:
    """Return a *shape* in a few words."""
    match shape:
        case Kind(name="choice"):
            return ", ".join(f"`{word}`" for word in shape.write.replace(" or ", ", ").split(", "))
        case Kind(name="whole number"):
            return shape.write
        case Kind():
            return shape.name
        case Group(short=Field(shape=short)):
            return f"{_shape(short)}, or keys: `{shape.example}`"
        case Group():
            return f"keys: `{shape.example}`"
        case ListOf() if isinstance(shape.of, ListOf):
            return "list of lists of steps"
        case ListOf():
            return "list of steps" if shape is spec.STEPS_SHAPE else f"list: `{shape.example}`"
        case MapOf() | ConditionShape():
            return f"names and values: `{shape.example}`"
        case StepShape():
            return "step"
        case _:
            assert_never(shape)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table as Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        page = Path(name)
        page.write_text(refresh(page.read_text(encoding="utf-8"), reference()), encoding="utf-8")
