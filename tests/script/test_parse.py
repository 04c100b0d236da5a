"""What a script means: each step as its value, and each wrong value at its place."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.script.folder import BLOCK, HEAD, only, place, put, read, refused, sound, step, with_steps
from voiceguide.audio import frames
from voiceguide.errors import ScriptError
from voiceguide.script import shapes, spec
from voiceguide.script.model import (
    Bed,
    Bell,
    Breathe,
    ChangeAmbience,
    CheckIn,
    Condition,
    Count,
    Ladder,
    Lengths,
    OneOf,
    Phrase,
    Repeat,
    Rest,
    Say,
    Section,
    Use,
)
from voiceguide.script.parse import load

TOP = "voiceguide: 1\ntitle: A test\nlength: 5m\nsteps: [{say: Hello.}]\n"


def test_the_top_of_a_script_is_read(tmp_path: Path) -> None:
    """Everything said about a script as a whole is in its value."""
    script = load(
        put(
            tmp_path,
            """\
voiceguide: 1
title: Back to the chair
summary: Three minutes of noticing what holds you up.
technique: grounding-chair
language: en-GB
intensity: steady
contains: [body attention]
length: {default: 3m, least: 2m, most: 12m}
options:
  eyes: [open, closed]
  sound: [on, off]
voice: {pace: 100, name: piper/joe}
ambience: {sound: soft-rain, level: -18 dB}
steps:
  - say: Hello, {eyes} and {sound}.
""",
            "back-to-the-chair",
        )
    )
    assert (script.name, script.title, script.technique) == (
        "back-to-the-chair",
        "Back to the chair",
        "grounding-chair",
    )
    assert (script.language, script.intensity, script.contains) == ("en-GB", "steady", ("body attention",))
    assert script.length == Lengths(frames(180.0), frames(120.0), frames(720.0))
    assert script.options == {"eyes": ("open", "closed"), "sound": ("on", "off")}
    assert (script.pace, script.voice, script.bed) == (100, "piper/joe", Bed("soft-rain", -18.0))
    assert not script.warnings


def test_little_is_enough(tmp_path: Path) -> None:
    """A title, a length and a step make a script; the rest has its defaults, no ambience among them."""
    script = load(put(tmp_path, TOP))
    assert (script.intensity, script.language, script.pace, script.bed) == ("gentle", "en", 105, Bed(None))
    assert script.length == Lengths(frames(300.0), frames(300.0), frames(300.0))


def test_a_line_is_cut_at_its_pauses(tmp_path: Path) -> None:
    """Pauses in brackets are exact, and words keep their marks and placeholders."""
    said = step(tmp_path, "- say: Feet. [3s] *Both*, {name}. [1s] [2s]\n  pace: medium\n  level: -3 dB")
    assert isinstance(said, Say)
    assert said.phrases == (Phrase("Feet.", frames(3.0)), Phrase("*Both*, {name}.", frames(3.0)))
    assert (said.pace, said.level_db, said.voice) == (130, -3.0, None)
    assert (said.where.line, said.where.column, said.where.field) == (9, 10, "steps[1].say")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("6s", (6.0, 6.0, 6.0, 1)),
        ("~15s", (15.0, 5.0, 60.0, 1)),
        ("{about: 15s, least: 6s, most: 40s, weight: 2}", (15.0, 6.0, 40.0, 2)),
        ("{about: 15s}", (15.0, 5.0, 60.0, 1)),
    ],
)
def test_a_rest_is_exact_or_loose(
    tmp_path: Path, written: str, seconds: tuple[float, float, float, int]
) -> None:
    """A plain rest is exact; a loose one lies between a third and four times, unless it says otherwise."""
    rest = step(tmp_path, f"- rest: {written}")
    assert isinstance(rest, Rest)
    about, least, most, weight = seconds
    assert (rest.about, rest.least, rest.most, rest.weight) == (
        frames(about),
        frames(least),
        frames(most),
        weight,
    )


def test_breathing_counting_and_bells(tmp_path: Path) -> None:
    """The fields of each kind of step arrive as they were written."""
    steps = """
        - breathe: {in: 4s, hold: 2s, out: 6s, hold out: 1s, rounds: 6, guide: tones}
        - breathe: {in: 4s, out: 6s, for: 3m}
        - count: {from: 5, to: 1, every: 3s}
        - bell: chime
        - bell: {times: 3, every: 5s, level: -12 dB}
        - ambience: none
        - ambience: {sound: stream, fade: 4s}
        - check in: after
    """
    square, breathe, count, bell, bells, quiet, stream, check = read(tmp_path, steps).steps[1:]
    assert isinstance(square, Breathe)
    assert (square.breath_in, square.hold_full, square.breath_out, square.hold_empty) == tuple(
        frames(seconds) for seconds in (4.0, 2.0, 6.0, 1.0)
    )
    assert (square.rounds, square.lasting, square.guide) == (6, None, "tones")
    assert isinstance(breathe, Breathe)
    assert (breathe.rounds, breathe.lasting, breathe.guide) == (None, frames(180.0), "tones and words")
    assert isinstance(count, Count)
    assert (count.start, count.stop, count.every) == (5, 1, frames(3.0))
    assert isinstance(bell, Bell)
    assert (bell.sound, bell.times, bell.level_db) == ("chime", 1, -10.0)
    assert isinstance(bells, Bell)
    assert (bells.sound, bells.times, bells.every, bells.level_db) == ("bowl", 3, frames(5.0), -12.0)
    assert isinstance(quiet, ChangeAmbience)
    assert (quiet.sound, quiet.level_db, quiet.fade) == (None, None, frames(8.0))
    assert isinstance(stream, ChangeAmbience)
    assert (stream.sound, stream.fade) == ("stream", frames(4.0))
    assert isinstance(check, CheckIn)
    assert check.moment == "after"


def test_steps_hold_steps(tmp_path: Path) -> None:
    """Sections, repeats, branches and ladders hold the steps written in them."""
    put(tmp_path, BLOCK, "blocks/ground-now")
    steps = """
        - section: Feet
          steps:
            - say: One.
            - section: Toes
              steps: [{say: Two.}]
        - repeat: {times: 3, steps: [{say: Three.}, {rest: ~10s}]}
        - repeat: {for: 4m, steps: [{say: Four.}]}
        - one of:
          - - say: Five.
          - - say: Six.
            - rest: 2s
        - ladder:
            rungs:
              - title: A wave
                steps: [{say: Seven.}]
              - {title: A word, steps: [{say: Eight.}], stay: 30s}
            ground: blocks/ground-now
    """
    section, times, lasting, one_of, ladder = read(tmp_path, steps).steps[1:]
    assert isinstance(section, Section)
    assert [type(inner) for inner in section.steps] == [Say, Section]
    assert section.steps[1].where.field == "steps[1].steps[1].section"
    assert isinstance(times, Repeat)
    assert (times.times, times.lasting, len(times.steps)) == (3, None, 2)
    assert isinstance(lasting, Repeat)
    assert (lasting.times, lasting.lasting) == (None, frames(240.0))
    assert isinstance(one_of, OneOf)
    assert [len(branch) for branch in one_of.branches] == [1, 2]
    assert isinstance(ladder, Ladder)
    assert [rung.title for rung in ladder.rungs] == ["A wave", "A word"]
    assert [rung.stay.most for rung in ladder.rungs] == [frames(180.0), frames(30.0)]
    assert isinstance(ladder.ground[0], Use)
    assert len(ladder.ground[0].steps) == 1


def test_a_condition_is_read(tmp_path: Path) -> None:
    """Options may name several values, and the length may have several tests."""
    said = step(tmp_path, '- say: Hello.\n  if: {eyes: [open, closed], length: [">=5m", "<10m"]}')
    assert said.when == Condition(
        (("eyes", ("open", "closed")),), ((">=", frames(300.0)), ("<", frames(600.0)))
    )


WRONG = [
    ("- rest: ¦12 potatoes", "steps[1].rest", "write 12s, 1m30s or ~12s"),
    ("- rest: ¦-3s", "steps[1].rest", "not negative"),
    ("- rest: ¦0s", "steps[1].rest", "no time at all"),
    ("- rest: ¦~0s", "steps[1].rest", "no time at all"),
    ("- rest: ¦.nan", "steps[1].rest", "is not a duration"),
    ("- rest: ¦.inf", "steps[1].rest", "is not a duration"),
    ("- rest: ¦9h", "steps[1].rest", "longer than 8 hours"),
    ("- rest: ¦12:30", "steps[1].rest", "write 12m30s"),
    ("- rest: ¦12", "steps[1].rest", "write 12s for seconds"),
    ("- rest: ¦[3s]", "steps[1].rest", "keys are needed here"),
    ("- rest: {about: 5s, least: ¦6s}", "steps[1].rest.least", "least is longer"),
    ("- rest: {about: 5s, most: ¦4s}", "steps[1].rest.most", "most is shorter"),
    ("- rest: ¦{least: 5s}", "steps[1].rest.about", '"about" is missing'),
    ("- rest: {about: 5s, weight: ¦0}", "steps[1].rest.weight", "from 1 to 100"),
    ("- say:¦", "steps[1].say", "nothing is written here"),
    ('- say: ¦""', "steps[1].say", "nothing is written here"),
    ('- say: ¦"   "', "steps[1].say", "nothing is written here"),
    ('- say: ¦"[3s]"', "steps[1].say", "begins with words"),
    ("- say: ¦...", "steps[1].say", "no words to speak"),
    ("- say: ¦Feet [3s", "steps[1].say", 'a "[" stands alone'),
    ("- say: ¦Feet 3s]", "steps[1].say", 'a "]" stands alone'),
    ("- say: ¦Feet [soon] and", "steps[1].say", "pause such as [3s]"),
    ("- say: ¦Feet {name", "steps[1].say", 'a "{" stands alone'),
    ("- say: ¦Feet {}", "steps[1].say", "hold no name"),
    ("- say: ¦Hello {nmae}", "steps[1].say", 'did you mean "name"?'),
    ('- say: ¦"{name}"', "steps[1].say", "write a default"),
    ("- say: ¦two * two", "steps[1].say", 'a "*" stands alone'),
    ('- say: ¦"a\\0b"', "steps[1].say", "control character"),
    ("- say: ¦" + "word " * 130, "steps[1].say", "at most 600"),
    ("- say: Hi.\n  pace: ¦fast", "steps[1].pace", "slow, medium"),
    ("- say: Hi.\n  pace: ¦300", "steps[1].pace", "60 to 200"),
    ("- say: Hi.\n  level: ¦3", "steps[1].level", "write -20 dB"),
    ("- say: Hi.\n  level: ¦60 dB", "steps[1].level", "out of range"),
    ("- say: Hi.\n  voice: ¦a b", "steps[1].voice", "piper/joe"),
    ("- say: Hi.\n  ¦pase: slow", "steps[1].pase", 'did you mean "pace"?'),
    ("- say: Hi.\n  ¦rest: 3s", "steps[1]", "say and rest are steps of their own"),
    ("- ¦sya: Hi.", "steps[1]", 'did you mean "say"?'),
    ("- ¦Hello.", "steps[1]", "a step is a key and a value"),
    ("- ¦{}", "steps[1]", "a step is one of"),
    ("- ¦[]", "steps[1]", "a step is a key and a value"),
    ("-¦", "steps[1]", "a step is a key and a value"),
    ("- breathe: ¦{in: 4s, out: 6s}", "steps[1].breathe", "rounds or for"),
    ("- breathe: ¦{in: 4s, out: 6s, rounds: 2, for: 3m}", "steps[1].breathe", "keep one"),
    ("- breathe: {in: ¦90s, out: 6s, rounds: 2}", "steps[1].breathe.in", "a minute"),
    ("- breathe: {in: 4s, out: 6s, for: ¦5s}", "steps[1].breathe.for", "one breath"),
    ("- breathe: {in: 4s, out: 6s, rounds: 2, guide: ¦hum}", "steps[1].breathe.guide", "tones"),
    ("- breathe: ¦4s", "steps[1].breathe", "keys are needed"),
    ("- count: ¦{from: 5}", "steps[1].count.to", '"to" is missing'),
    ("- count: {from: 5, to: ¦-1}", "steps[1].count.to", "a whole number"),
    ("- count: {from: 5, to: ¦1.5}", "steps[1].count.to", "a whole number"),
    ("- count: {from: 5, to: 1, every: ¦0.2s}", "steps[1].count.every", "1s or more"),
    ("- bell: ¦gong", "steps[1].bell", "write bowl, chime or wood"),
    ("- bell: {times: ¦0}", "steps[1].bell.times", "from 1 to 100"),
    ("- ambience: ¦Soft Rain", "steps[1].ambience", "soft-rain"),
    ("- ¦section: Feet", "steps[1].steps", '"steps" is missing'),
    ("- section: Feet\n  steps: ¦[]", "steps[1].steps", "at least one"),
    ("- section: Feet\n  steps:¦", "steps[1].steps", "a list is needed"),
    ("- repeat: {times: ¦0, steps: [{say: Hi.}]}", "steps[1].repeat.times", "from 1 to"),
    ("- repeat: ¦{for: 4m, steps: [{bell: bowl}]}", "steps[1].repeat", "never end"),
    ("- one of: ¦[[{say: Hi.}]]", "steps[1].one of", "at least two"),
    ("- one of: [[{say: Hi.}], ¦[]]", "steps[1].one of[1]", "at least one"),
    ("- check in: ¦now", "steps[1].check in", "before or after"),
    ("- say: Hi.\n  if: {¦eye: open}", "steps[1].if.eye", 'did you mean "eyes"'),
    ("- say: Hi.\n  if: {eyes: ¦shut}", "steps[1].if.eyes", "known here: open, closed"),
    ("- say: Hi.\n  if: {eyes: ¦[]}", "steps[1].if.eyes", "at least one"),
    ("- say: Hi.\n  if: ¦eyes", "steps[1].if", "options and values"),
    ("- say: Hi.\n  if: {length: ¦5m}", "steps[1].if.length", '">=10m"'),
    ('- say: Hi.\n  if: {length: ¦">=soon"}', "steps[1].if.length", "is not a duration"),
    ("- use: ¦blocks/nowhere", "steps[1].use", 'no "blocks/nowhere.yaml"'),
    ("- use: ¦../secret", "steps[1].use", "letters, digits"),
    ("- use: ¦/etc/passwd", "steps[1].use", "letters, digits"),
    ("- use: ¦blocks//x", "steps[1].use", "letters, digits"),
    ("- sound: ¦../x.wav", "steps[1].sound", "leaves the script's folder"),
    ("- sound: ¦/x.wav", "steps[1].sound", "leaves the script's folder"),
    ("- sound: ¦C:\\x.wav", "steps[1].sound", "leaves the script's folder"),
    ("- sound: ¦x.wav", "steps[1].sound", "no sound file"),
    ("- sound: ¦script.yaml", "steps[1].sound", "not a sound"),
    ("- sound: ¦" + "x" * 500, "steps[1].sound", "no sound file"),
    ("- ladder: {rungs: ¦[], ground: script}", "steps[1].ladder.rungs", "at least one"),
]


@pytest.mark.parametrize(("marked", "field", "what"), WRONG)
def test_a_wrong_step_is_refused_at_its_place(tmp_path: Path, marked: str, field: str, what: str) -> None:
    """Each wrong value is one problem, at its line and column, with the field and what to do."""
    problem = only(put(tmp_path, with_steps(marked.replace("¦", ""))))
    assert (problem.line, problem.column) == place(with_steps(marked))
    assert problem.field == field
    assert what in problem.what
    assert "\n" not in problem.what


TOPS = [
    ("voiceguide: 1", "voiceguide: ¦2", "voiceguide", "write voiceguide: 1"),
    ("voiceguide: 1\ntitle", "¦title", "voiceguide", "missing"),
    ("voiceguide: 1\ntitle: A test", "¦voiceguide: 1", "title", '"title" is missing'),
    ("title: A test", "¦titel: A test\ntitle: x", "titel", '"title"?'),
    ("length: 5m", "length: ¦soon", "length", "is not a duration"),
    ("length: 5m", "length: ¦{least: 5m}", "length.default", "missing"),
    ("length: 5m", "length: {default: 5m, least: ¦6m}", "length.least", "shorter"),
    ("length: 5m", "length: {default: 5m, most: ¦4m}", "length.most", "longer"),
    ("length: 5m", "length: {default: ¦9h}", "length.default", "8 hours"),
    ("title: A test", "title: ¦[a]", "title", "not a list"),
    ("title: A test", "title: A\nlanguage: ¦e", "language", "en-GB"),
    ("title: A test", "title: A\nintensity: ¦wild", "intensity", "gentle, steady"),
    ("title: A test", "title: A\ncontains: ¦x", "contains", "a list"),
    ("title: A test", "title: A\ntechnique: ¦A B", "technique", "small letters"),
    ("title: A test", "title: A\noptions: ¦[a]", "options", "names with values"),
    ("title: A test", "title: A\noptions: {a: ¦b}", "options.a", "a list"),
    ("title: A test", "title: A\noptions: {¦a: [b, c, b]}", "options.a", "written twice"),
    ("title: A test", "title: A\noptions: {¦name: [b]}", "options.name", "another"),
    ("title: A test", "title: A\nvoice: {pace: ¦x}", "voice.pace", "slow"),
    ("title: A test", "title: A\nambience: ¦A", "ambience", "soft-rain"),
    ("steps: [{say: Hello.}]", "steps: ¦[]", "steps", "at least one"),
    ("steps: [{say: Hello.}]", "steps: ¦x", "steps", "a list"),
    ("5m\nsteps: [{say: Hello.}]", "¦5m\nsteps: [{rest: 6m}]", "length", "longest length, 5m"),
]


@pytest.mark.parametrize(("before", "after", "field", "what"), TOPS)
def test_a_wrong_top_is_refused_at_its_place(
    tmp_path: Path, before: str, after: str, field: str, what: str
) -> None:
    """What is said about the whole script is checked as closely as its steps."""
    marked = TOP.replace(before, after)
    problem = only(put(tmp_path, marked.replace("¦", "")))
    assert (problem.line, problem.column) == place(marked)
    assert problem.field == field
    assert what in problem.what


@pytest.mark.parametrize("text", ["hello\n", "- say: hello\n", "12\n"])
def test_a_file_that_is_no_script_is_refused(tmp_path: Path, text: str) -> None:
    """Text and lists are told what a script begins with."""
    assert "begin it with voiceguide: 1" in only(put(tmp_path, text)).what


def test_all_problems_are_told_at_once_in_order(tmp_path: Path) -> None:
    """Every problem of a file and its blocks is told, the file's own first, each as one line."""
    put(tmp_path, BLOCK + "  - rest: x\n", "blocks/a")
    path = put(
        tmp_path, with_steps("- use: blocks/a\n- use: blocks/a\n- rest: y\n- sya: z").replace("A test", "")
    )
    told = [str(problem) for problem in refused(path)]
    assert told == [
        f"{path}:2:7: title: nothing is written here; write some words",
        f'{path}:11:11: steps[3].rest: "y" is not a duration; write 12s, 1m30s or ~12s',
        f'{path}:12:5: steps[4]: "sya" is no kind of step; did you mean "say"?',
        f'{tmp_path}/blocks/a.yaml:4:11: steps[1].rest: "x" is not a duration; write 12s, 1m30s or ~12s',
    ]


def test_the_message_has_a_line_for_each_problem(tmp_path: Path) -> None:
    """The error as text is what the command line prints."""
    with pytest.raises(ScriptError) as caught:
        load(put(tmp_path, with_steps("- rest: x\n- rest: y")))
    assert len(str(caught.value).splitlines()) == 2
    assert caught.value.exit_status == 2


def test_holds_are_for_those_who_know_of_them(tmp_path: Path) -> None:
    """A breath hold is refused where `contains` does not speak of it."""
    steps = "- breathe: {in: 4s, hold: 4s, out: 4s, rounds: 2}"
    problem = only(put(tmp_path, with_steps(steps).replace("breath holds", "breathing")))
    assert (problem.line, problem.column, problem.field) == (9, 29, "steps[1].breathe.hold")
    assert "add breath holds to contains" in problem.what


@pytest.mark.parametrize("text", ["", "missing"])
def test_a_missing_file_is_a_problem(tmp_path: Path, text: str) -> None:
    """A folder, or a file that is not there, is refused with a sentence."""
    assert only(tmp_path / text).line == 1


def test_an_unused_option_is_a_warning(tmp_path: Path) -> None:
    """An option that nothing asks for is told, and stops nothing."""
    script = load(put(tmp_path, HEAD.replace("{eyes}", "open")))
    assert [(found.severity, found.line, found.column) for found in script.warnings] == [("warning", 6, 3)]


@pytest.mark.parametrize("kind", spec.STEPS, ids=lambda kind: kind.name)
def test_the_example_of_each_step_kind_loads(tmp_path: Path, kind: shapes.StepKind) -> None:
    """What the table shows as an example of a step is one."""
    for name in ("blocks/opening", "blocks/ground-now"):
        put(tmp_path, BLOCK, name)
    sound(tmp_path, "sounds/birds.flac")
    first, *rest = kind.example.splitlines()
    assert step(tmp_path, "\n".join([f"- {first}", *(f"  {line}" for line in rest)]))


TREES = st.recursive(
    st.sampled_from(["say", "6s", "~3s", "on", "{name}", "[", "*x", "", "12:30", "\u2028", "blocks/a", "1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*(kind.name for kind in spec.STEPS), "if", "steps", "with"]), inner
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([row.name for row in spec.SCRIPT.fields]), TREES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_any_tree_is_a_script_or_refused(tmp_path: Path, tree: dict[str, object]) -> None:
    """Whatever is nested in whatever, the answer is a script or its problems."""
    import yaml

    path = put(tmp_path, yaml.safe_dump(tree, allow_unicode=True))
    with contextlib.suppress(ScriptError):
        assert load(path).steps
