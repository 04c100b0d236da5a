"""Filling in placeholders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.script.fill import PLACEHOLDER, fill, plain

WORDS = st.text(st.characters(exclude_characters="{}|", exclude_categories=["Cs"]), max_size=30)
NAMES = st.sampled_from(["name", "eyes", "length", "place"])


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello, {name}.", "Hello, Ana."),
        ("Hello, {name|friend}.", "Hello, Ana."),
        ("Hello, {nobody|friend}.", "Hello, friend."),
        ("Hello, {nobody}.", "Hello."),
        ("Hello {nobody}.", "Hello."),
        ("{nobody}, you can stop.", "You can stop."),
        ("Good. {nobody}, you can stop.", "Good. You can stop."),
        ("{nobody} you can stop.", "You can stop."),
        ("{nobody}, {name}, hello.", "Ana, hello."),
        ("Well, {name}, {nobody}, and {name}.", "Well, Ana, and Ana."),
        ("{nobody}", ""),
    ],
)
def test_a_placeholder_is_filled_or_goes_with_its_comma(text: str, filled: str) -> None:
    """A placeholder takes its value, else its default, else it goes with the comma or space beside it."""
    assert fill(text, {"name": "Ana"}) == filled


@given(WORDS, st.dictionaries(NAMES, WORDS))
def test_text_without_braces_stays(text: str, values: dict[str, str]) -> None:
    """Text without placeholders is left as it is."""
    assert fill(text, values) == text


@given(WORDS, NAMES, WORDS, st.text(min_size=1, max_size=20))
def test_a_value_is_put_in_as_it_is(before: str, name: str, after: str, value: str) -> None:
    """A value is put in once and as it is, braces and all."""
    assert fill(f"{before}{{{name}}}{after}", {name: value}) == f"{before}{value}{after}"


@given(st.text("{}|ab, .", max_size=40), st.dictionaries(st.sampled_from(["a", "b"]), st.just("x")))
def test_no_placeholder_is_left(text: str, values: dict[str, str]) -> None:
    """Whatever was written around them, no whole placeholder survives and nothing is raised."""
    first = sum(1 for _ in PLACEHOLDER.finditer(text))
    assert fill(text, values).count("{") == text.count("{") - first


@given(st.text())
def test_plain_text_has_no_marks(text: str) -> None:
    """Captions show the words of a line without the marks that lean on them."""
    assert "*" not in plain(text)
    assert plain("Just *this* one.") == "Just this one."
