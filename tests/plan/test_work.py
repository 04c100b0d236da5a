"""Looking a script through costs little, or is refused in a sentence: counted in work, not in time."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from tests.plan.build import estimate
from tests.script.folder import put
from voiceguide.audio import Frames
from voiceguide.plan.possible import impossible
from voiceguide.plan.stretches import Stretches, settled
from voiceguide.plan.tally import counted
from voiceguide.plan.wishes import Resolved, Wishes, resolve
from voiceguide.plan.work import MOST_WORK, Work
from voiceguide.script.model import Pace, Script
from voiceguide.script.parse import load

OPTIONS: Final = "options: {chair: [chair, stool, bed, mat]}\n"
REPEATED: Final = """\
  - rest: ~1h
  - repeat:
      times: 30
      steps:
        - one of: [[{say: "We have {length}."}], [{say: "On the {chair}."}, {rest: ~20s}]]
        - use: blocks/seat
          with: {seat: "the {chair}, for {length}"}
        - say: Long.
          if: {length: ">=40m"}
"""
SEAT: Final = "voiceguide: 1\nvalues: {seat: a mat}\nsteps:\n  - say: Sit on {seat}.\n"


def script(folder: Path, steps: str, top: str = "") -> Script:
    put(folder, SEAT, "blocks/seat")
    return load(put(folder, f"voiceguide: 1\ntitle: t\n{top}steps:\n{steps}"))


def sessions(given: Script) -> list[Resolved]:
    return [
        resolve(given, Wishes(options={"chair": chair}, seed=str(seed)), date.min)
        for chair in given.options["chair"]
        for seed in range(10)
    ]


def spent(given: Script) -> int:
    """Return what it takes to know every length of *given*."""
    work = Work()
    Stretches(given, resolve(given, Wishes(), date.min), estimate, work=work)
    return MOST_WORK - work.left


def test_a_length_that_is_said_again_costs_little(tmp_path: Path) -> None:
    """Hundreds of ways to say the length, ten times as often: each is estimated once, for all sessions."""
    said: list[str] = []

    def listening(text: str, pace: Pace) -> Frames:
        said.append(text)
        return estimate(text, pace)

    given = script(tmp_path, REPEATED, OPTIONS)
    Stretches(given, resolve(given, Wishes(seed="1"), date.min), listening)
    assert len(said) < 2000  # and there are hundreds of ways, times thirty rounds, times two lines
    few = script(tmp_path, REPEATED.replace("30", "3"), OPTIONS)
    assert spent(given) < 10 * spent(few)


def test_what_is_soon_found_can_be_had(tmp_path: Path) -> None:
    """A length found for a session is one that it can have, and the same whoever else is asked about."""
    given = script(tmp_path, REPEATED, OPTIONS)
    cases = sessions(given)
    found, problem = settled(given, cases, estimate, given.length, Work())
    assert problem is None
    assert (found >= 0).all()
    for case, length in zip(cases[::7], found[::7].tolist(), strict=True):
        assert settled(given, [case], estimate, given.length, Work())[0].tolist() == [length]
        assert any(
            each.shortest <= length <= each.longest for each in Stretches(given, case, estimate).joined()
        )


@pytest.mark.parametrize("length", ["", "length: {default: 2h, least: 90m, most: 3h}\n"])
def test_too_much_is_refused_in_a_sentence(tmp_path: Path, length: str) -> None:
    """Where the sessions times the steps are too many to count, check says so and passes nothing."""
    values = ", ".join(f"v{at}" for at in range(4000))
    lines = "".join(f'  - say: "{{o}} {at}"\n' for at in range(300))
    given = script(tmp_path, "  - rest: ~2h\n" + lines, f"{length}options: {{o: [{values}]}}\n")
    said: list[str] = []

    def listening(text: str, pace: Pace) -> Frames:
        said.append(text)
        return estimate(text, pace)

    (problem,) = impossible(given, listening)
    assert "takes too much" in problem.what
    assert len(said) < 30_000


def test_spent_work_is_told(tmp_path: Path) -> None:
    """With no work to spend nothing is known, and one length that can be had stands for all."""
    given = script(tmp_path, REPEATED, OPTIONS)
    asked = resolve(given, Wishes(), date.min)
    nothing = counted(given, [asked], estimate, Work(0))
    assert nothing.spent
    assert np.all(nothing.over)
    (only,) = Stretches(given, asked, estimate, work=Work(0)).joined()
    assert only.shortest == only.longest
