"""Scripts that declare no length: a session is as long as its lines and rests come to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.script.folder import only, put
from voiceguide.audio import RATE, frames
from voiceguide.errors import LengthError
from voiceguide.plan.fit import Reach, refusal
from voiceguide.plan.items import EndCue, Gap, RestCue
from voiceguide.plan.plan import span
from voiceguide.plan.wishes import Wishes
from voiceguide.script.model import Own, Script
from voiceguide.script.parse import load
from voiceguide.session import Session, Studio
from voiceguide.store import MemoryStore
from voiceguide.voices.engines.hum import HumEngine
from voiceguide.voices.usual import usual

EXACT = """\
  - bell: bowl
  - rest: 3s
  - say: Find a way to sit that will do.
  - rest: 10s
  - say: The floor is under you.
  - rest: 15s
  - say: That's all.
"""
LADDER = """\
  - say: We have {length}.
  - rest: ~12s
  - say: Only a long one says this.
    if: {length: ">=4m"}
  - rest: 3m30s
    if: {length: ">=4m"}
  - ladder:
      rungs:
        - {title: One, steps: [{say: One.}], stay: 10s}
        - {title: Two, steps: [{say: Two.}], stay: 10s}
      ground: blocks/ground-now
"""


def script(folder: Path, steps: str, length: str = "") -> Script:
    return load(put(folder, f"voiceguide: 1\ntitle: t\n{length}steps:\n{steps}"))


@pytest.fixture
def studio() -> Studio:
    return Studio(engines=[HumEngine()], store=MemoryStore())


def gaps(session: Session) -> list[Gap]:
    return [item for item in session.timeline.items if isinstance(item, Gap)]


@pytest.mark.parametrize("length", ["", "length: auto\n", "length: {default: auto}\n"])
def test_auto_is_what_the_lines_come_to(tmp_path: Path, studio: Studio, length: str) -> None:
    """Whether `auto` or left out: whole seconds, exact rests as written, the closing rest takes the last."""
    given = script(tmp_path, EXACT, length)
    assert given.length == Own()
    session = studio.session(given)
    assert session.length % RATE == 0
    cues = list(session.planned())
    assert cues[-1] == EndCue(session.length)
    rests = [cue for cue in cues if isinstance(cue, RestCue)]
    assert [rest.length for rest in rests if rest.exact][1:] == [frames(3), frames(10), frames(15)]
    assert rests[-1].length >= frames(3)


def test_loose_rests_are_as_written(tmp_path: Path, studio: Studio) -> None:
    """A loose rest is its usual length in a session of the script's own length, to half a second in all."""
    given = script(tmp_path, "  - say: Hello.\n  - rest: ~12s\n  - say: Goodbye.\n")
    rests = [cue for cue in studio.session(given).planned() if isinstance(cue, RestCue) and not cue.exact]
    assert sum(abs(rest.length - rest.planned) for rest in rests) < RATE


def test_options_change_it(tmp_path: Path, studio: Studio) -> None:
    """What is chosen is part of what the length is worked out from."""
    steps = EXACT + "  - rest: 1m\n    if: {more: yes}\n"
    given = script(tmp_path, steps, 'options: {more: ["no", "yes"]}\n')
    short, long = (studio.session(given, Wishes(options={"more": each})).length for each in ("no", "yes"))
    assert long == short + frames(60)


def test_another_length_is_refused_in_order(tmp_path: Path, studio: Studio) -> None:
    """Asked for what it cannot be, the refusal names what it can: never the longer before the shorter."""
    given = script(tmp_path, EXACT)
    with pytest.raises(LengthError) as caught:
        studio.session(given, Wishes(length=frames(300)))
    (possible,) = studio.session(given).lengths()
    assert caught.value.shortest == possible.shortest <= caught.value.longest == possible.longest
    assert "5:00 was asked" in str(caught.value)
    again = studio.session(given, Wishes(length=possible.shortest))
    assert again.length == possible.shortest


@pytest.mark.parametrize("lines", range(1, 40, 6))
def test_a_whole_second_can_always_be_had(tmp_path: Path, studio: Studio, lines: int) -> None:
    """However much is said with exact rests between, some whole second lies within reach."""
    steps = "  - say: The floor is under you, and it will be for as long as you like.\n  - rest: 2s\n" * lines
    session = studio.session(script(tmp_path, steps))
    (possible,) = session.lengths()
    assert possible.shortest <= session.length <= possible.longest
    assert session.length % RATE == 0


def test_steps_that_ask_for_the_length(tmp_path: Path, studio: Studio) -> None:
    """A length that its own tests and words agree with is found; a ladder's parts are of that whole."""
    given = script(tmp_path, LADDER)
    session = studio.session(given)
    assert session.length < frames(240)
    assert not any(gap.about > frames(200) for gap in gaps(session))
    said = [line.text for line in studio.part(given, "opening").timeline.lines]
    assert said == [line.text for line in session.timeline.lines[:1]]


def test_a_span_for_lists(tmp_path: Path) -> None:
    """Where nobody has chosen a voice, lists tell about how long it is and could be."""
    given = script(tmp_path, EXACT)
    about = span(given, usual(given))
    assert about.least <= about.default <= about.most
    declared = script(tmp_path, EXACT, "length: {default: 5m, least: 4m, most: 6m}\n")
    assert span(declared, usual(declared)) == declared.length


def test_auto_has_no_limits_beside_it(tmp_path: Path) -> None:
    """A script whose length is its own declares neither least nor most."""
    text = f"voiceguide: 1\ntitle: t\nlength: {{default: auto, least: 1m}}\nsteps:\n{EXACT}"
    problem = only(put(tmp_path, text))
    assert (problem.line, problem.field) == (3, "length.least")
    assert "leave least out" in problem.what


def test_many_stretches_are_told_near_what_was_asked() -> None:
    """A refusal names a few stretches, those around what was asked, in order; a lone moment as one."""
    many = [Reach(frames(60 * at), frames(60 * at + 10)) for at in range(1, 40)]
    sentence = str(refusal("x", frames(630), many))
    assert "from 9:00 to 9:10 or from 10:00 to 10:10 or from 11:00 to 11:10 or from 12:00" in sentence
    assert "among others" in sentence
    lone = [Reach(frames(60.2), frames(60.7)), Reach(frames(70), frames(70.5))]
    assert "to last 1m0.2s or 1:10 with" in str(refusal("x", frames(65), lone))
