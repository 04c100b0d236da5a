"""The form of a file, before what it means."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.script.folder import only, put, refused, with_steps
from voiceguide.script import source
from voiceguide.script.source import Node, Pairs, Scalar


def node(text: str) -> Node:
    """Return the tree of *text*, which has no problems."""
    tree, problems = source.read(text.encode(), "x.yaml")
    assert tree is not None
    assert not problems
    return tree


def test_a_node_knows_its_place() -> None:
    """Every value has its line and column, counted from 1, whatever alphabet comes before it."""
    tree = node("title: ž\nlist: [ñandú, b]\n")
    assert isinstance(tree, Pairs)
    value = tree.get("list")
    assert isinstance(value, source.Items)
    assert [(item.line, item.column) for item in value.nodes] == [(2, 8), (2, 15)]


@pytest.mark.parametrize(
    "text", ["on", "off", "yes", "no", "12:30", "1_000", "0x10", "2026-11-22", "null", "1e3"]
)
def test_values_stay_as_written(text: str) -> None:
    """No value is resolved: what YAML 1.1 takes for a boolean, a time or a date stays text."""
    assert node(text) == Scalar(text, 1, 1)


@pytest.mark.parametrize(
    ("text", "empty"), [("a:", True), ("a: ~", True), ('a: "~"', False), ('a: " "', True)]
)
def test_nothing_is_told_from_something(text: str, empty: bool) -> None:
    """A missing value and an unquoted tilde are nothing."""
    tree = node(text)
    assert isinstance(tree, Pairs)
    value = tree.get("a")
    assert isinstance(value, Scalar)
    assert value.empty is empty


FORMS = [
    pytest.param(b"voiceguide: 1\n\ttitle: x\n", 2, 1, "spaces instead", id="tab for indent"),
    pytest.param(b"voiceguide: 1\ntitle:\tx\n", 2, 7, "spaces instead", id="tab before a value"),
    pytest.param(b"voiceguide: 1\nvoiceguide: 1\n", 2, 1, "written twice", id="duplicate key"),
    pytest.param(b"a: &x 1\n", 1, 4, "anchor", id="anchor"),
    pytest.param(b"a: *x\n", 1, 4, "alias", id="alias"),
    pytest.param(b"a: !mine x\n", 1, 4, "tag", id="tag"),
    pytest.param(b"a: !!python/object/apply:os.system [ls]\n", 1, 4, "tag", id="python tag"),
    pytest.param(b"a: !!binary aGk=\n", 1, 4, "tag", id="binary tag"),
    pytest.param(b"? [a]\n: b\n", 1, 3, "key has to be a word", id="a list as key"),
    pytest.param(b"a: 1\n---\nb: 2\n", 2, 1, "take out this ---", id="two documents"),
    pytest.param(b"", 1, 1, "empty", id="empty"),
    pytest.param(b"# only a comment\n", 1, 1, "empty", id="comment only"),
    pytest.param(b"---\n", 1, 1, "empty", id="empty document"),
    pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0", 3, 1, "not a text file", id="binary"),
    pytest.param(b"title: caf\xe9\n", 1, 11, "UTF-8", id="Latin-1"),
    pytest.param("title: x\n".encode("utf-16-le"), 1, 2, "not a text file", id="UTF-16"),
    pytest.param(b"title: a\x07b\n", 1, 9, "control character", id="bell character"),
    pytest.param(b"[" * 100, 1, 41, "nested more than 40 deep", id="deep lists"),
    pytest.param(b"[" * 5000, 1, 41, "nested more than 40 deep", id="very deep lists"),
    pytest.param(b"a: " + b"{[" * 5000 + b"]}" * 5000, 1, 44, "40 deep", id="very deep, and closed"),
    pytest.param(b"{a: " * 100_0 + b"\n", 1, 161, "nested more than 40 deep", id="deep mappings"),
    pytest.param(b"\n".join(b" " * n + b"a:" for n in range(300)), 41, 41, "40 deep", id="deep lines"),
    pytest.param(b"a" * (256 * 1024 + 1), 1, 1, "256 KiB", id="too large"),
    pytest.param(b'a: "\\ud800"\n', 1, 7, "cannot be read", id="surrogate"),
    pytest.param(b'a: "\\U99999999"\n', 1, 1, "out of range", id="escape out of range"),
    pytest.param(b"%YAML 9.9\n---\na: 1\n", 1, 1, "%YAML", id="another YAML"),
    pytest.param(b'a: "b\n', 2, 1, "not closed", id="open quote"),
    pytest.param(b"a:\n  b: 1\n c: 2\n", 3, 2, "line up", id="indent"),
    pytest.param(b"a: {b: c\n", 2, 1, "inside braces", id="open brace"),
]


@pytest.mark.parametrize(("data", "line", "column", "what"), FORMS)
def test_a_broken_form_is_refused_where_it_breaks(data: bytes, line: int, column: int, what: str) -> None:
    """Each way of breaking YAML, or of asking too much of it, is told at its place."""
    _, problems = source.read(data, "x.yaml")
    assert len(problems) == 1
    problem = problems[0]
    assert (problem.path, problem.line, problem.column) == ("x.yaml", line, column)
    assert what in problem.what


SLIPS = [
    pytest.param("- {say: a, b}", 14, "inside braces, text with commas needs quotes", id="comma in braces"),
    pytest.param("- {say: [3s] hello}", 16, "inside braces, text with brackets", id="bracket in braces"),
    pytest.param("- {say: Note: this}", 15, "inside braces, text with brackets", id="colon in braces"),
    pytest.param("- say: Note: this", 14, "text with a colon", id="colon"),
    pytest.param("- say: [3s] hello", 15, "needs quotes around all of it", id="bracket first"),
    pytest.param("- say: [3s]", 10, "quotes around text that begins with [ or {", id="bracket only"),
    pytest.param("- say: {name}", 10, "quotes around text that begins with [ or {", id="brace first"),
    pytest.param("- say: *this* one", 15, "begins with * needs quotes", id="star first"),
    pytest.param("- say: 'It's fine'", 14, "needs quotes around all of it", id="quote inside quotes"),
    pytest.param("- say: @home", 10, "put quotes around it", id="at"),
    pytest.param("- say: # nothing", 9, "in quotes if it begins with #", id="hash"),
]


@pytest.mark.parametrize(("step", "column", "what"), SLIPS)
def test_a_slip_of_the_pen_is_explained(tmp_path: Path, step: str, column: int, what: str) -> None:
    """Text that YAML takes for something else is refused with the advice to quote it."""
    problem = only(put(tmp_path, with_steps(step)))
    assert (problem.line, problem.column) == (9, column)
    assert what in problem.what


def test_problems_of_form_do_not_hide_others(tmp_path: Path) -> None:
    """Where the tree can be built, a repeated key and a wrong value are told together."""
    problems = refused(put(tmp_path, with_steps("- say: Hello.\n  say: Again.\n- rest: 12 potatoes")))
    assert [(problem.line, problem.column) for problem in problems] == [(10, 5), (11, 11)]


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    """A file of 10 MB is refused by its size."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(10_000_000)
    assert "256 KiB" in only(path).what


def test_a_byte_order_mark_is_no_harm() -> None:
    """A file saved with a byte order mark, or with Windows' line ends, reads as any other."""
    assert source.read(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n", "x")[0] == source.read(b"a: 1\nb: 2\n", "x")[0]


@given(
    st.one_of(
        st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
    )
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Bytes of any kind give a tree or a problem, and never an exception."""
    tree, problems = source.read(data, "x.yaml")
    assert tree is not None or problems
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)


@given(st.text(alphabet="ab:-[]{}*&!|>'\"%@`,?# \n~", max_size=60))
def test_any_punctuation_is_read_or_refused(text: str) -> None:
    """What YAML gives a meaning to is read or refused in any order."""
    tree, problems = source.read(text.encode(), "x.yaml")
    assert tree is not None or problems
