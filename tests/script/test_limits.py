"""How much a script may come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.script.folder import only, put, read, refused, with_steps
from voiceguide.script.parse import examine


def nested_repeats(depth: int, times: int) -> str:
    """Return repeats within repeats."""
    return f"{{repeat: {{times: {times}, steps: [" * depth + "{rest: 0.1s}" + "]}}" * depth


@pytest.mark.parametrize("steps", [2000, 2001])
def test_a_script_has_at_most_two_thousand_steps(tmp_path: Path, steps: int) -> None:
    """Steps are counted as they are after repeats are written out; two thousand are allowed."""
    # One step is there already, and the repeat itself counts as one.
    text = f"- repeat: {{times: {steps - 2}, steps: [{{rest: 0.1s}}]}}"
    if steps == 2000:
        assert read(tmp_path, text).steps
    else:
        problem = only(put(tmp_path, with_steps(text)))
        assert (problem.line, problem.field) == (9, "steps[1].repeat")
        assert "at most 2,000" in problem.what


def test_a_bomb_of_repeats_is_refused(tmp_path: Path) -> None:
    """Repeats within repeats are counted by multiplication, and refused at once."""
    told = refused(put(tmp_path, with_steps(f"- {nested_repeats(8, 2000)}")))
    assert any("this is step 2,001 or later" in problem.what for problem in told)


def test_a_repeat_for_a_time_is_counted_too(tmp_path: Path) -> None:
    """A short step repeated for hours is refused as too many steps."""
    text = "- repeat: {for: 1h, steps: [{rest: 0.1s}]}"
    assert "written out this is 36,000 steps" in only(put(tmp_path, with_steps(text))).what


def test_a_repeat_of_conditional_lines_is_allowed(tmp_path: Path) -> None:
    """A repeat whose lines all depend on an option is counted by the shortest of them."""
    lines = "[{say: Look., if: {eyes: open}}, {say: Listen to the sounds., if: {eyes: closed}}]"
    assert read(tmp_path, f"- repeat: {{for: 4m, steps: {lines}}}").steps


def test_numbers_counted_aloud_are_steps(tmp_path: Path) -> None:
    """A count is as many steps as it has numbers."""
    text = "- repeat: {times: 20, steps: [{count: {from: 100, to: 1, every: 1s}}]}"
    assert "written out this is 2,000 steps" not in str(
        refused(put(tmp_path, with_steps(text.replace("20", "21"))))
    )
    assert read(tmp_path, text.replace("20", "19")).steps


def test_exact_times_cannot_pass_eight_hours(tmp_path: Path) -> None:
    """Exact rests that come to more than eight hours are refused; loose ones and conditional ones are not."""
    hours = with_steps("- rest: 5h\n- rest: 5h").replace("most: 1h", "most: 8h")
    told = refused(put(tmp_path, hours))
    assert any((problem.line, "more than 8 hours" in problem.what) == (10, True) for problem in told)
    loose = with_steps("- rest: ~5h\n- rest: ~5h\n- rest: 8h\n  if: {eyes: open}").replace(
        "most: 1h", "most: 8h"
    )
    assert "8 hours" not in str(put(tmp_path, loose))


def test_one_branch_counts_once(tmp_path: Path) -> None:
    """Of branches only one is part of a session: the longest is counted, and the shortest is needed."""
    text = "- one of:\n  - - rest: 2h\n  - - rest: 1s\n  - - repeat: {times: 1990, steps: [{rest: 0.1s}]}"
    assert read(tmp_path, text).steps


def test_a_repeat_of_conditional_sections_is_allowed(tmp_path: Path) -> None:
    """Lines under a condition are found in sections and branches too."""
    section = "{section: A, steps: [{say: Look at it., if: {eyes: open}}]}"
    assert read(tmp_path, f"- repeat: {{for: 4m, steps: [{section}]}}").steps
    assert read(tmp_path, f"- repeat: {{for: 4m, steps: [{{one of: [[{section}], [{{rest: 3s}}]]}}]}}").steps


def test_a_ladder_counts_all_its_rungs(tmp_path: Path) -> None:
    """The rungs of a ladder count together, though a recording may climb only one."""
    rung = "{title: A, steps: [{repeat: {times: 1500, steps: [{rest: 0.01s}]}}]}"
    problem = only(
        put(tmp_path, with_steps(f"- ladder: {{rungs: [{rung}, {rung}], ground: blocks/ground-now}}"))
    )
    assert (problem.field, "step 2,001" in problem.what) == ("steps[1].ladder.rungs[1]", True)


@pytest.mark.parametrize("count", [100, 101])
def test_the_length_is_said_so_often_and_no_more(tmp_path: Path, count: int) -> None:
    """A script that says its length more than a hundred times is refused where that gets too much."""
    found = examine(put(tmp_path, with_steps("- say: We have {length}.\n" * count)))[1]
    errors = [(problem.line, problem.what) for problem in found if problem.severity == "error"]
    assert [line for line, _ in errors] == [9 + 100] * (count > 100)
    assert all("{length} is said more than 100 times" in what for _, what in errors)
