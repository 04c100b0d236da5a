"""Markup of other tools, as it comes with text that is pasted."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.errors import ScriptError, WishError
from voiceguide.plan.wishes import Wishes, resolve
from voiceguide.script.markup import _ROWS, first
from voiceguide.script.parse import load
from voiceguide.script.text import phrases

HEAD = """voiceguide: 1
title: A rest
technique: rest
language: en
intensity: gentle
length: {default: 1m, least: 1m, most: 2m}
"""

PASTED = [
    ('Sit. <break time="3s"/> Rest.', "[3s]"),
    ("Sit. <break time='500ms' /> Rest.", "[0.5s]"),
    ('Sit. <break strength="strong"/> Rest.', "[3s]"),
    ('Sit. <break time="3s"', "[3s]"),
    ("<speak>Sit.</speak>", "leave it out"),
    ('A <emphasis level="strong">soft</emphasis> rest.', "*soft*"),
    ("A <b>soft</b> rest.", "*soft*"),
    ("Sit.<br>Rest.", "leave it out"),
    ("Sit <!-- softly --> down.", "leave it out"),
    ("Sit. <#0.5#> Rest.", "[0.5s]"),
    ("Sit. [[slnc 3000]] Rest.", "[3s]"),
    ("Sit. [[rate 90]] Rest.", "leave it out"),
    ("Sit. \\pau=3000\\ Rest.", "[3s]"),
    ("Sit. /3s Rest.", "[3s]"),
    ("Sit. / 1.5 sec/, rest.", "[1.5s]"),
    ("Sit. // Rest.", "[1s]"),
    ("Sit. | Rest.", "[1s]"),
    ("Sit.\\nRest.", "leave it out"),
    ("Sit. (pause 10 seconds) Rest.", "[10s]"),
    ("Sit. (Pause for 2 min) Rest.", "[2m]"),
    ("Sit. (pause) Rest.", "[3s]"),
    ("Sit (long pause) and rest.", "[3s]"),
    ("Sit. (10-second pause) Rest.", "[10s]"),
    ("Sit (3 sec) and rest.", "[3s]"),
    ("Sit. (10 seconds) Rest.", "[10s]"),
    ("Sit. [PAUSE: 3s] Rest.", "[3s]"),
    ("Sit. [pause] Rest.", "[3s]"),
    ("Sit. [10 seconds of silence] Rest.", "[10s]"),
    ("Sit. [3 sec] Rest.", "[3s]"),
    ("Sit. [sigh] Rest.", "leave it out"),
    ("Sit. (sighs) Rest.", "leave it out"),
    ("(softly) Notice your feet.", "leave it out"),
    ("Sit. *sighs* Rest.", "leave it out"),
    ("Narrator: Sit down.", "leave it out"),
    ("A **bold** rest.", "*bold*"),
    ("A ***bold*** rest.", "*bold*"),
    ("A __bold__ rest.", "*bold*"),
    ("A _soft_ rest.", "*soft*"),
    ("A `word` here.", "leave the marks out"),
    ("A ~~word~~ here.", "leave the marks out"),
    ("## Feet", "leave it out"),
    ("> Feet", "leave it out"),
    ("See [this](https://example.org/a) page.", "its words alone"),
    ("Fill in ____ here.", "leave it out"),
    ("Sit &amp; rest.", 'write "&"'),
    ("Sit&nbsp;down.", "write a space"),
]

HONEST = [
    "You and/or me, he / she.",
    "About 1/2 of it, <3, a < b, 5 > 3, 10/10.",
    "R&B, AT&T; Q&A.",
    "(if you like) Rest. You may (or may not) stop.",
    "Sit. (You may stop.) Then rest.",
    "Breathe in (slowly), and out (gently).",
    "Rest (about 10 seconds). Sit for a while (10 minutes) here.",
    "Pause for ten seconds. Then wait, or *pause*, here.",
    "Sit. [3s] Then [1m30s] rest. [0.5s]",
    "A *soft* word, a snake_case one, #1, # 1, -5.",
    "Hello {name|friend}, {name | dear friend}.",
    "Well... then -- rest; narrators rest: here.",
]


@pytest.mark.parametrize(("text", "instead"), PASTED)
def test_markup_is_never_spoken(text: str, instead: str) -> None:
    """What other tools mean by a mark is refused, with what means the same here."""
    with pytest.raises(ValueError, match="is not to be spoken") as refused:
        phrases(text)
    assert instead in str(refused.value)


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_is_spoken(text: str) -> None:
    """Brackets, slashes and signs that mean themselves are left to be read."""
    assert phrases(text)


@pytest.mark.parametrize(
    ("line", "column", "instead"),
    [
        ("  - say: Sit. [PAUSE: 3s] Rest.", 15, "[3s]"),
        ("  - say: **Bold** words.", 10, "*Bold*"),
        ("  - say: [sigh] Rest.", 10, "leave it out"),
        ("  - say: *sighs* Rest.", 10, "leave it out"),
        ('  - say: Sit. <break time="3s"/>', 10, "[3s]"),
        ("  - use: blocks/x\n    with: {place: a __bold__ chair}", 19, "*bold*"),
        ("  - section: _Feet_\n    steps: [{say: Feet.}]", 14, "*Feet*"),
    ],
)
def test_it_is_told_where_it_stands(line: str, column: int, instead: str, tmp_path: Path) -> None:
    """Pasted markup is told with its line and column, where YAML itself stumbles over it too."""
    path = tmp_path / "rest.yaml"
    path.write_text(f"{HEAD}steps:\n{line}\n  - rest: ~10s\n")
    with pytest.raises(ScriptError) as refused:
        load(path)
    told = refused.value.problems[0]
    assert (told.line, told.column) == (8 + line.count("\n") * line.startswith("  - use"), column)
    assert instead in told.what


def test_a_title_and_an_option_may_be_named_in_a_line(tmp_path: Path) -> None:
    """The title and the values of options come into lines, and have no markup in them either."""
    path = tmp_path / "rest.yaml"
    options = "options: {eyes: [<b>open</b>, closed]}\n"
    path.write_text(HEAD.replace("A rest", "A **rest**") + options + 'steps:\n  - say: "{title}, {eyes}."\n')
    with pytest.raises(ScriptError) as refused:
        load(path)
    assert [problem.line for problem in refused.value.problems[:2]] == [2, 7]


def test_a_name_is_spoken_as_it_is(tmp_path: Path) -> None:
    """A listener's name with markup in it is refused, and an ordinary one is not."""
    path = tmp_path / "rest.yaml"
    path.write_text(f"{HEAD}steps:\n  - say: Rest.\n  - rest: {{about: 30s, least: 1s, most: 2m}}\n")
    script = load(path)
    assert resolve(script, Wishes(name="Ana-Lucía O'Neill (Jr)"), date(2026, 1, 1)).name
    with pytest.raises(WishError, match="not to be spoken"):
        resolve(script, Wishes(name='<break time="3s"/>'), date(2026, 1, 1))


@given(st.text(alphabet="aZ3s. <>/[](){}*_#&;|\\~`-'\"=:", max_size=80))
def test_any_text_is_looked_at(text: str) -> None:
    """Whatever is written, looking for markup ends, and a place that is told is in the text."""
    found = first(text)
    assert found is None or 0 <= found[0] < len(text)


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: row[1][:24])
@given(data=st.data())
def test_nothing_is_found_without_its_mark(row: tuple[str, str, object], data: st.DataObject) -> None:
    """Whatever a pattern finds has one of the marks without which it is not looked for."""
    marks, pattern, _ = row
    text = data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE)))
    for match in re.finditer(pattern, text, re.IGNORECASE):
        assert any(mark in match[0] for mark in marks.split())
