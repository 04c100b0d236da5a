"""Which lengths a script can have when what it says depends on the length."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.plan.build import HERE, TODAY, estimate, rest, say, script
from voiceguide.audio import Frames, frames
from voiceguide.errors import LengthError
from voiceguide.plan.fit import Reach
from voiceguide.plan.plan import lengths, plan
from voiceguide.plan.settle import settle
from voiceguide.plan.unroll import unroll
from voiceguide.plan.wishes import Resolved, Wishes, resolve
from voiceguide.script.model import Condition, Script, Section


def wished(given: Script, length: float) -> Resolved:
    return resolve(given, Wishes(length=frames(length)), TODAY)


def two_versions() -> Script:
    """A short version with a minute's rest, and from ten minutes on a longer one."""
    long_only = Condition(length=((">=", frames(600)),))
    return script(
        rest(60, 30, 240),
        Section(HERE, title="More", steps=(replace(rest(400, 300, 900), when=long_only),)),
        say("Done."),
    )


def test_one_version() -> None:
    """Where nothing depends on the length there is one stretch: of what can be had, what is declared."""
    given = script(rest(60, 30, 240), say("Done."))
    # Longest: lead-in, the rest, the line said quickly, the tail.
    assert lengths(given, wished(given, 100), estimate) == (Reach(frames(60), frames(1.5 + 240 + 0.8 + 24)),)


def test_two_versions() -> None:
    """Each version has its stretch, and a length between them is refused with both."""
    given = two_versions()
    longest = frames(1.5 + 240 + 900 + 0.8 + 24)
    assert lengths(given, wished(given, 100), estimate) == (
        Reach(frames(60), frames(266.3)),
        Reach(frames(600), longest),
    )
    with pytest.raises(LengthError) as caught:
        plan(given, wished(given, 300), estimate)
    assert str(caught.value) == (
        '"test" can be made to last from 1:00 to 4:26 or from 10:00 to 19:26 with this voice; 5:00 was asked'
    )
    assert (caught.value.shortest, caught.value.longest) == (frames(60), longest)


@pytest.mark.parametrize(
    ("sign", "last"),
    [(">=", frames(100) - 1), ("<", frames(100) - 1), (">", frames(100)), ("<=", frames(100))],
)
def test_turns(sign: str, last: int) -> None:
    """The versions meet at the very frame where the condition turns."""
    given = script(
        rest(60, 30, 240), replace(say("So."), when=Condition(length=((sign, frames(100)),))), say("Done.")
    )
    before, after = (
        unroll(given, replace(wished(given, 100), length=Frames(at)), estimate) for at in (last, last + 1)
    )
    assert len(before.lines) != len(after.lines)
    assert len(lengths(given, wished(given, 100), estimate)) == 1


def test_all_that_is_offered_works() -> None:
    """Every length within a stretch, its ends too, is planned and settled."""
    given = two_versions()
    for stretch in lengths(given, wished(given, 100), estimate):
        for length in (stretch.shortest, stretch.longest, Frames((stretch.shortest + stretch.longest) // 2)):
            made = plan(given, replace(wished(given, 100), length=length), estimate)
            cues = settle(made, length, estimate, lambda line: estimate(line.text, line.pace))
            assert [cue.start for cue in cues][-1] == length


def test_nothing_fits() -> None:
    """A script that cannot keep what it declares says so, and how long it can be."""
    given = script(rest(5000))
    with pytest.raises(
        LengthError, match=r'"test" declares can be had .*; it can last from 1:23:\d\d to 1:23:'
    ):
        plan(given, wished(given, 100), estimate)


def test_nothing_fits_at_all() -> None:
    """A script that is longer than any may be says so, and nothing that it could be instead."""
    given = script(rest(60_000))
    with pytest.raises(LengthError, match=r"declares can be had .*; nor any other up to 8 hours") as refused:
        plan(given, wished(given, 100), estimate)
    assert refused.value.shortest > refused.value.longest
