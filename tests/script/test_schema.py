"""The JSON Schema of scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.script.folder import HEAD, with_steps
from voiceguide.files import folders
from voiceguide.script import shapes, spec
from voiceguide.script.schema import schema
from voiceguide.script.source import Items, Node, Scalar, read

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")


def as_json(node: Node) -> object:
    """Return *node* as an editor's YAML 1.2 core schema resolves it."""
    if isinstance(node, Items):
        return [as_json(item) for item in node.nodes]
    if not isinstance(node, Scalar):
        return {key.text: as_json(value) for key, value in node.pairs}
    if not node.plain:
        return node.text
    if node.empty:
        return None
    for number in (int, float):
        try:
            return number(node.text)
        except ValueError:
            continue
    return {"true": True, "false": False}.get(node.text, node.text)


def accepts(text: str) -> bool:
    """Return whether the schema takes the script *text*."""
    node, problems = read(text.encode(), "x.yaml")
    assert node is not None
    assert not problems
    return bool(jsonschema.Draft202012Validator(schema()).is_valid(as_json(node)))


def test_the_schema_is_one() -> None:
    """What is printed is JSON, and a schema by the rules of 2020-12."""
    jsonschema.Draft202012Validator.check_schema(json.loads(json.dumps(schema())))


def shipped() -> list[Path]:
    """Return the scripts that ship."""
    return [
        path
        for path in sorted(folders.shipped("scripts").glob("*.yaml"))
        if path.stem not in ("lexicon", "support")
    ]


@pytest.mark.parametrize("path", shipped(), ids=lambda path: path.stem)
def test_the_scripts_that_ship_are_taken(path: Path) -> None:
    """Every script that ships is valid by the schema."""
    assert accepts(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", spec.STEPS, ids=lambda kind: kind.name)
def test_the_example_of_each_step_kind_is_taken(kind: shapes.StepKind) -> None:
    """What the table shows as an example of a step is valid by the schema."""
    first, *rest = kind.example.splitlines()
    assert accepts(with_steps("\n".join([f"- {first}", *(f"  {line}" for line in rest)])))


WRONG = [
    "- rest: 12 potatoes",
    "- rest: 12",
    "- rest: -3s",
    "- rest: .nan",
    "- rest: {least: 5s}",
    "- rest: {about: 5s, weight: 0}",
    "- say:",
    '- say: ""',
    "- say: [a]",
    "- say: Hi.\n  pace: fast",
    "- say: Hi.\n  pace: 300",
    "- say: Hi.\n  level: 3",
    "- say: Hi.\n  rest: 3s",
    "- sya: Hi.",
    "- Hello.",
    "- {}",
    "- breathe: {in: 4s, out: 6s}",
    "- breathe: {in: 4s, out: 6s, rounds: 2, for: 3m}",
    "- breathe: {in: 4s, out: 6s, rounds: 2, guide: hum}",
    "- count: {from: 5}",
    "- count: {from: 5, to: -1}",
    "- count: {from: 5, to: 1.5}",
    "- bell: gong",
    "- ambience: Soft Rain",
    "- section: Feet",
    "- section: Feet\n  steps: []",
    "- repeat: {times: 0, steps: [{say: Hi.}]}",
    "- one of: [[{say: Hi.}]]",
    "- check in: now",
    "- say: Hi.\n  if: eyes",
    "- say: Hi.\n  if: {length: 5m}",
    "- say: Hi.\n  if: {eyes: []}",
    "- use: ../secret",
    "- use: /etc/passwd",
    "- ladder: {rungs: [], ground: blocks/ground-now}",
]


@pytest.mark.parametrize("steps", WRONG)
def test_a_wrong_step_is_refused_by_the_schema_too(steps: str) -> None:
    """What the parser refuses for its form, an editor refuses while it is typed."""
    assert accepts(HEAD)
    assert not accepts(with_steps(steps))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("voiceguide: 1", "voiceguide: 2"),
        ("title: A test", "titel: A test"),
        ("length: {default: 5m, least: 1m, most: 1h}", "length: soon"),
        ("length: {default: 5m, least: 1m, most: 1h}", "length: {least: 1m}"),
        ("[open, closed]", "[]"),
        ("[breath holds]", "breath holds"),
    ],
)
def test_a_wrong_top_is_refused_by_the_schema_too(before: str, after: str) -> None:
    """The top of a script is checked by the schema as its steps are."""
    assert not accepts(HEAD.replace(before, after))
