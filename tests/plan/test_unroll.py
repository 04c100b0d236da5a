"""What each kind of step is written out to."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.plan.build import DEFAULT, HERE, gap, rest, say, script, texts, unrolled
from voiceguide.audio import Frames, frames
from voiceguide.errors import ScriptError
from voiceguide.plan.items import BedChange, Chapter, Gap, Item, Line, Overlay, Sound, Strike, Tone
from voiceguide.plan.wishes import Wishes
from voiceguide.script.model import (
    Bed,
    Bell,
    Breathe,
    ChangeAmbience,
    CheckIn,
    Condition,
    Count,
    Ladder,
    OneOf,
    Pace,
    PlaySound,
    Repeat,
    Rung,
    Section,
    Step,
    Use,
)

NEVER = replace(say("No."), when=Condition(options=(("eyes", ("neither",)),)))
"""A step that no listener gets."""


def items(*steps: Step, wishes: Wishes | None = None) -> tuple[Item, ...]:
    return unrolled(script(*steps, options={"eyes": ("open", "closed")}), wishes).items


def shape(*steps: Step, wishes: Wishes | None = None) -> list[object]:
    """The items with lines as their words and exact gaps as their frames."""
    return [_shape(item) for item in items(*steps, wishes=wishes)]


def _shape(item: Item) -> object:
    match item:
        case Line():
            return item.text
        case Gap() if item.exact:
            return item.about
        case _:
            return item


def test_lines() -> None:
    """Lines count from 0, and the phrases of one written line share a number."""
    lines = unrolled(script(say("One.", 3.0, "Two."), rest(6), say("Three."))).lines
    assert [(line.text, line.index, line.say) for line in lines] == [
        ("One.", 0, 0),
        ("Two.", 1, 0),
        ("Three.", 2, 1),
    ]


def test_phrases() -> None:
    """A pause inside a line is exact, and a rest after the line adds to the pause at its end."""
    assert shape(say("One.", 3.0, "Two.", 1.0), rest(6)) == ["One.", frames(3.0), "Two.", frames(7.0)]


def test_say_options() -> None:
    """A line has its own pace, voice and level, or the script's pace and no preference."""
    own = replace(say("Soft."), pace=Pace(90), voice="piper/joe", level_db=-3.0)
    soft, plain = unrolled(script(own, say("Plain."))).lines
    assert (soft.pace, soft.voice, soft.level_db) == (90, "piper/joe", -3.0)
    assert (plain.pace, plain.voice, plain.level_db) == (60, None, 0.0)


def test_default_gap() -> None:
    """Between two lines with no rest written there are 0.7 s."""
    assert shape(say("One."), say("Two.")) == ["One.", frames(0.7), "Two."]


def test_no_gap_at_the_end() -> None:
    """After the last line there is only the tail."""
    made = unrolled(script(say("One.")))
    assert [type(item) for item in made.items] == [Line]
    assert made.tail == gap(6, 3, 24)
    assert made.lead_in == frames(1.5)


def test_rests_merge() -> None:
    """Rests in a row are one rest: their limits add up, and the greater weight counts."""
    assert shape(say("One."), rest(6, 2, 24, weight=2), rest(3), rest(10, 5, 40)) == [
        "One.",
        gap(19, 10, 67, weight=2),
    ]


def test_default_gap_before_a_mark() -> None:
    """A chapter begins with its first sound, so a silence that nobody wrote comes before it."""
    section = Section(HERE, title="Feet", steps=(say("Two."),))
    assert shape(say("One."), section) == ["One.", frames(0.7), Chapter("Feet", 0), "Two."]


def test_rest_after_a_mark() -> None:
    """A rest written first in a chapter is all the silence there is before its first line."""
    section = Section(HERE, title="Feet", steps=(rest(2), say("Two.")))
    assert shape(say("One."), section) == ["One.", Chapter("Feet", 0), frames(2.0), "Two."]


def test_nested_sections() -> None:
    """A section inside a section is a chapter one deeper; one that says nothing today is none."""
    inner = Section(HERE, title="Toes", steps=(say("Toes."),))
    empty = Section(HERE, title="No", steps=(NEVER,))
    assert shape(Section(HERE, title="Feet", steps=(inner, empty))) == [
        Chapter("Feet", 0),
        Chapter("Toes", 1),
        "Toes.",
    ]


def test_options() -> None:
    """A step with a condition on an option is there only for that option."""
    steps = [
        replace(say(f"{value.title()}."), when=Condition(options=(("eyes", (value,)),)))
        for value in ("open", "closed")
    ]
    assert shape(*steps) == ["Open."]
    assert shape(*steps, wishes=Wishes(options={"eyes": "closed"})) == ["Closed."]


def test_length_condition() -> None:
    """A condition on the length goes by the length asked for."""
    step = replace(say("More."), when=Condition(length=((">=", frames(600)),)))
    assert shape(step) == []
    assert shape(step, wishes=Wishes(length=frames(600))) == ["More."]


def test_placeholders() -> None:
    """Options, title, name and length stand ready to be filled in."""
    assert shape(
        say("{title}, {length}, eyes {eyes}, {name}."), wishes=Wishes(length=frames(450), name="Ada")
    ) == ["A test, seven and a half minutes, eyes open, Ada."]


def test_use() -> None:
    """An included file sees its own `with:` values, filled in from outside, only inside itself."""
    use = Use(HERE, name="blocks/a", steps=(say("{what}."),), values=(("what", "{title} of {eyes}"),))
    assert shape(use, rest(1), say("{what|none}.")) == ["A test of open.", frames(1.0), "none."]


def test_nothing_to_say() -> None:
    """A phrase that comes to nothing once filled in is not spoken; its pause stays."""
    assert shape(say("{name}", 2.0, "Hello.")) == [frames(2.0), "Hello."]


def test_repeat_times() -> None:
    """A repeat writes its steps as often as it says."""
    assert shape(Repeat(HERE, steps=(say("Again."), rest(1)), times=3)) == ["Again.", frames(1.0)] * 3


@pytest.mark.parametrize(("lasting", "rounds"), [(1, 1), (9, 1), (10, 2), (14, 2), (15, 3), (60, 12)])
def test_repeat_lasting(lasting: int, rounds: int) -> None:
    """A repeat for a time has as many rounds as fit in it, at least one: here of 1 s and 4 s."""
    step = Repeat(HERE, steps=(say("Again."), rest(4, 2, 16)), lasting=frames(lasting))
    assert texts(unrolled(script(step))) == ["Again."] * rounds


def test_repeat_of_nothing() -> None:
    """A repeat for a time whose steps take none ends after one round."""
    assert shape(Repeat(HERE, steps=(NEVER,), lasting=frames(60))) == []


def test_bell() -> None:
    """The strokes of a bell are exactly apart, and 2.5 s follow the last where nothing is written."""
    bell = Bell(HERE, sound="bowl", times=2, every=frames(6.0), level_db=-12.0)
    stroke = Strike("bowl", -12.0)
    assert shape(say("One."), bell, say("Two.")) == [
        "One.",
        DEFAULT,
        stroke,
        frames(6.0),
        stroke,
        frames(2.5),
        "Two.",
    ]
    assert shape(bell, rest(1), say("Two."))[-2:] == [frames(1.0), "Two."]


def test_sound() -> None:
    """A sound of the author's own takes its time, with a short silence on each side."""
    song = PlaySound(HERE, path=Path("song.wav"), length=frames(30.0), level_db=-6.0)
    played = Sound(Path("song.wav"), frames(30.0), -6.0)
    assert shape(say("One."), song, say("Two.")) == ["One.", DEFAULT, played, DEFAULT, "Two."]


def test_count() -> None:
    """Numbers are said in words, first sounds exactly apart; a rest starts at the end of the last."""
    made = items(Count(HERE, start=3, stop=1, every=frames(4.0)), rest(2))
    assert [(item.text, item.slot) for item in made if isinstance(item, Line)] == [
        ("Three.", frames(4.0)),
        ("Two.", frames(4.0)),
        ("One.", 0),
    ]
    assert made[3:] == (gap(2),)


def test_count_up() -> None:
    """A count can go up, and may have one number only."""
    assert texts(unrolled(script(Count(HERE, start=1, stop=3, every=frames(2.0))))) == [
        "One.",
        "Two.",
        "Three.",
    ]
    assert texts(unrolled(script(Count(HERE, start=5, stop=5)))) == ["Five."]


def breathe(guide: str, rounds: int | None = 4, lasting: Frames | None = None, hold: float = 0.0) -> Breathe:
    return Breathe(
        HERE,
        breath_in=frames(4.0),
        hold_full=frames(hold),
        breath_out=frames(6.0),
        rounds=rounds,
        lasting=lasting,
        guide=guide,
    )


def test_breath_tones() -> None:
    """Tones take no time of their own: the exact gap after each is its length."""
    assert (
        shape(breathe("tones", rounds=2, hold=2.0))
        == [
            Tone("in", frames(4.0)),
            frames(4.0),
            Tone("hold", frames(2.0)),
            frames(2.0),
            Tone("out", frames(6.0)),
            frames(6.0),
        ]
        * 2
    )


def test_breath_words_and_tones() -> None:
    """With tones and words, the words are said on the beat for three rounds, then the tones go on alone."""
    made = unrolled(script(breathe("tones and words", rounds=5)))
    assert texts(made) == ["Breathe in.", "And out."] * 3
    assert sum(isinstance(item, Tone) for item in made.items) == 10
    kinds = [type(item) for item in made.items[:3]]
    assert kinds == [Tone, Overlay, Gap]
    assert [item.room for item in made.items if isinstance(item, Overlay)][:2] == [frames(3.7), frames(5.7)]


def test_breath_words() -> None:
    """With words alone they are said every round."""
    made = unrolled(script(breathe("words", rounds=5)))
    assert texts(made) == ["Breathe in.", "And out."] * 5
    assert not any(isinstance(item, Tone) for item in made.items)


@pytest.mark.parametrize(("lasting", "rounds"), [(3, 1), (10, 1), (19, 1), (20, 2), (65, 6)])
def test_breath_lasting(lasting: int, rounds: int) -> None:
    """Breathing for a time has the whole rounds that fit, and at least one: here 10 s each."""
    made = items(breathe("tones", rounds=None, lasting=frames(lasting)))
    assert sum(isinstance(item, Tone) for item in made) == 2 * rounds


def test_ambience() -> None:
    """The bed changes as the script says where the listener leaves it to the script."""
    change = ChangeAmbience(HERE, sound="stream", level_db=-18.0, fade=frames(8.0))
    assert unrolled(script(change)).bed == Bed("soft-rain", -20.0)
    assert shape(change) == [BedChange("stream", -18.0, frames(8.0))]


def test_own_ambience() -> None:
    """A listener who chose a sound or a level keeps it; only silences of the script's remain."""
    stream = ChangeAmbience(HERE, sound="stream", level_db=-18.0, fade=frames(8.0))
    silence = ChangeAmbience(HERE, sound=None, fade=frames(8.0))
    assert shape(stream, silence, wishes=Wishes(ambience="ocean")) == [
        BedChange("ocean", -18.0, frames(8.0)),
        BedChange(None, None, frames(8.0)),
    ]
    assert shape(stream, wishes=Wishes(ambience="none")) == [BedChange(None, -18.0, frames(8.0))]
    assert shape(stream, wishes=Wishes(ambience_level_db=-30)) == [BedChange("stream", None, frames(8.0))]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_check_in(moment: str) -> None:
    """A check-in is a spoken question and a little time to answer it."""
    made = items(CheckIn(HERE, moment="before" if moment == "before" else "after"), say("On."))
    assert isinstance(made[0], Line)
    assert "number" in made[0].text
    assert made[1] == gap(6, 2, 20)


def rungs() -> Ladder:
    made = (Rung(HERE, f"Rung {name}", (say(f"{name}."),), rest(45, 15, 180)) for name in ("A", "B", "C"))
    return Ladder(HERE, rungs=tuple(made), ground=(say("Ground."),))


def test_ladder() -> None:
    """A recording climbs to the rung asked for, the first unless asked, stays at each, and goes on."""
    assert shape(rungs(), say("Close.")) == [Chapter("Rung A", 0), "A.", gap(45, 15, 180), "Close."]
    made = unrolled(script(rungs(), say("Close.")), Wishes(rungs=3))
    assert texts(made) == ["A.", "B.", "C.", "Close."]
    assert [item.title for item in made.items if isinstance(item, Chapter)] == ["Rung A", "Rung B", "Rung C"]


def test_one_of_is_repeatable() -> None:
    """The same seed takes the same branch; these are fixed, so that old sessions stay what they were."""
    step = OneOf(HERE, branches=((say("A."),), (say("B."),), (say("C."),)))
    seeds = ("2026-11-22", "2026-11-23", "x", "y", "z")
    chosen = [shape(step, wishes=Wishes(seed=seed))[0] for seed in seeds]
    assert chosen == ["B.", "B.", "C.", "A.", "C."]


def test_one_of_varies() -> None:
    """Over many days every branch is taken about as often as the others."""
    step = OneOf(HERE, branches=((say("A."),), (say("B."),)))
    taken = [shape(step, wishes=Wishes(seed=str(day)))[0] for day in range(200)]
    assert 70 <= taken.count("A.") <= 130


def test_one_of_in_a_repeat() -> None:
    """Each round of a repeat takes its own branch."""
    step = Repeat(HERE, steps=(OneOf(HERE, branches=((say("A."),), (say("B."),))),), times=20)
    assert set(texts(unrolled(script(step)))) == {"A.", "B."}


def test_too_much() -> None:
    """A session of more than 20,000 steps or items is refused with the place where it grew too long."""
    inner = Repeat(HERE, steps=(say("Again."), rest(1)), times=1000)
    with pytest.raises(
        ScriptError, match=r"here.yaml:3:5: steps\[0\]: the session comes to more than 20,000"
    ):
        unrolled(script(Repeat(HERE, steps=(inner,), times=1000)))


def test_too_much_of_nothing() -> None:
    """Repeats within repeats of steps that never apply are refused too."""
    step: Step = NEVER
    for _ in range(6):
        step = Repeat(HERE, steps=(step,), times=2000)
    with pytest.raises(ScriptError):
        unrolled(script(step))


def test_too_many_breaths() -> None:
    """Rounds of breath and numbers counted are limited as well."""
    with pytest.raises(ScriptError):
        unrolled(script(breathe("tones", rounds=10**9)))
    with pytest.raises(ScriptError):
        unrolled(script(Count(HERE, start=1, stop=10**9, every=frames(1.0))))


def test_pure() -> None:
    """The same script and wishes are written out to equal timelines."""
    given = script(rungs(), breathe("words"), say("{name|friend}."))
    assert unrolled(given) == unrolled(given)
