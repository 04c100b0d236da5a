from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from voiceguide.audio import frames
from voiceguide.export.cover import EMBEDDED_SIZE, FEED_SIZE, cover, length_words, plain


def test_same_words_give_the_same_bytes() -> None:
    """A cover is a function of its words."""
    assert cover("Feet", "grounding-chair", frames(180)) == cover("Feet", "grounding-chair", frames(180))


@pytest.mark.parametrize(("size", "most"), [(EMBEDDED_SIZE, 80_000), (FEED_SIZE, 200_000)])
def test_size(size: int, most: int) -> None:
    """A cover is a square JPEG of the size asked for, and small enough to embed."""
    data = cover("The body, part by part, slowly", "body-scan", frames(600), size)
    assert len(data) < most
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (size, size))


def test_techniques_differ() -> None:
    """Techniques of one kind have different drawings, and of different kinds other colours."""
    same = [
        cover("Feet", name, frames(180), 200)
        for name in ("grounding-chair", "safe-place", "wind-down", "mine")
    ]
    assert len(set(same)) == 4


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=200))
def test_words_stay_inside(title: str) -> None:
    """However long the title, its edges of the page stay empty."""
    with Image.open(BytesIO(cover(title, "body-scan", frames(60), 150))) as image:
        pixels = np.asarray(image).astype(int)
    paper = np.array([28, 25, 23])
    edges = np.concatenate([pixels[:, :8].reshape(-1, 3), pixels[:, -8:].reshape(-1, 3)])
    assert np.abs(edges - paper).max() < 16


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(60, "1 minute"), (600, "10 minutes"), (433, "7:13"), (28_800, "8 hours"), (0, "0:00")],
)
def test_lengths(seconds: float, words: str) -> None:
    """Whole minutes and hours are said so, others as a clock shows them."""
    assert length_words(frames(seconds)) == words


@pytest.mark.parametrize(
    ("title", "shown"), [("Café – ‘oui’", "Cafe - 'oui'"), ("静かに", ""), ("Straße", "Strasse"), ("", "")]
)
def test_letters_of_the_type(title: str, shown: str) -> None:
    """A title is shown in letters that the type has, or not at all."""
    assert plain(title) == shown
