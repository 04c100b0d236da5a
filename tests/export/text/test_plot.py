"""The picture of the timeline."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import product
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from tests.export.text.sessions import NASTY, calm, chapter, end, rest, sessions, speech, tone
from voiceguide.audio import Frames, frames
from voiceguide.export.text import draw
from voiceguide.export.text.plot import svg
from voiceguide.plan.items import BedCue, Cue, RestCue, SpeechCue

_SVG = "{http://www.w3.org/2000/svg}"


def _parse(text: str) -> ElementTree.Element:
    root = ElementTree.fromstring(text)
    assert root.tag == f"{_SVG}svg"
    return root


def _tips(text: str) -> list[str]:
    """Return what is shown when marks are pointed at, without the document's own title."""
    return [title.text or "" for title in _parse(text).iter(f"{_SVG}title")][1:]


def _texts(text: str) -> list[str]:
    return [label.text or "" for label in _parse(text).iter(f"{_SVG}text")]


def _luminance(colour: str) -> float:
    """Return the relative luminance as WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_it_has_a_role_a_title_and_a_description() -> None:
    """A screen reader is told that it is one picture, its title, and what it shows in words."""
    root = _parse(svg(calm(), title="Calm & *quiet*", ident="one"))
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert root.get("aria-labelledby") == "one-title one-desc"
    assert named["one-title"] == "Calm & quiet"
    assert (named["one-desc"] or "").startswith("Timeline of 1:00, 12% speech, ")
    assert "0:22 Breath" in (named["one-desc"] or "")


def test_every_mark_says_what_it_is() -> None:
    """Speech shows its words, a rest its given and written length, a breath its kind, a bell its sound."""
    tips = _tips(svg(calm(), title="Calm", bed_level=lambda at: -20.0))
    assert "0:07 (3 s) Both of them, on the floor." in tips
    assert "0:04 rest of 3 s, exact" in tips
    assert "0:10 rest of 12 s, written about 10 s" in tips
    assert "0:26 out for 6 s" in tips
    assert "0:44 bell: bowl" in tips
    assert "0:00 bed: soft-rain at -20 dB, over 2 s" in tips


def test_exact_and_flexible_rests_look_different() -> None:
    """A flexible rest is dotted, an exact one is not."""
    dotted = 'stroke-dasharray="'
    assert dotted not in svg((speech(0, 1, "a"), rest(1, 5), end(6)), title="x")
    assert dotted in svg((speech(0, 1, "a"), rest(1, 5, about=4), end(6)), title="x")


def test_the_legend_has_what_is_in_the_picture() -> None:
    """The legend names the marks that are shown and no others."""
    texts = _texts(svg((speech(0, 1, "Hi."), rest(1, 5), end(6)), title="x"))
    assert texts[-2:] == ["speech", "exact rest"]


@pytest.mark.parametrize(
    ("minutes", "ticks", "last"),
    [(1, 13, "1:00"), (10, 65, "10:00"), (60, 132, "1:00:00"), (480, 108, "8:00:00")],
)
def test_the_axis_is_readable_at_any_length(minutes: int, ticks: int, last: str) -> None:
    """From a minute to eight hours there are at most twelve rows, each with six to twelve steps of time."""
    clocks = [text for text in _texts(svg((end(minutes * 60),), title="x")) if re.fullmatch(r"[\d:]+", text)]
    assert clocks[0] == "0:00"
    assert clocks[-1] == last
    assert len(clocks) == ticks


def test_the_bed_is_drawn_from_a_function_or_from_points() -> None:
    """A level that points describe is the same curve as the function that they are taken from."""
    points = [(frames(0), -20.0), (frames(30), -30.0), (frames(60), -20.0)]

    def level(at: Frames) -> float:
        return -20.0 - 10.0 * (1 - abs(at - frames(30)) / frames(30))

    assert svg(calm(), title="x", bed_level=points) == svg(calm(), title="x", bed_level=level)


@pytest.mark.parametrize("level", [-math.inf, math.inf, 0.0, -90.0])
def test_any_level_can_be_drawn(level: float) -> None:
    """A bed that is silent, or out of any range, is drawn inside its lane."""
    assert "nan" not in svg(calm(), title="x", bed_level=lambda at: level).lower()
    assert "inf" not in svg(calm(), title="x", bed_level=[(0, level)]).lower()


@pytest.mark.parametrize("level", [[], [(0, -math.inf)]])
def test_a_session_without_a_bed_has_no_curve(level: list[tuple[int, float]]) -> None:
    """Where the bed is silent from first to last, its lane is left out."""
    assert svg(calm(), title="x", bed_level=level) == svg(calm(), title="x")


def test_a_breath_rises_holds_and_falls() -> None:
    """The curve of a breath goes up while breathing in, stays, and comes down while breathing out."""
    cues = (tone(0, 4, "in"), tone(4, 2, "hold"), tone(6, 4, "out"), tone(10, 2, "hold"), end(12))
    paths = [path.get("d") or "" for path in _parse(svg(cues, title="x")).iter(f"{_SVG}path")]
    curves = [[float(it) for it in re.findall(r"[\d.]+", path)] for path in paths if "C" in path][:4]
    moves = [math.copysign(1, curve[1] - curve[-1]) if curve[1] != curve[-1] else 0 for curve in curves]
    assert moves == [1, 0, -1, 0]
    assert curves[1][1] == curves[0][-1]
    assert curves[3][1] == curves[2][-1]


def test_empty_and_single_line_sessions_have_pictures() -> None:
    """Nothing at all is still a picture, and one line is one bar."""
    _parse(svg((), title=""))
    assert _tips(svg((speech(0, 2, "Only this."),), title="x")) == ["0:00 (2 s) Only this."]


def test_nasty_text_stays_text() -> None:
    """Markup and control characters in words, titles and names cannot break the picture."""
    bed = BedCue(Frames(0), NASTY, None, Frames(0))
    text = svg((bed, chapter(0, NASTY), speech(0, 50, NASTY), end(60)), title=NASTY, bed_level=[(0, -20.0)])
    assert any(NASTY.split(" ", maxsplit=1)[0] in tip for tip in _tips(text))
    assert "<b>" not in text


def test_words_have_aa_contrast_on_every_ground() -> None:
    """Text is at least 4.5 to 1 and meaningful shapes 3 to 1 against what lies under them."""
    grounds = (draw.PAPER, draw.BAND, draw.BAND_ALT)
    under = (*grounds, draw.BED_FILL)
    texts = (draw.INK, draw.SOFT_INK, draw.CHAPTER)
    shapes = (draw.SPEECH, draw.SOUND, draw.REST, draw.CHAPTER, draw.BREATH, draw.BELL, draw.BED)
    assert min(_contrast(text, ground) for text, ground in product(texts, grounds)) >= 4.5
    assert _contrast(draw.INK, draw.BED_FILL) >= 4.5
    assert min(_contrast(shape, ground) for shape, ground in product(shapes, under)) >= 3.0


@settings(max_examples=40)
@given(sessions())
def test_any_session_is_well_formed_and_inside_the_picture(cues: Sequence[Cue]) -> None:
    """Every session gives well-formed XML with a mark for every line and rest, inside the picture's width."""
    text = svg(cues, title="x", bed_level=lambda at: -20.0)
    tips = _tips(text)
    for kind, word in ((SpeechCue, "("), (RestCue, "rest of")):
        assert sum(word in tip for tip in tips) >= sum(isinstance(cue, kind) for cue in cues)
    for bar in _parse(text).iter(f"{_SVG}rect"):
        left, width = float(bar.get("x", 0)), float(bar.get("width", 0))
        assert left >= 0
        assert width >= 0
        assert left + width <= 1200
