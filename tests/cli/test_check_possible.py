"""`check` finds what cannot be played: lengths, sounds and steps that nobody can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.script.folder import put
from voiceguide.cli.author import problems_of
from voiceguide.errors import Problem
from voiceguide.files.folders import user_data

TWO_LINES = "  - say: Notice your feet.\n  - rest: {rest}\n  - say: Notice your hands.\n  - rest: {rest}\n"


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sounds of the person who runs the tests are not known here."""
    monkeypatch.setenv("VOICEGUIDE_DATA", str(tmp_path / "data"))


def errors(folder: Path, top: str, steps: str) -> list[Problem]:
    path = put(folder, f"voiceguide: 1\ntitle: t\n{top}\nsteps:\n{steps}")
    return [problem for problem in problems_of(path) if problem.severity == "error"]


def test_no_declared_length_can_be_had(tmp_path: Path) -> None:
    """A length that exact pauses do not come to: told with the range that can be had, and `length: auto`."""
    (problem,) = errors(tmp_path, "length: 5m", TWO_LINES.format(rest="5s"))
    assert (problem.line, problem.field) == (3, "length")
    assert "cannot last 5:00; it can last from 0:19 to 0:38" in problem.what
    assert "length: auto" in problem.what
    assert not errors(tmp_path, "length: auto", TWO_LINES.format(rest="5s"))
    assert not errors(tmp_path, "length: {default: 30s, least: 19s, most: 38s}", TWO_LINES.format(rest="5s"))


@pytest.mark.parametrize(
    ("length", "fields"),
    [
        ("{default: 10m, least: 30s, most: 10m}", ["length.default"]),
        ("{default: 1m, least: 2s, most: 10m}", ["length.least", "length.most"]),
        ("{default: 1m, least: 30s, most: 1m}", []),
    ],
)
def test_each_declared_length_has_to_be_had(tmp_path: Path, length: str, fields: list[str]) -> None:
    """Default, least and most are each looked at, and told where they stand with what can be had."""
    found = errors(tmp_path, f"length: {length}", TWO_LINES.format(rest="~5s"))
    assert sorted(problem.field for problem in found) == sorted(fields)
    assert all("it can last from 0:12 to 1:08" in problem.what for problem in found)


def test_every_choice_has_to_fit(tmp_path: Path) -> None:
    """One value of an option that takes too long, or one day's branch, is told by name."""
    top = "length: 30s\noptions: {more: ['no', 'yes']}"
    longer = "  - rest: 2m\n    if: {more: 'yes'}\n"
    (problem,) = errors(tmp_path, top, TWO_LINES.format(rest="~5s") + longer)
    assert "with more yes" in problem.what
    branches = "  - one of:\n      - - rest: ~5s\n      - - rest: 2m\n"
    (problem,) = errors(tmp_path, "length: 30s", TWO_LINES.format(rest="~5s") + branches)
    assert "cannot" in problem.what
    assert "it can last" in problem.what


def test_a_ladder_has_to_be_climbed(tmp_path: Path) -> None:
    """Each number of rungs has a length that is declared; the rungs that have none are told."""
    rung = "        - {title: R, steps: [{say: One.}], stay: 1m}\n"
    ladder = f"  - ladder:\n      ground: blocks/ground-now\n      rungs:\n{rung * 3}"
    (problem,) = errors(tmp_path, "length: {default: 75s, least: 70s, most: 80s}", ladder)
    assert "rungs" in problem.what
    loose = ladder.replace("1m", "~1m")
    assert not errors(tmp_path, "length: {default: 75s, least: 70s, most: 80s}", loose)


def test_too_many_steps_are_told_where_they_are(tmp_path: Path) -> None:
    """More than 20,000 steps when written out is found, with the line of the step."""
    steps = "  - repeat: {times: 30, steps: [{breathe: {in: 0.5s, out: 0.5s, rounds: 500}}]}\n"
    (problem,) = errors(tmp_path, "length: {default: 1m, least: 1m, most: 8h}", steps)
    assert problem.line == 5
    assert "20,000 steps" in problem.what


def test_unknown_ambiences_are_told(tmp_path: Path) -> None:
    """A misspelt ambience is told where it stands, with the nearest; one's own counts as known."""
    change = "  - ambience: my-streem\n" + TWO_LINES.format(rest="~5s")
    top, other = errors(tmp_path, "ambience: {sound: soft-rian}", change)
    assert (top.line, top.field) == (3, "ambience.sound")
    assert 'did you mean "soft-rain"?' in top.what
    assert (other.line, "my-streem" in other.what) == (5, True)
    own = user_data() / "ambience"
    own.mkdir(parents=True)
    (own / "my-streem.json").write_text("{}")
    assert not errors(tmp_path, "ambience: soft-rain", change)


def test_unknown_bells_and_sounds_are_told(tmp_path: Path) -> None:
    """A misspelt bell or sound file is told with the nearest there is."""
    (tmp_path / "birds.flac").touch()
    bell, sound = errors(tmp_path, "length: auto", "  - bell: bowll\n  - sound: brids.flac\n")
    assert 'did you mean "bowl"?' in bell.what
    assert 'did you mean "birds.flac"?' in sound.what


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pause: 3s", "rest"),
        ("silence: 3s", "rest"),
        ("wait: 3s", "rest"),
        ("text: Hello.", "say"),
        ("speak: Hello.", "say"),
        ("narrate: Hello.", "say"),
        ("music: soft-rain", "ambience"),
        ("chime: bowl", "bell"),
        ("breath: {in: 4s}", "breathe"),
        ("loop: {times: 3}", "repeat"),
        ("rset: 3s", "rest"),
        ("bell: {volume: -3 dB}", "level"),
        ("rest: {about: 9s, min: 3s}", "least"),
    ],
)
def test_other_words_for_a_step_are_understood(tmp_path: Path, written: str, meant: str) -> None:
    """Who writes another word for a kind of step or a field is told ours, not one that looks alike."""
    found = errors(tmp_path, "length: auto", f"  - {written}\n")
    assert f'did you mean "{meant}"?' in found[0].what


def test_many_unknown_names_are_not_compared_for_ever(tmp_path: Path) -> None:
    """Hundreds of options and as many unknown placeholders: the first few get a hint, all are told."""
    options = ", ".join(f"option-{at}: [a, b]" for at in range(300))
    steps = "".join(f"  - say: Hello {{optoin-{at}}}.\n" for at in range(400))
    found = errors(tmp_path, f"length: auto\noptions: {{{options}}}", steps)
    assert len(found) == 400
    assert 20 < sum("did you mean" in problem.what for problem in found) < 100
