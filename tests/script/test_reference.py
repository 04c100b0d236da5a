"""The reference page and the JSON Schema say what the parser does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.script.folder import BLOCK, put, sound, with_steps
from voiceguide.files import folders
from voiceguide.script import shapes, spec
from voiceguide.script.check import check
from voiceguide.script.kinds import Kind
from voiceguide.script.reference import reference, refresh

PAGE = Path(__file__).parents[2] / "docs" / "script-format.md"
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_page_is_up_to_date() -> None:
    """The tables on the page are those that python -m voiceguide.script.reference makes."""
    page = PAGE.read_text(encoding="utf-8")
    assert refresh(page, reference()) == page


def test_a_page_without_marks_is_refused() -> None:
    """A page that lost its marks is not written over."""
    with pytest.raises(ValueError, match="has to hold the lines"):
        refresh("# A page", reference())


@pytest.mark.parametrize("kind", spec.STEPS, ids=lambda kind: kind.name)
def test_every_step_kind_has_its_row(kind: shapes.StepKind) -> None:
    """Each kind of step has a row, a heading and its fields on the page."""
    text = reference()
    assert f"| `{kind.name}:` |" in text
    assert f"#### `{kind.name}:`" in text
    fields = [*kind.beside, *(kind.shape.fields if isinstance(kind.shape, shapes.Group) else ())]
    assert all(f"| `{row.name}` |" in text for row in fields)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_on_the_page_is_right(tmp_path: Path, example: str) -> None:
    """Every piece of YAML on the page loads: whole scripts, blocks, and steps put into a script."""
    sound(tmp_path, "sounds/birds.flac")
    for name in ("opening", "closing", "ground-now"):
        put(tmp_path, BLOCK, f"blocks/{name}")
    whole = example if example.startswith("voiceguide:") else with_steps(example)
    path = put(tmp_path, whole, "script" if "length:" in whole else "blocks/example")
    assert [str(problem) for problem in check(path)] == []


def test_every_default_in_the_table_can_be_read(tmp_path: Path) -> None:
    """What the table gives as a default is a value the parser takes."""

    def rows(group: shapes.Group) -> list[shapes.Field]:
        inner = [
            field for row in group.fields if isinstance(row.shape, shapes.Group) for field in rows(row.shape)
        ]
        return [*group.fields, *inner]

    groups = [spec.SCRIPT, spec.BLOCK, spec.RUNG, *(spec.whole_step(kind) for kind in spec.STEPS)]
    defaults = [row for group in groups for row in rows(group) if row.default]
    assert defaults
    for row in defaults:
        shape = (
            row.shape.short.shape if isinstance(row.shape, shapes.Group) and row.shape.short else row.shape
        )
        assert isinstance(shape, Kind)
        assert shape.read(row.default) is not None
        assert not row.needed


def test_shipped_folder_is_found() -> None:
    """The scripts that ship are where the page says blocks are looked for."""
    assert (folders.shipped("scripts") / "blocks" / "opening.yaml").is_file()
