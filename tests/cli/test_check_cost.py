"""What `check` costs grows with a script no faster than the script does, counted in calls and not in time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Final

import pytest

from tests.script.folder import put
from voiceguide.audio import Frames, frames
from voiceguide.care.subject import Subject
from voiceguide.cli.author import problems_of
from voiceguide.plan.items import Gap
from voiceguide.plan.possible import impossible
from voiceguide.plan.share import Shares
from voiceguide.script.model import Pace
from voiceguide.script.parse import load
from voiceguide.voices.usual import usual

HEAD: Final = "voiceguide: 1\ntitle: t\n"
GROUND: Final = "voiceguide: 1\nsteps:\n  - say: Feel the floor.\n  - rest: ~6s\n"


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called by *work*."""
    made = 0

    def count(frame: FrameType, event: str, given: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return made


def as_long_as(letter: int, text: str, pace: Pace) -> Frames:
    """Return how long *text* takes, if each letter takes so many frames."""
    return Frames(letter * len(text))


def options(many: int) -> str:
    """Return a script with *many* options, each asked for in an `if` and said."""
    declared = "".join(f"  o{at}: [a, b]\n" for at in range(many))
    asked = "".join(f"  - {{say: 'x {{o{at}}}', if: {{o{at}: b}}}}\n" for at in range(many))
    return f"{HEAD}length: auto\noptions:\n{declared}steps:\n  - say: Hello.\n{asked}"


def values(many: int) -> str:
    """Return a script with an option of *many* values, each in a line of its own that says it."""
    named = ", ".join(f"v{at}" for at in range(many))
    asked = "".join(f"  - {{say: '{{o}} {at}', if: {{o: v{at}}}}}\n" for at in range(many))
    return f"{HEAD}length: auto\noptions: {{o: [{named}]}}\nsteps:\n  - say: Hello.\n{asked}"


def ladder(many: int) -> str:
    """Return a script with *many* rungs."""
    rungs = "".join(f"        - {{title: R{at}, steps: [{{say: 'a{at}'}}]}}\n" for at in range(many))
    return (
        f"{HEAD}length: auto\nsteps:\n  - ladder:\n      rungs:\n{rungs}"
        "      ground: blocks/ground\n  - say: We had {length}.\n"
    )


def lengths(many: int) -> str:
    """Return a script with *many* tests of its length, chosen branches and the length said."""
    tested = "".join(f"  - {{say: 'long {at}', if: {{length: '>={at + 60}s'}}}}\n" for at in range(many))
    chosen = "".join(
        f"  - one of: [[{{say: 'We have {{length}}.'}}], [{{say: 'B {at}'}}]]\n" for at in range(many // 8)
    )
    return f"{HEAD}length: auto\noptions: {{o: [a, b, c]}}\nsteps:\n{chosen}{tested}  - say: Be {{o}}.\n"


@pytest.mark.slow
@pytest.mark.parametrize("kind", [options, values, ladder, lengths])
def test_twice_the_script_costs_at_most_three_times(kind: Callable[[int], str], tmp_path: Path) -> None:
    """To know whether all of a script can be had takes at most three times the calls for twice as much."""
    put(tmp_path, GROUND, "blocks/ground")
    few, many = (load(put(tmp_path, kind(count), f"of-{count}")) for count in (150, 300))
    counted = [calls(partial(impossible, script, partial(as_long_as, 2_000))) for script in (few, many)]
    assert counted[1] <= 3 * counted[0]


def test_a_session_is_written_out_once_for_every_voice(tmp_path: Path) -> None:
    """The quickest voice is heard in the sessions that are planned already."""
    script = load(put(tmp_path, lengths(96)))
    subject = Subject(script, usual(script))
    first = calls(lambda: subject.hearings)
    assert calls(lambda: subject.quick_hearings) < first / 3


def test_a_rest_is_found_in_a_few_looks() -> None:
    """How long a rest gets is looked for near what the one before it got, whichever way lines stray."""
    rests = [Gap(frames(1 + at % 7), frames(0.5), frames(20), 1 + at % 9) for at in range(400)]
    for stray in (-1, 0, 1):
        shares, left = Shares(rests), sum(rest.about for rest in rests) * 3

        def settle(shares: Shares = shares, left: int = left, stray: int = stray) -> None:
            for at in range(len(rests)):
                left -= shares.first(at, left) + stray * frames(0.2)

        assert calls(settle) < 100 * len(rests)


def test_a_rest_does_not_depend_on_what_was_asked_before() -> None:
    """A rest has the same length whichever were asked for first."""
    rests = [Gap(frames(1 + at % 7), frames(0.5), frames(20), 1 + at % 9) for at in range(60)]
    asked = [(at, Frames(frames(time))) for at in range(0, 60, 7) for time in (0, 30, 100, 300, 2000)]
    one = Shares(rests)
    there = {each: one.first(*each) for each in asked}
    back = {each: one.first(*each) for each in reversed(asked)}
    assert there == back == {each: Shares(rests).first(*each) for each in asked}


def test_too_many_values_are_refused_in_a_sentence(tmp_path: Path) -> None:
    """Options with more values in all than anybody could choose from are refused at `options`."""
    named = ", ".join(f"v{at}" for at in range(5_001))
    (problem,) = problems_of(put(tmp_path, f"{HEAD}options: {{o: [{named}]}}\nsteps:\n  - say: Be {{o}}.\n"))
    assert problem.field == "options"
    assert "5,001 values; a script has at most 5,000" in problem.what
